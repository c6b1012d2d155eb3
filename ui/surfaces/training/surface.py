"""The page of training (ux, surfaces): quiz, practice callers, the practice call for help, each on a tab."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtWidgets import QPushButton

from app.agent.commands import ClosePage, FinishCaller, FinishQuiz, OpenPage, RaiseAlarm, ReadNotice
from app.agent.pagefaces import TrainingFace
from app.agent.snapshot import Sign, Snapshot
from app.agent.training import TEN, answers_of, passed, questions_of
from app.content.model import Caller
from ui import words
from ui.bridge import Bridge
from ui.surfaces.training.walk import Ask, Walk
from ui.widgets.buttons import push_button
from ui.widgets.hold import HoldButton
from ui.widgets.page import PageWindow, Sheet, row_of
from ui.widgets.plain import PlainLabel, set_names

TABS = ("quiz", "callers", "raise", "notices")
SIZE = QSize(720, 660)
TOLD = {Sign.KEPT: "sign_kept", Sign.SHOWN: "sign_shown", Sign.COMING: "sign_coming", Sign.NOBODY: "sign_nobody"}


class Training(QObject):
    """Builds the tabs when it is opened; a walk under way is kept until it ends or the page is closed."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._language = ""
        self._face = TrainingFace()
        self.quiz: Walk | None = None
        self.caller: Walk | None = None
        self.begin: QPushButton
        self.practise: dict[str, QPushButton] = {}
        self.window = PageWindow(SIZE, TABS)
        for sheet in self.window.sheets.values():
            sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hold = HoldButton()
        self.reach = PlainLabel("", 12, "muted", wrap=True)
        self.told = PlainLabel("", 14, "text", wrap=True)
        self.hold.completed.connect(self._raise)
        self.hold.let_go_early.connect(lambda: self.told.setText(bridge.t("flyout.help_early")))
        self.how = [PlainLabel("", 14, wrap=True) for _ in range(3)]
        self._fill_raise(self.window.sheets["raise"])
        self.window.closed.connect(self._closed)

    @property
    def at_rest(self) -> bool:
        """Whether it is closed."""
        return not self.window.isVisible()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw what changed; a walk under way is not touched but by another language."""
        face = snapshot.pages.training
        if self._language != self._bridge.texts.language:
            self._language = self._bridge.texts.language
            self._face = face
            self.quiz = self.caller = None
            self._say()
        elif face != self._face:
            self._face = face
            if self.quiz is None:
                self._say_quiz()
            if self.caller is None:
                self._say_callers()
            self._say_notices()
        self.reach.setText(words.reach_line(snapshot, self._bridge.texts))
        if snapshot.help.drill and snapshot.help.open:
            key = TOLD.get(snapshot.help.sign)
            self.told.setText(self._bridge.t(f"training.{key}") if key else "")

    def open(self, anchor: QRect) -> None:
        """Show it."""
        self._bridge.post(OpenPage("training"))
        self.window.stand(anchor)
        self.window.tabs[TABS[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def close(self) -> None:
        """Close and free the window."""
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()

    def _closed(self) -> None:
        self._bridge.post(ClosePage("training"))
        self._bridge.rested.emit()

    def _say(self) -> None:
        t = self._bridge.t
        self.window.setWindowTitle(t("training.title"))
        self.window.heading.setText(t("training.title"))
        self.window.under.setText(t("training.leaves"))
        for name in TABS:
            self.window.tabs[name].set_words(t(f"training.tab_{name}"))
            set_names(self.window.sheets[name], t(f"training.tab_{name}"))
        self._say_quiz()
        self._say_callers()
        self._say_notices()
        for at, label in enumerate(self.how, 1):
            label.setText(t(f"training.raise_{at}"))
        self.hold.set_words(t("training.hold"), t("flyout.help_how"))

    # --- quiz -----------------------------------------------------------------------------------------------------

    def _say_quiz(self) -> None:
        sheet, t, face = self.window.sheets["quiz"], self._bridge.t, self._face
        self.quiz = None
        sheet.clear()
        sheet.say(t("training.quiz_title", quarter=face.quarter[-1:], year=face.quarter[:4]), strong=True, above=2)
        if face.right is None:
            sheet.say(t("training.quiz_how"), above=2)
        else:
            sheet.say(t("training.score", right=face.right, asked=face.asked), above=2)
            well = passed(face.right, face.asked) or face.passed
            sheet.say(t("training.passed" if well else "training.not_passed"), role="calm" if well else "caution", above=1)
        sheet.say(t("training.score_private"), 12, "muted", above=2)
        self.begin = push_button(t("training.begin" if face.right is None else "training.again"), "primary", 40)
        self.begin.setObjectName("training.begin")
        self.begin.clicked.connect(self.begin_quiz)
        sheet.column.addSpacing(16)
        sheet.column.addWidget(row_of(self.begin, None))
        sheet.done()

    def begin_quiz(self) -> None:
        """Ask the ten questions of this quarter."""
        face = self._face
        bank = self._bridge.library().quiz
        asks = [
            Ask(topic.title, one.text, answers_of(one.id, one.answers, face.seed), one.why)
            for topic, one in questions_of(bank, face.seed, TEN)
        ]
        if asks:
            self.quiz = self._walk("quiz", asks, lambda right: self._quiz_done(right, len(asks)))

    def _quiz_done(self, right: int, asked: int) -> None:
        self._bridge.post(FinishQuiz(self._face.quarter, right, asked))
        # what comes back from the agent is drawn; until then the same figures stand here
        well = self._face.passed or passed(right, asked)
        self._face = replace(self._face, right=right, asked=asked, passed=well)
        self._say_quiz()
        self.begin.setFocus()

    # --- callers --------------------------------------------------------------------------------------------------

    def _say_callers(self) -> None:
        sheet, t = self.window.sheets["callers"], self._bridge.t
        self.caller = None
        sheet.clear()
        sheet.say(t("training.callers_how"), above=2)
        gone = {name: (good, turns) for name, good, turns in self._face.callers}
        self.practise = {}
        for caller in self._bridge.library().callers:
            sheet.line()
            sheet.say(caller.title, strong=True, above=3)
            sheet.say(caller.story, 14, "muted", above=1)
            start = push_button(t("training.practise"), "plain", 36)
            set_names(start, t("training.practise_one", title=caller.title))
            start.clicked.connect(lambda _=False, caller=caller: self.begin_caller(caller))
            self.practise[caller.id] = start
            good = gone.get(caller.id)
            last = PlainLabel(t("training.caller_done", good=good[0], turns=good[1]) if good else "", 12, "calm")
            sheet.column.addSpacing(8)
            sheet.column.addWidget(row_of(start, last, None, spacing=3))
        sheet.done()

    def begin_caller(self, caller: Caller) -> None:
        """Let this caller speak."""
        asks = [
            Ask(caller.title, turn.caller, answers_of(f"{caller.id}/{at}", turn.answers, self._face.seed))
            for at, turn in enumerate(caller.turns)
        ]
        self.caller = self._walk("callers", asks, lambda good: self._caller_done(caller.id, good, len(asks)))

    def _caller_done(self, name: str, good: int, turns: int) -> None:
        self._bridge.post(FinishCaller(name, good, turns))
        kept = tuple(one for one in self._face.callers if one[0] != name)
        self._face = replace(self._face, callers=(*kept, (name, good, turns)))
        self._say_callers()
        self.practise[name].setFocus()

    def _walk(self, tab: str, asks: list[Ask], finished: Callable[[int], None]) -> Walk:
        walk = Walk(self._bridge.t, asks, finished)
        sheet = self.window.sheets[tab]
        sheet.clear()
        sheet.column.addWidget(walk)
        walk.choices[0].setFocus()
        return walk

    # --- notices --------------------------------------------------------------------------------------------------

    def _say_notices(self) -> None:
        sheet, t, face = self.window.sheets["notices"], self._bridge.t, self._face
        sheet.clear()
        state = face.notices_state
        if state != "told" or not face.notices:
            told = "notices_none" if state == "told" else f"notices_{state}"
            sheet.say(t(f"training.{told}"), role="caution" if state == "unreachable" else "text", above=2)
        self.seen: dict[bytes, QPushButton] = {}
        for one in face.notices:
            sheet.say(one.title, strong=True, above=3)
            sheet.say(t("training.notice_until", day=day_of(one.until_ms)), 12, "muted")
            sheet.say(one.text, above=1)
            sheet.column.addSpacing(8)
            if one.read:
                sheet.say(t("training.notice_done"), 12, "calm")
            else:
                button = push_button(t("training.notice_read"), "plain")
                set_names(button, t("training.notice_read_one", title=one.title))
                button.clicked.connect(lambda _=False, notice=one.id: self._bridge.post(ReadNotice(notice)))
                self.seen[one.id] = button
                sheet.column.addWidget(row_of(button, None))
            sheet.line()
        if face.notices:
            sheet.say(t("training.notices_how"), 12, "muted", above=2)
        sheet.done()

    # --- practice call --------------------------------------------------------------------------------------------

    def _fill_raise(self, sheet: Sheet) -> None:
        sheet.column.addSpacing(8)
        for label in self.how:
            sheet.column.addWidget(label)
            sheet.column.addSpacing(8)
        sheet.column.addSpacing(8)
        sheet.column.addWidget(row_of(self.hold, None))
        sheet.column.addSpacing(8)
        sheet.column.addWidget(self.reach)
        sheet.column.addSpacing(16)
        sheet.column.addWidget(self.told)
        sheet.done()

    def _raise(self) -> None:
        if not self._bridge.snapshot.help.open:
            self._bridge.post(RaiseAlarm(self._bridge.boot(), drill=True))


def day_of(wall_ms: int) -> str:
    """The local day of a wall instant."""
    return f"{datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone():%Y-%m-%d}"


def build(bridge: Bridge) -> Training:
    """The surface for the registry."""
    return Training(bridge)
