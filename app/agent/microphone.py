"""A call that nobody told, inferred from a softphone that records: 3 s on, 5 s off, a lease (design, section 3, "Calls")."""

from collections.abc import Callable

from app.agent.events import CallChanged
from app.agent.events.microphone import AskMicrophone
from app.domain.moment import NS

CALL = "microphone"
"""Id of the inferred call."""
ON, OFF = 3 * NS, 5 * NS
LEASE = 60 * NS
"""Without another look that says so the claim ends."""
RENEWS = 30 * NS
"""While it holds it is looked at this often: a softphone that was killed ends nothing by itself."""
SETTLES = 3 * NS
"""After the first look there is another: the watch may have begun a moment after it."""
UNKNOWN = 300 * NS
"""Where nobody could tell, the question is asked again."""


class MicrophoneClaim:
    """Whether the one inferred call is on; times are boot nanoseconds. Asks only after a hint, or at a time that is set."""

    def __init__(self, softphones: Callable[[], tuple[str, ...]]) -> None:
        self._softphones = softphones
        self._on = self._recording = self._overruled = self._known = False
        self._asking = self._hinted = False
        self._turns_at: int | None = None
        self._until = 0
        self._ask_at: int | None = None

    @property
    def on(self) -> bool:
        """Whether the call is claimed."""
        return self._on

    def hint(self) -> None:
        """Somebody may have begun or ended to record."""
        self._hinted = True

    def read(self, programs: frozenset[str] | None, now: int) -> None:
        """Who records, as looked at for the last AskMicrophone."""
        self._asking = False
        self._recording = bool(programs) and not {_bare(one) for one in programs or ()}.isdisjoint(map(_bare, self._softphones()))
        if not self._recording:
            self._overruled = False
        if self._on and self._recording:
            self._until = now + LEASE
        if self._on == self._recording:
            self._turns_at = None
        elif self._turns_at is None:
            self._turns_at = now + (ON if self._recording else OFF)
        first, self._known = programs is not None and not self._known, programs is not None
        again = UNKNOWN if programs is None else SETTLES if first else RENEWS if self._recording else None
        self._ask_at = None if again is None else now + again

    def overrule(self) -> list[object]:
        """A softphone's hook said that its call ended: what still records is no call, until it has stopped once."""
        self._overruled, self._turns_at = self._recording, None
        return self._set(on=False)

    def step(self, now: int, *, told: bool) -> list[object]:
        """What time has brought; `told` while a hook's call is on, beside which none is inferred."""
        out: list[object] = []
        if self._on and now >= self._until:
            out += self._set(on=False)
            self._turns_at = None
        if self._turns_at is not None and now >= self._turns_at:
            self._turns_at = None
            if not self._recording or not (told or self._overruled):
                self._until = now + LEASE
                out += self._set(on=self._recording)
        if self._ask_at is not None and now >= self._ask_at:
            self._ask_at, self._hinted = None, True
        if self._hinted and not self._asking:
            self._hinted = False
            if self._softphones():
                self._asking = True
                out.append(AskMicrophone())
        return out

    def due(self) -> int | None:
        """The next time to `step`."""
        times = [at for at in (self._turns_at, self._ask_at, self._until if self._on else None) if at is not None]
        return min(times, default=None)

    def _set(self, *, on: bool) -> list[object]:
        if on == self._on:
            return []
        self._on = on
        return [CallChanged(CALL, on)]


def _bare(program: str) -> str:
    """A program's name as it is compared: small letters, without Windows' ending."""
    return program.casefold().removesuffix(".exe")
