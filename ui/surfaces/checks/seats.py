"""The seats that a lead looks at this week, above the weekly list: labels and floors, as the server drew them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.bridge import Bridge
from ui.theme.tokens import space
from ui.widgets.page import Hairline
from ui.widgets.plain import PlainLabel


class WeekSeats(QWidget):
    """A heading, the seats or why there are none, and how they were drawn."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._bridge = bridge
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, space(2))
        column.setSpacing(space(1))
        self.heading = PlainLabel(bridge.t("checks.sample"), 14)
        self.seats = PlainLabel("", 14, wrap=True)
        self.how = PlainLabel(bridge.t("checks.sample_how"), 12, "muted", wrap=True)
        for part in (self.heading, self.seats, self.how, Hairline()):
            column.addWidget(part)

    def show_sample(self, state: str, seats: Sequence[tuple[str, str]]) -> None:
        """Show the server's word, or that there is none (yet)."""
        t, told = self._bridge.t, state == "told"
        named = [t("checks.sample_seat", seat=seat, floor=floor) if floor else seat for seat, floor in seats]
        other = "sample_none" if told else "sample_unreachable" if state == "unreachable" else "sample_asking"
        self.seats.setText(" · ".join(named) if told and named else t(f"checks.{other}"))
        self.seats.set_role("caution" if state == "unreachable" else "text")
        self.how.setVisible(told and bool(named))
