"""The verbs of the control port: what the command line and softphone hooks may ask of the running agent."""

from collections.abc import Callable, Mapping

from app.agent import commands
from app.agent.control import Verb
from app.agent.snapshot import Snapshot
from app.domain.errors import UsageError

LONGEST_ID = 64
"""Characters of a call id: the softphone's own name for the call, never a number to call back."""


def verbs(post: Callable[[object], None], snapshot: Callable[[], Snapshot], now: Callable[[], int]) -> dict[str, Verb]:
    """The table of verbs; each checks its arguments and raises UsageError in one sentence."""

    def status(_asked: Mapping[str, object]) -> object:
        from app.agent.tables import snapshot_table

        return snapshot_table(snapshot())

    def stop(asked: Mapping[str, object]) -> object:
        reason = str(asked.get("reason", "asked"))
        post(commands.Quit(reason if reason in ("asked", "takeover") else "asked"))
        return {"stopping": True}

    def lock(_asked: Mapping[str, object]) -> object:
        post(commands.LockNow())
        return {"asked": True}

    def call(asked: Mapping[str, object]) -> object:
        what, name = asked.get("what"), asked.get("id", "call")
        if what not in ("start", "hold", "end", "hard"):
            raise UsageError("A call is told with start, hold, end or hard.")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID or not name.isprintable():
            raise UsageError(f"A call id has 1 to {LONGEST_ID} printable characters.")
        post(commands.Call(what, name))
        return {"noted": True}

    def raise_alarm(asked: Mapping[str, object]) -> object:
        post(commands.RaiseAlarm(now(), drill=asked.get("drill") is True))
        return {"sent": True}

    def alarm(_asked: Mapping[str, object]) -> object:
        shown = snapshot().help
        return {"sign": shown.sign.value, "open": shown.open, "sentence": shown.sentence, "listeners": shown.listeners}

    def take_back(asked: Mapping[str, object]) -> object:
        pin = asked.get("pin")
        if not isinstance(pin, str) or not pin.isdigit() or not 6 <= len(pin) <= 32:
            raise UsageError("A PIN has 6 to 32 digits.")
        post(commands.TakeBack(pin))
        return {"sent": True}

    def rest(asked: Mapping[str, object]) -> object:
        answer = asked.get("answer")
        if answer is not None:
            if answer not in ("start", "later", "skip", "back"):
                raise UsageError("A break is answered with start, later, skip or back.")
            post(commands.AnswerOffer(str(answer)))
        else:
            post(commands.TakeBreak())
        return {"noted": True}

    def desk(asked: Mapping[str, object]) -> object:
        alarm, act = str(asked.get("alarm", "")), asked.get("act")
        if act not in ("take", "on_spot", "settle", "say") or len(alarm) != 32 or not set(alarm) <= set("0123456789abcdef"):
            raise UsageError("A desk takes, is on the spot, settles or says, for an alarm of 32 hex digits.")
        at = now()
        sentence = asked.get("sentence")
        post(commands.DeskAct(bytes.fromhex(alarm), str(act), sentence if isinstance(sentence, int) else 0))
        return {"asked_boot": at}

    return {
        "desk": desk,
        "status": status,
        "stop": stop,
        "lock": lock,
        "call": call,
        "raise": raise_alarm,
        "alarm": alarm,
        "take-back": take_back,
        "break": rest,
    }
