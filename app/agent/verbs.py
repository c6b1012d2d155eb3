"""The verbs of the control port: what the command line and softphone hooks may ask of the running agent."""

from collections.abc import Callable, Mapping

from app.agent import commands
from app.agent.control import Verb
from app.agent.snapshot import Snapshot
from app.domain.errors import UsageError

LONGEST_ID = 64
"""Characters of a call id: the softphone's own name for the call, never a number to call back."""
LAST_SENTENCE = 99
"""Ready sentences are numbered from 1 (protocol, say)."""


class Verbs:
    """Checks the arguments of each verb and posts its command; UsageError in one sentence for what does not fit."""

    def __init__(self, post: Callable[[object], None], snapshot: Callable[[], Snapshot], now: Callable[[], int]) -> None:
        self._post = post
        self._snapshot = snapshot
        self._now = now

    def table(self) -> dict[str, Verb]:
        """The verbs by name."""
        return {
            "desk": self.desk,
            "status": self.status,
            "stop": self.stop,
            "lock": self.lock,
            "call": self.call,
            "raise": self.raise_alarm,
            "alarm": self.alarm,
            "take-back": self.take_back,
            "break": self.rest,
        }

    def status(self, _asked: Mapping[str, object]) -> object:
        """The whole Snapshot."""
        from app.agent.tables import snapshot_table

        return snapshot_table(self._snapshot())

    def stop(self, asked: Mapping[str, object]) -> object:
        """End in order."""
        reason = str(asked.get("reason", "asked"))
        self._post(commands.Quit(reason if reason in ("asked", "takeover", "update") else "asked"))
        return {"stopping": True}

    def lock(self, _asked: Mapping[str, object]) -> object:
        """Lock now."""
        self._post(commands.LockNow())
        return {"asked": True}

    def call(self, asked: Mapping[str, object]) -> object:
        """A softphone's claim."""
        what, name = asked.get("what"), asked.get("id", "call")
        if what not in ("start", "hold", "end", "hard"):
            raise UsageError("A call is told with start, hold, end or hard.")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID or not name.isprintable():
            raise UsageError(f"A call id has 1 to {LONGEST_ID} printable characters.")
        self._post(commands.Call(str(what), name))
        return {"noted": True}

    def raise_alarm(self, asked: Mapping[str, object]) -> object:
        """Ask for help."""
        self._post(commands.RaiseAlarm(self._now(), drill=asked.get("drill") is True))
        return {"sent": True}

    def alarm(self, _asked: Mapping[str, object]) -> object:
        """What the sign says."""
        shown = self._snapshot().help
        return {"sign": shown.sign.value, "open": shown.open, "sentence": shown.sentence, "listeners": shown.listeners}

    def take_back(self, asked: Mapping[str, object]) -> object:
        """Take the alarm back."""
        pin = asked.get("pin")
        if not isinstance(pin, str) or not pin.isascii() or not pin.isdigit() or not 6 <= len(pin) <= 32:
            raise UsageError("A PIN has 6 to 32 digits.")
        self._post(commands.TakeBack(pin))
        return {"sent": True}

    def rest(self, asked: Mapping[str, object]) -> object:
        """Begin a break, or answer one that is offered."""
        answer = asked.get("answer")
        if answer is None:
            self._post(commands.TakeBreak())
        elif answer in ("start", "later", "skip", "back"):
            self._post(commands.AnswerOffer(str(answer)))
        else:
            raise UsageError("A break is answered with start, later, skip or back.")
        return {"noted": True}

    def desk(self, asked: Mapping[str, object]) -> object:
        """A lead's act."""
        alarm, act = str(asked.get("alarm", "")), asked.get("act")
        if act not in ("take", "on_spot", "settle", "say") or len(alarm) != 32 or not set(alarm) <= set("0123456789abcdef"):
            raise UsageError("A desk takes, is on the spot, settles or says, for an alarm of 32 hex digits.")
        sentence = asked.get("sentence", 0)
        if act == "say" and (not isinstance(sentence, int) or not 1 <= sentence <= LAST_SENTENCE):
            raise UsageError(f"A ready sentence has a number from 1 to {LAST_SENTENCE}.")
        at = self._now()
        self._post(commands.DeskAct(bytes.fromhex(alarm), str(act), sentence if isinstance(sentence, int) else 0))
        return {"asked_boot": at}
