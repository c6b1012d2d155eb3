"""The form itself: what is asked, in the order in which it matters; it shows a draft and tells what the person changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.agent.commands import EditReport
from app.agent.reports import FIELDS, KINDS, RECIPIENTS
from app.agent.snapshot import HazardView, ReportDraft
from ui.surfaces.incidents import words
from ui.surfaces.incidents.inputs import Line, When, Writing
from ui.surfaces.incidents.photos import Photos
from ui.surfaces.incidents.tiles import TickLine, Tiles
from ui.theme.theme import BOLD
from ui.theme.tokens import space
from ui.widgets.page import Sheet
from ui.widgets.plain import PlainLabel, set_names

HIGH = {"text": 132, "measures": 60, "suggested": 60, "follow_up": 60}
"""Fields of several lines and their height in px; the others are one line."""
LEVELS, SORTS = ("1", "2", "3"), ("incident", "hazard")
HELP = "help.called"


@dataclass(slots=True)
class Tick:
    """A moment with its box."""

    moment: words.Moment
    box: TickLine


class Form(Sheet):
    """`changed`: something was typed or chosen; `left`: a field was left."""

    changed = Signal()
    left = Signal()

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._t = t
        self.labels: dict[str, PlainLabel] = {}
        self.fields: dict[str, Line | Writing] = {}
        self.ticks: list[Tick] = []
        self.kinds, self.sorts, self.levels = Tiles(KINDS, 5), Tiles(SORTS, 2), Tiles(LEVELS, 3)
        self.to = Tiles(RECIPIENTS, 3)
        self.when = When()
        self.photos = Photos(t)
        self._course = QVBoxLayout()
        self._build()
        self.speak()

    def speak(self) -> None:
        """The words of now."""
        t = self._t
        for key, label in self.labels.items():
            label.setText(t(f"incidents.{key}"))
        for name, tile in self.kinds.tiles.items():
            tile.set_words(words.kind(t, name))
        for name, tile in self.sorts.tiles.items():
            tile.set_words(t(f"incidents.{name}"))
        self._speak_levels()
        for name, field in self.fields.items():
            set_names(field, t(f"incidents.{name}"), t(f"incidents.{name}_hint") if name in ("text", "named") else "")
        self.fields["text"].setPlaceholderText(t("incidents.text_hint"))
        for name, tile in self.to.tiles.items():
            tile.set_words(t(f"incidents.to_{name}"))
        set_names(self.when, t("incidents.when"))
        self.photos.speak()
        for tick in self.ticks:
            tick.box.setText(words.step(t, tick.moment.what, tick.moment.ms))
            set_names(tick.box, tick.box.text())

    def offer(self, moments: Iterable[words.Moment], chosen: Iterable[tuple[int, str, str]] | None) -> None:
        """Offer moments; ticked are those of the draft, or for a fresh one those that lie near."""
        known = None if chosen is None else {tuple(one) for one in chosen}
        for tick in self.ticks:
            tick.box.deleteLater()
        self.ticks = []
        for moment in moments:
            box = TickLine()
            box.setChecked(moment.near if known is None else (moment.ms, moment.what, moment.script) in known)
            box.toggled.connect(self.changed)
            self._course.addWidget(box)
            self.ticks.append(Tick(moment, box))
        self.labels["no_course"].setVisible(not self.ticks)
        self.speak()

    def show_draft(self, draft: ReportDraft | None, occurred_ms: int) -> None:
        """Show a draft, or an empty form for something that happened at `occurred_ms`."""
        fields = draft.fields if draft is not None else ("",) * len(FIELDS)
        for name, text in zip(FIELDS, fields, strict=True):
            self.fields[name].put(text)
        self.kinds.choose(draft.kind if draft else "")
        self.sorts.choose("hazard" if draft and draft.hazard else "incident")
        self.levels.choose(str(draft.level) if draft else "")
        self.to.choose(draft.to if draft else "lead")
        self.when.show_ms((draft.occurred_ms if draft else 0) or occurred_ms)
        self._speak_levels()
        self._tell_way()
        self.verticalScrollBar().setValue(0)

    def value(self, report: bytes, edit: int, alarm: bytes, *, left: bool) -> EditReport:
        """The whole form as a version of the draft; `left`: no field has the cursor any more."""
        active = -1 if left else next((at for at, name in enumerate(FIELDS) if self.fields[name].hasFocus()), -1)
        steps = tuple((one.moment.ms, one.moment.what, one.moment.script) for one in self.ticks if one.box.isChecked())
        return EditReport(
            report, edit, tuple(self.fields[name].written for name in FIELDS), kind=self.kinds.chosen,
            hazard=self.sorts.chosen == "hazard", level=int(self.levels.chosen or 0),
            to=self.to.chosen or "lead",
            occurred_ms=self.when.ms, steps=steps,
            alarm=alarm if any(what == HELP for _, what, _ in steps) else b"", active=active,
            cursor=self.fields[FIELDS[active]].place if active >= 0 else 0,
        )  # fmt: skip

    def show_masked(self, draft: ReportDraft, sent: EditReport) -> None:
        """Show what was masked, in every field that is not being typed in and was not changed since."""
        for name, typed, masked in zip(FIELDS, sent.fields, draft.fields, strict=True):
            field = self.fields[name]
            if masked != typed and field.written == typed and not (field.hasFocus() and sent.active >= 0):
                field.put(masked)

    def lock(self, locked: bool) -> None:
        """While a report is on its way nothing can be changed."""
        for field in (*self.fields.values(), self.when):
            field.setReadOnly(locked)
        for one in (self.kinds, self.sorts, self.levels, self.to, *(tick.box for tick in self.ticks)):
            one.setEnabled(not locked)
        self.photos.lock(locked)

    def show_known(self, hazards: Iterable[HazardView]) -> None:
        """Whether such a hazard is open already."""
        hazard = self.sorts.chosen == "hazard"
        self.known.setText(words.known(self._t, hazards, self.kinds.chosen) if hazard else "")
        self.known.setVisible(bool(self.known.text()))

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._heading("what_kind", above=0)
        self.column.addWidget(self.kinds)
        self._hint("goes_to_it")
        self._heading("what_sort")
        self.column.addWidget(self.sorts)
        self.known = PlainLabel("", 12, "accent", wrap=True)
        self.column.addSpacing(space(1))
        self.column.addWidget(self.known)
        self._heading("how_grave")
        self.column.addWidget(self.levels)
        self._ask("text")
        pair = QHBoxLayout()
        pair.setSpacing(space(4))
        for name, part in (("when", self.when), ("place", self._field("place"))):
            side = QVBoxLayout()
            side.setSpacing(space(1))
            side.addWidget(self._label(name))
            side.addWidget(part)
            pair.addLayout(side, 2 if name == "when" else 3)
        self.column.addSpacing(space(4))
        self.column.addLayout(pair)
        for name in ("scope", "measures", "suggested", "follow_up", "named"):
            self._ask(name)
        self._hint("named_hint")
        self._heading("photos")
        self.column.addWidget(self.photos)
        self._heading("course")
        self.column.addLayout(self._course)
        self._hint("no_course")
        self._heading("to")
        self.column.addWidget(self.to)
        self.done()
        self.when.setObjectName("incidents.when")
        self.when.edited.connect(self.changed)
        for tiles in (self.kinds, self.sorts, self.levels, self.to):
            tiles.changed.connect(self._chosen)

    def _chosen(self) -> None:
        self._speak_levels()
        self._tell_way()
        self.changed.emit()

    def _tell_way(self) -> None:
        self.labels["goes_to_it"].setVisible(self.kinds.chosen == "suspicious")

    def _speak_levels(self) -> None:
        grave, example = ("class", "class_example") if self.sorts.chosen == "hazard" else ("level", "example")
        for name, tile in self.levels.tiles.items():
            tile.set_words(self._t(f"incidents.{grave}_{name}"), self._t(f"incidents.{example}_{name}"))

    def _label(self, key: str) -> PlainLabel:
        self.labels[key] = PlainLabel("", 14, "text", BOLD, wrap=True)
        return self.labels[key]

    def _heading(self, key: str, above: int = 5) -> None:
        self.column.addSpacing(space(above))
        self.column.addWidget(self._label(key))
        self.column.addSpacing(space(2))

    def _hint(self, key: str) -> None:
        self.labels[key] = PlainLabel("", 12, "muted", wrap=True)
        self.column.addSpacing(space(1))
        self.column.addWidget(self.labels[key])

    def _ask(self, name: str) -> None:
        self.column.addSpacing(space(4))
        self.column.addWidget(self._label(name))
        self.column.addSpacing(space(1))
        self.column.addWidget(self._field(name))

    def _field(self, name: str) -> Line | Writing:
        made = self.fields[name] = Writing(HIGH[name]) if name in HIGH else Line()
        made.setObjectName(f"incidents.{name}")
        made.edited.connect(self.changed)
        made.left.connect(self.left)
        return made
