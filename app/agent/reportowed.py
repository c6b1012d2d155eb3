"""Which own call for help still wants a report; from a take-back on nothing here knows of it, whichever PIN it was."""

from dataclasses import dataclass, field

from app.agent import commands
from app.agent.events import AlarmNote, SignChanged
from app.agent.reports import OWED_MS, OwedReport
from app.domain.moment import Moment


@dataclass(slots=True)
class OwedWatch:
    """Follows the own alarm; `told` answers once it was settled, never for a drill."""

    _raised_ms: int = field(default=0, init=False)
    _settled: bytes = field(default=b"", init=False)
    _drill: bool = field(default=False, init=False)

    def told(self, item: object, now: Moment) -> OwedReport | None:
        """The report that is owed from now on, if this input says so."""
        match item:
            case commands.RaiseAlarm() if not self._raised_ms:
                self._raised_ms, self._drill = now.wall_ms, item.drill
            case AlarmNote("raise"):
                self._raised_ms = self._raised_ms or now.wall_ms
            case AlarmNote("take_back"):
                self._raised_ms, self._settled = 0, b""
            case SignChanged(alarm, "settled") if self._raised_ms:
                self._settled = alarm
            case AlarmNote("settled"):
                alarm, raised = self._settled, self._raised_ms
                self._raised_ms, self._settled = 0, b""
                return OwedReport(alarm, raised, now.wall_ms + OWED_MS) if alarm and not self._drill else None
            case _:
                pass
        return None
