"""The right side of the desk: one call for help in full, and the one button that is always in the same place."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.agent.commands import DeskAct
from app.agent.snapshot import DeskRow
from ui.surfaces.lead import words
from ui.surfaces.lead.actrow import ActRow
from ui.surfaces.lead.folding import Entry
from ui.surfaces.lead.listing import SHAPE, paint_shape
from ui.theme.theme import BOLD, MEDIUM, theme
from ui.theme.tokens import RADIUS
from ui.widgets.buttons import push_button
from ui.widgets.plain import PlainLabel, set_names

PAD = 32
BUTTON_WIDTH, BUTTON_HEIGHT = 224, 48
SETTLES_NS = 600_000_000
"""A press sooner than this after the button changed its meaning was meant for the old one (a double click)."""

SURE_MS = 3000
SHOWN_SEATS = 8
ACTS = {"take": "take", "on_spot": "on_spot", "settle": "settle"}


class LevelMark(QWidget):
    """The shape of the level beside its words."""

    def __init__(self) -> None:
        super().__init__()
        self._level, self._drill = 3, False
        self.setFixedSize(SHAPE, SHAPE)
        theme().changed.connect(self.update)

    def show_level(self, level: int, drill: bool) -> None:
        """Which shape; a drill's is hollow."""
        if (level, drill) != (self._level, self._drill):
            self._level, self._drill = level, drill
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(SHAPE, SHAPE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_shape(painter, QRectF(self.rect()), self._level, hollow=self._drill)


class Banner(QWidget):
    """Taken back: still checked by a person, and nobody may show that they know (design, section 3)."""

    def __init__(self) -> None:
        super().__init__()
        self.title = PlainLabel(size=20, weight=BOLD, wrap=True)
        self.rule = PlainLabel(size=16, wrap=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 12, 16, 12)
        rows.setSpacing(4)
        rows.addWidget(self.title)
        rows.addWidget(self.rule)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("caution", 0.14))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        painter.setBrush(theme().colour("caution"))
        painter.drawRoundedRect(QRectF(0, 0, 4, self.height()), 2, 2)


class ActButton(QPushButton):
    """The one button; its word changes, its place does not, and a press meant for its last word does nothing."""

    def __init__(self, boot: Callable[[], int]) -> None:
        super().__init__()
        self._boot = boot
        self.setProperty("kind", "primary")
        self.setFixedSize(BUTTON_WIDTH, BUTTON_HEIGHT)
        self._meaning: tuple[bytes, str] = (b"", "")
        self._since = 0

    def mean(self, key: bytes, act: str, text: str) -> None:
        """What it does from now on, for which entry."""
        if (key, act) != self._meaning:
            self._meaning, self._since = (key, act), self._boot() if self._meaning[0] else 0
        self.setText(text)
        self.setFont(theme().font(16, MEDIUM))
        set_names(self, text)
        self.setEnabled(bool(act))
        kind = "primary" if act else "plain"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)

    def settle(self) -> None:
        """The person chose another entry themselves: the button means what it says at once."""
        self._since = 0

    @property
    def meant(self) -> bool:
        """Whether a press of now was meant for what the button says."""
        return self._boot() - self._since >= SETTLES_NS


class Detail(QWidget):
    """Shows an Entry and posts what the lead does about it."""

    def __init__(
        self, text: words.Text, boot: Callable[[], int], act: Callable[[DeskAct], None], unfold: Callable[[Entry], None]
    ) -> None:
        super().__init__()
        self._text, self._act, self._unfold = text, act, unfold
        self.act = ActButton(boot)
        self.act.setObjectName("lead.action")
        self.entry: Entry | None = None
        self._told: tuple[bytes, str] | None = None
        self._label_parts()
        self._button_parts()
        self._sure = QTimer(self, singleShot=True, interval=SURE_MS)
        self._sure.timeout.connect(self._retext)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PAD, 24, PAD, 24)
        rows.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(12)
        for part in (self.mark, self.level, self.drill, self.unverified):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.waited)
        rows.addWidget(self.banner)
        rows.addLayout(top)
        for label in (self.place, self.who, self.seats):
            rows.addWidget(label)
        rows.addSpacing(16)
        for label in (self.state, self.call, self.others, self.note):
            rows.addWidget(label)
        rows.addStretch(1)
        rows.addWidget(self.told)
        rows.addWidget(self._sentences)
        rows.addWidget(ActRow(self.act, (self.higher, self.say, self.apart)))

    def show_entry(self, entry: Entry, now: int, *, chosen: bool = False) -> None:
        """Show `entry`; `chosen` when the person turned to it, so that the button counts at once."""
        if self.entry is None or self.entry.key != entry.key:
            self._told = None
            self._sentences.hide()
        elif self.entry != entry and self._told and self._told[0] == entry.key and self._told[1] in ACTS:
            self._told = None
        self.entry = entry
        self._retext()
        self.show_time(now)
        if chosen:
            self.act.settle()

    def show_time(self, now: int) -> None:
        """Only the waiting time."""
        if self.entry is not None:
            seconds = words.waited(self.entry.rows[-1], now)
            self.waited.setText(self._text("lead.waited", time=words.clock(seconds)))

    def _label_parts(self) -> None:
        self.banner, self.mark = Banner(), LevelMark()
        self.level = PlainLabel(size=16, weight=MEDIUM)
        self.drill = PlainLabel(size=16, weight=BOLD, role="accent")
        self.unverified = PlainLabel(size=16, role="caution")
        self.waited = PlainLabel(size=20, weight=MEDIUM, tabular=True)
        self.place = PlainLabel(size=28, weight=BOLD, wrap=True)
        self.who = PlainLabel(size=16, wrap=True)
        self.seats = PlainLabel(size=16, wrap=True)
        self.state = PlainLabel(size=20, weight=MEDIUM, wrap=True)
        self.call = PlainLabel(size=16, role="muted", wrap=True)
        self.others = PlainLabel(size=16, wrap=True)
        self.note = PlainLabel(size=16, role="caution", wrap=True)
        self.told = PlainLabel(size=16, role="calm", wrap=True)

    def _button_parts(self) -> None:
        self.act.clicked.connect(self._press)
        self.higher = self._quiet(self._press_higher)
        self.say = self._quiet(self._press_say)
        self.apart = self._quiet(self._press_apart)
        self._sentences = QWidget()
        row = QHBoxLayout(self._sentences)
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(8)
        self.sentences = {number: push_button("", "plain", 40) for number in words.SENTENCES}
        for number, button in self.sentences.items():
            button.clicked.connect(lambda _=False, number=number: self._press_sentence(number))
            row.addWidget(button)
        row.addStretch(1)
        self._sentences.hide()

    def _quiet(self, pressed: Callable[[], object]) -> QPushButton:
        button = push_button("", "quiet", BUTTON_HEIGHT)
        button.clicked.connect(pressed)
        return button

    # words

    def _retext(self) -> None:
        entry = self.entry
        if entry is None:
            return
        t, row = self._text, entry.first
        self.mark.show_level(row.level, row.drill)
        self._tell(self.level, words.level(t, row))
        self._tell(self.drill, t("lead.drill") if row.drill else "")
        self._tell(self.unverified, t("lead.unverified") if row.unverified else "")
        self._tell(self.place, words.breakable(words.heading(t, entry)))
        self._tell(self.who, "" if entry.folded else words.breakable(words.person(t, row)))
        self._tell(self.seats, self._seat_lines(entry))
        self._tell(self.state, words.state(t, row))
        self._tell(self.call, t("lead.on_call" if row.on_call else "lead.off_call") if not entry.folded else "")
        names = ", ".join(words.clean(name) for name in row.others)
        self._tell(self.others, words.breakable(t("lead.others", names=names)) if names else "")
        self._tell(self.note, self._note(row))
        self.banner.setVisible(row.taken_back)
        self.banner.title.setText(t("lead.taken_back_title"))
        self.banner.rule.setText(t("lead.taken_back_rule"))
        self._tell(self.told, self._told[1] if self._told and self._told[1] not in ACTS else
                   t("lead.sending") if self._told else "")
        self._retext_buttons(entry)

    def _retext_buttons(self, entry: Entry) -> None:
        t, row = self._text, entry.first
        act = ACTS.get(row.next_action, "")
        word = f"lead.group_{act}" if entry.folded and act else f"lead.{act or 'none'}"
        self.act.mean(entry.key, act, t(word))
        sure = self._sure.isActive()
        self._word(self.higher, t("lead.raise_sure" if sure else "lead.raise_level"))
        self._room(self.higher, t("lead.raise_sure"), t("lead.raise_level"))
        self.higher.setVisible(row.level != 1 and not row.taken_back and not entry.folded)
        self._word(self.say, t("lead.say"))
        self.say.setVisible(not row.taken_back)
        if row.taken_back:
            self._sentences.hide()
        self._word(self.apart, t("lead.unfold"))
        self.apart.setVisible(entry.folded)
        for number, button in self.sentences.items():
            self._word(button, t(f"lead.say_{number}"))

    @staticmethod
    def _tell(label: PlainLabel, sentence: str) -> None:
        if label.text() != sentence:
            label.setText(sentence)
        label.setVisible(bool(sentence))

    @staticmethod
    def _word(button: QPushButton, text: str) -> None:
        if button.text() != text:
            button.setText(text)
            set_names(button, text)
        button.setFont(theme().font(16))

    @staticmethod
    def _room(button: QPushButton, *texts: str) -> None:
        """As wide as its longest word, so that it stays under the pointer that presses twice."""
        metrics = button.fontMetrics()
        longest = max(metrics.horizontalAdvance(text) for text in texts)
        button.setMinimumWidth(button.sizeHint().width() + longest - metrics.horizontalAdvance(button.text()))

    def _seat_lines(self, entry: Entry) -> str:
        if not entry.folded:
            return ""
        lines = [f"{words.place(self._text, row)}  {words.person(self._text, row)}" for row in entry.rows[:SHOWN_SEATS]]
        if len(entry.rows) > SHOWN_SEATS:
            lines.append(self._text("lead.uncovered_more", n=len(entry.rows) - SHOWN_SEATS))
        return "\n".join(lines)

    def _note(self, row: DeskRow) -> str:
        if row.waits_for_second:
            return self._text("lead.second_wanted" if row.next_action == "settle" else "lead.waits_for_second")
        return self._text("lead.unverified_long") if row.unverified else ""

    # acts

    def _post(self, act: str, sentence: int = 0) -> None:
        if self.entry is not None:
            for row in self.entry.rows:
                self._act(DeskAct(row.alarm, act, sentence))

    def _press(self) -> None:
        if self.entry is None or not self.act.meant:
            return
        act = ACTS.get(self.entry.first.next_action, "")
        if act and self._told != (self.entry.key, act):
            self._told = (self.entry.key, act)
            self._post(act)
            self._retext()

    def _press_higher(self) -> None:
        """Level 1 calls many people: the first press asks, the second within 3 s does it."""
        if self._sure.isActive():
            self._sure.stop()
            self._post("raise_level")
        else:
            self._sure.start()
        self._retext()

    def _press_apart(self) -> None:
        if self.entry is not None:
            self._unfold(self.entry)

    def _press_say(self) -> None:
        self._sentences.setVisible(self._sentences.isHidden())
        if self._sentences.isVisible():
            self.sentences[words.SENTENCES[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def _press_sentence(self, number: int) -> None:
        if self.entry is not None:
            self._post("say", number)
            said = self._text(f"lead.say_{number}")
            self._told = (self.entry.key, self._text("lead.said", sentence=said))
            self._sentences.hide()
            self.say.setFocus(Qt.FocusReason.OtherFocusReason)
            self._retext()
