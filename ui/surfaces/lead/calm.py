"""The page of a desk with nothing open: who is covered, who is not, when it was last tried. Never better than the truth."""

from PySide6.QtCore import QDate, QDateTime, QLocale, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.agent.snapshot import DeskFace
from ui.surfaces.lead import words
from ui.theme.icons import paint_icon
from ui.theme.theme import MEDIUM, theme
from ui.widgets.plain import PlainLabel

SHOWN_SEATS = 12


class SeatIcon(QWidget):
    """The seat, 64 px, in the colour of how things stand; the sentence under it says the same."""

    def __init__(self) -> None:
        super().__init__()
        self._role = "muted"
        self.setFixedSize(64, 64)
        theme().changed.connect(self.update)

    def show_role(self, role: str) -> None:
        """Another colour."""
        if role != self._role:
            self._role = role
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), "seat", QRectF(self.rect()), theme().colour(self._role), 1.25)


class CalmPage(QWidget):
    """One sentence, the seats that would reach nobody, the last test."""

    def __init__(self, text: words.Text) -> None:
        super().__init__()
        self._text = text
        self.icon = SeatIcon()
        self.sentence = PlainLabel(size=28, weight=MEDIUM, wrap=True)
        self.advice = PlainLabel(size=16, wrap=True)
        self.seats_title = PlainLabel(size=16, weight=MEDIUM, role="caution")
        self.seats = PlainLabel(size=16, wrap=True)
        self.tested = PlainLabel(size=16, role="muted")
        self.sound = PlainLabel(size=16, role="caution", wrap=True)
        middle = Qt.AlignmentFlag.AlignHCenter
        rows = QVBoxLayout(self)
        rows.setContentsMargins(96, 48, 96, 48)
        rows.setSpacing(16)
        rows.addStretch(3)
        rows.addWidget(self.icon, 0, middle)
        rows.addSpacing(8)
        for label in (self.sentence, self.advice, self.seats_title, self.seats, self.tested, self.sound):
            label.setAlignment(middle)
            rows.addWidget(label)
        rows.addStretch(4)

    def show_desk(self, desk: DeskFace, no_sound: bool) -> None:
        """Draw what is known."""
        t = self._text
        self.icon.show_role("calm" if desk.connected and not desk.uncovered and desk.seats_covered else "caution")
        self.sentence.setText(words.calm(t, desk))
        self._tell(self.advice, "" if desk.connected else t("lead.offline_advice"))
        shown = [words.clean(name) for name in desk.uncovered[:SHOWN_SEATS]]
        if len(desk.uncovered) > SHOWN_SEATS:
            shown.append(t("lead.uncovered_more", n=len(desk.uncovered) - SHOWN_SEATS))
        self._tell(self.seats_title, t("lead.uncovered") if shown else "")
        self._tell(self.seats, "   ".join(shown))
        self._tell(self.tested, self._last_test(desk))
        self._tell(self.sound, t("lead.no_sound") if no_sound else "")

    def _last_test(self, desk: DeskFace) -> str:
        if not desk.last_tested_ms:
            return self._text("lead.never_tested")
        at = QDateTime.fromMSecsSinceEpoch(desk.last_tested_ms)
        local = QLocale(theme().language)
        time = local.toString(at.time(), QLocale.FormatType.ShortFormat)
        if at.date() != QDate.currentDate():
            time = f"{local.toString(at.date(), QLocale.FormatType.ShortFormat)} {time}"
        return self._text("lead.tested", time=time)

    @staticmethod
    def _tell(label: PlainLabel, sentence: str) -> None:
        label.setText(sentence)
        label.setVisible(bool(sentence))
