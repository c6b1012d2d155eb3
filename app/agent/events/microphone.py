"""What the microphone's use tells of calls; only names of programs, never a sound."""

from dataclasses import dataclass

from app.agent.events.base import Effect


@dataclass(frozen=True, slots=True)
class MicrophoneChanged:
    """Somebody may have begun or ended to record: a hint, no answer."""


@dataclass(frozen=True, slots=True)
class AskMicrophone(Effect):
    """Look who records now; answered by MicrophoneRead."""


@dataclass(frozen=True, slots=True)
class MicrophoneRead:
    """Lower-case names of the programs that record, None if nobody can tell."""

    programs: frozenset[str] | None
