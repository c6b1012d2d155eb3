"""What to say: large plain text with lines of exactly 32 px, and small fields for the variables in it."""

import re
from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from app.content.fill import VALUE_MAX
from app.content.shapes import VARIABLES
from ui.theme.theme import theme
from ui.theme.tokens import space
from ui.widgets.plain import PlainLabel, set_names

LINE_HIGH, NARROWER = 32, 20
STOPS = "，。；：？！、”」,.;:?!"
_VARIABLE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")


def variables_in(say: str) -> tuple[str, ...]:
    """The variables of a sentence, each once, in order."""
    return tuple(dict.fromkeys(_VARIABLE.findall(say)))


class SayText(QWidget):
    """One thought in 20 px on lines of 32 px; never markup. A click copies it."""

    def __init__(self, clicked: Callable[[], None]) -> None:
        super().__init__()
        self._text = ""
        self._clicked = clicked
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._again)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another sentence."""
        self._text = text
        set_names(self, text)
        self._again()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(1, self._laid(width).lineCount()) * LINE_HIGH

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, LINE_HIGH)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._clicked()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().colour("text"))
        self._laid(self.width()).draw(painter, QPointF(0, 0))

    def _again(self) -> None:
        self.updateGeometry()
        self.update()

    def _laid(self, width: int) -> QTextLayout:
        """Lines that end with a stop if that costs no further line, else lines of about the same length."""
        made = self._broken(width)
        lines = made.lineCount()
        if lines == 1 or self._pauses(made):
            return made
        for narrower in range(width - NARROWER, width // 2, -NARROWER):
            other = self._broken(narrower)
            if other.lineCount() > lines:
                break
            made = other
            if self._pauses(made):
                break
        return made

    def _pauses(self, made: QTextLayout) -> bool:
        """Whether each line but the last ends where one pauses in speaking."""
        lines = [made.lineAt(at) for at in range(made.lineCount() - 1)]
        ends = (self._text[: line.textStart() + line.textLength()].rstrip()[-1:] for line in lines)
        return all(end in STOPS for end in ends)

    def _broken(self, width: int) -> QTextLayout:
        made = QTextLayout(self._text, theme().font(20))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        made.setTextOption(option)
        made.beginLayout()
        while (line := made.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, line.lineNumber() * LINE_HIGH + (LINE_HIGH - line.height()) / 2))
        made.endLayout()
        return made


class Blanks(QWidget):
    """A small field for each variable of a sentence; what is typed is told at once and stays in memory only."""

    def __init__(self, typed: Callable[[str, str], None], name: Callable[[str], str]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._typed, self._name = typed, name
        self.fields: dict[str, QLineEdit] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(space(2))
        self._grid.setVerticalSpacing(space(1))
        self._grid.setColumnStretch(1, 1)

    def show_for(self, say: str, values: dict[str, str]) -> None:
        """Fields for the variables of `say`; one that is being typed in is left alone."""
        wanted = variables_in(say)
        if tuple(self.fields) != wanted:
            self._build(wanted)
        for variable, field in self.fields.items():
            value = values.get(variable, "")
            if field.text() != value and not field.hasFocus():
                field.setText(value)
        self.setVisible(bool(wanted))

    def _build(self, wanted: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}
        for at, variable in enumerate(wanted):
            label, field = PlainLabel(self._name(variable), 14, "muted"), QLineEdit()
            field.setObjectName(f"scripts.{variable}")
            field.setMaxLength(VALUE_MAX)
            field.setFixedHeight(30)
            field.setFont(theme().font(14))
            set_names(field, self._name(variable))
            field.textEdited.connect(lambda text, variable=variable: self._typed(variable, text))
            self._grid.addWidget(label, at, 0)
            self._grid.addWidget(field, at, 1)
            self.fields[variable] = field
