"""Calls from several sources made into one truth: explicit beats inferred (design, section 3, "Calls").

Explicit claims (hooks, manual) hold until their end, 4 h at most without another sign. Inferred ones (URL, microphone) are
leases of 60 s; the microphone needs 3 s on and 5 s off. No phone number is seen or stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.agent import commands
from app.agent.events import CallChanged, MicrophoneUsed
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment

EXPLICIT_HOLDS = 4 * 3600 * NS
LEASE = 60 * NS
MIC_ON, MIC_OFF = 3 * NS, 5 * NS
MIC_CALL = "microphone"
INFERRED_SOURCES = frozenset({"url"})


@dataclass(slots=True)
class CallsPart:
    """Owns every claim of a call; `softphones` are lower-case program names that may imply one."""

    softphones: frozenset[str] = frozenset()
    name: str = field(default="calls", init=False)
    _until: dict[str, int] = field(default_factory=dict, init=False)
    _mic_changed: int | None = field(default=None, init=False)
    _mic_on: bool = field(default=False, init=False)
    _mic_call: bool = field(default=False, init=False)
    _mic_silenced: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: Call commands, MicrophoneUsed, Wake; output: CallChanged."""
        out = self._expire(now)
        match item:
            case commands.Call():
                out += self._claim(item, now)
            case MicrophoneUsed(programs):
                self._hear(programs, now)
                out += self._judge_microphone(now)
            case _:
                out += self._judge_microphone(now)
        return out

    def due(self) -> int | None:
        """The next lease that ends, or the instant at which the microphone counts."""
        dues = list(self._until.values())
        blocked = self._mic_on and (self._mic_silenced or self._until)
        if self._mic_changed is not None and self._mic_on != self._mic_call and not blocked:
            dues.append(self._mic_changed + (MIC_ON if self._mic_on else MIC_OFF))
        return min(dues, default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Calls are shown by the seat."""
        return shown

    def _claim(self, said: commands.Call, now: Moment) -> list[object]:
        known = said.id in self._until
        if said.verb in ("start", "hold"):
            self._until[said.id] = now.boot + (LEASE if said.source in INFERRED_SOURCES else EXPLICIT_HOLDS)
            started: list[object] = [] if known else [CallChanged(said.id, True)]
            # the hook knows better than the microphone: its inferred call gives way
            return started + self._drop_microphone()
        if not known:
            return []
        del self._until[said.id]
        self._mic_silenced = self._mic_on
        return [CallChanged(said.id, False, said.verb == "hard")]

    def _expire(self, now: Moment) -> list[object]:
        over = [call for call, until in self._until.items() if until <= now.boot]
        for call in over:
            del self._until[call]
        return [CallChanged(call, False) for call in over]

    def _hear(self, programs: frozenset[str] | None, now: Moment) -> None:
        on = bool(programs and programs & self.softphones)
        if on != self._mic_on:
            self._mic_on, self._mic_changed = on, now.boot
            if not on:
                self._mic_silenced = False

    def _judge_microphone(self, now: Moment) -> list[object]:
        if self._mic_changed is None or self._mic_on == self._mic_call:
            return []
        lasted = now.boot - self._mic_changed
        if self._mic_on:
            if lasted < MIC_ON or self._until or self._mic_silenced:
                return []
            self._mic_call = True
            return [CallChanged(MIC_CALL, True)]
        return self._drop_microphone() if lasted >= MIC_OFF else []

    def _drop_microphone(self) -> list[object]:
        if not self._mic_call:
            return []
        self._mic_call = False
        self._mic_silenced = self._mic_on
        return [CallChanged(MIC_CALL, False)]
