"""The two pages beside the own reports: what is open at the site, and anonymous suggestions with their answers."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from app.agent.snapshot import SiteFace
from ui.surfaces.incidents import words
from ui.surfaces.incidents.inputs import Line, Writing
from ui.theme.theme import BOLD, theme
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.page import Sheet, row_of
from ui.widgets.plain import PlainLabel, set_names
from ui.words import clock


def show_hazards(sheet: Sheet, t: Callable[..., str], face: SiteFace) -> None:
    """Draw the site's open hazards and risks anew."""
    sheet.clear()
    sheet.say(t("incidents.hazards_intro"), 14, "muted", above=2)
    if face.unreachable:
        sheet.say(t("incidents.hazards_unreachable"), 14, "caution", above=2)
    if face.asked_ms:
        sheet.say(t("incidents.hazards_as_of", time=clock(face.asked_ms)), 12, "muted", above=1)
    if face.asked_ms and not face.hazards:
        sheet.say(t("incidents.hazards_none"), 14, above=3)
    for one in face.hazards:
        grave = t(f"incidents.class_{one.level}")
        sheet.say(f"{words.kind(t, one.kind)} · {grave}", 14, strong=True, above=3)
        place, state = one.place or t("incidents.no_place"), t(f"incidents.state_{one.state}")
        under = t("incidents.hazard_under", place=place, state=state, day=words.day(one.since_ms), number=one.number)
        sheet.say(under, 12, "muted")
    if face.risks:
        sheet.say(t("incidents.risks"), 14, strong=True, above=6)
    for risk in face.risks:
        sheet.say(risk.what, 14, above=2)
        likelihood, impact = t(f"incidents.likelihood_{risk.likelihood}"), t(f"incidents.impact_{risk.impact}")
        sheet.say(t("incidents.risk_under", likelihood=likelihood, impact=impact), 12, "muted")
    sheet.done()


class SuggestPage:
    """Fills a sheet with the suggestion, its one-time code and the question for an answer."""

    def __init__(self, sheet: Sheet, t: Callable[..., str], suggest: Callable[[str], None], done: Callable[[], None],
                 ask: Callable[[bytes], None]) -> None:  # fmt: skip
        self._t = t
        self._suggest, self._ask = suggest, ask
        self._bad = False
        self.labels = {
            "suggest_title": PlainLabel("", 14, "text", BOLD), "suggest_how": PlainLabel("", 12, "muted", wrap=True),
            "suggest_code": PlainLabel("", 14, "text", BOLD), "suggest_code_how": PlainLabel("", 12, "muted", wrap=True),
            "reply_title": PlainLabel("", 14, "text", BOLD), "suggest_unkept": PlainLabel("", 12, "caution", wrap=True),
        }  # fmt: skip
        self.code, self.reply = PlainLabel("", 20, "accent", BOLD, tabular=True, wrap=True), PlainLabel("", 14, wrap=True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.field, self.asked = Writing(140), Line()
        self.send, self.done = push_button("", "primary", 40), push_button("", "plain", 36)
        self.look = push_button("", "plain", 36)
        self._lay(sheet)
        self.field.edited.connect(self._able)
        self.send.clicked.connect(self._send)
        self.done.clicked.connect(lambda _=False: done())
        self.look.clicked.connect(self._look)
        self.asked.returnPressed.connect(self._look)

    def _lay(self, sheet: Sheet) -> None:
        column = sheet.column
        sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for above, part in (
            (2, self.labels["suggest_title"]), (1, self.labels["suggest_how"]), (2, self.field), (2, row_of(self.send, None)),
            (3, self.labels["suggest_code"]), (1, self.code), (1, self.labels["suggest_code_how"]),
            (1, self.labels["suggest_unkept"]), (2, row_of(self.done, None)), (8, self.labels["reply_title"]),
            (2, row_of(self.asked, self.look)), (2, self.reply),
        ):  # fmt: skip
            column.addSpacing(space(above))
            column.addWidget(part)
        sheet.done()

    def show_face(self, face: SiteFace) -> None:
        """The words of now, the code while it is there, the answer that came."""
        t = self._t
        for key, label in self.labels.items():
            label.setText(t(f"incidents.{key}"))
        for button, key in ((self.send, "suggest_send"), (self.done, "suggest_done"), (self.look, "reply_ask")):
            button.setText(t(f"incidents.{key}"))
            set_names(button, button.text())
        set_names(self.field, t("incidents.suggest_title"), t("incidents.suggest_how"))
        set_names(self.asked, t("incidents.reply_code"))
        self.asked.setPlaceholderText(t("incidents.reply_code"))
        shown = bool(face.code)
        for part in (self.labels["suggest_code"], self.code, self.labels["suggest_code_how"], self.done):
            part.setVisible(shown)
        self.labels["suggest_unkept"].setVisible(shown and face.suggestion not in ("", "kept"))
        self.code.setText(words.code_text(face.code) if shown else "")
        set_names(self.code, f"{t('incidents.suggest_code')} {self.code.text()}", t("incidents.suggest_code_how"))
        self.code.setFont(theme().font(20, BOLD, tabular=True))
        state = "badcode" if self._bad else face.reply_state
        text = t("incidents.reply_answered", text=face.reply) if state == "answered" else t(f"incidents.reply_{state}") if state else ""
        self.reply.setText(text)
        self._able()

    def _able(self) -> None:
        self.send.setEnabled(0 < len(self.field.written.strip()) <= words.SUGGESTION_MAX)

    def _send(self) -> None:
        self._suggest(self.field.written)
        self.field.put("")
        self._able()

    def _look(self) -> None:
        code = words.code_of(self.asked.written)
        self._bad = code is None
        if code is None:
            self.reply.setText(self._t("incidents.reply_badcode"))
        else:
            self._ask(code)
