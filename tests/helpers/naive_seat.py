"""A second, slow seat for comparison: walks through the shift-file contract second by second, written from its text alone.

It shares no code with the program and takes entries as plain tuples (second, word, value, extra). Only for policies in which
every load drains a whole number of seconds in one second, so that loads are full at whole seconds only; reaching zero is
placed inside its second exactly.
"""

import copy
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

KINDS = ("eyes", "rest", "talk", "calm")
LOADS = ("eyes", "rest")

DEFAULTS: dict[str, int] = {
    "lock.idle_after": 300,
    "lock.idle_after_on_call": 600,
    "lock.warning": 15,
    "lock.retry": 30,
    "lock.sign_out_after": 900,
    "presence.away_after": 60,
    "breaks.eyes.every": 1200,
    "breaks.eyes.length": 20,
    "breaks.eyes.auto_start": 10,
    "breaks.eyes.yield_to_rest": 300,
    "breaks.eyes.after_skip": 1200,
    "breaks.eyes.postpones": 2,
    "breaks.rest.every": 3600,
    "breaks.rest.length": 600,
    "breaks.rest.after_skip": 1800,
    "breaks.rest.postpones": 3,
    "breaks.talk.after": 1800,
    "breaks.talk.gap": 60,
    "breaks.talk.length": 300,
    "breaks.talk.postpones": 2,
    "breaks.calm.length": 180,
    "breaks.calm.after_alarm": 600,
    "breaks.calm.postpones": 1,
    "breaks.wrap_up": 10,
    "breaks.share_patience": 900,
    "breaks.alarm_holds": 1800,
    "breaks.postpone": 300,
    "breaks.offer_patience": 120,
}

Entry = tuple[int, str, Any, Any]
Line = dict[str, Any]


@dataclass
class World:
    """Everything at one second, as plain values."""

    t: int = 0
    shift: str = "on"
    locked: bool = False
    active: bool = True
    last_input: int = 0
    last_sign: int = 0
    asleep_until: int | None = None
    no_sign_since_wake: bool = False
    calls: dict[str, int] = field(default_factory=dict)
    talk: int = 0
    last_call_end: int | None = None
    share: int | None = None
    alarm: int | None = None
    lock_fails: bool = False
    warned: int | None = None
    retry: int | None = None
    away: bool = False
    present_since_absence: int | None = None
    level: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(KINDS, Fraction(0)))
    in_test: set[str] = field(default_factory=set)
    due_since: dict[str, int] = field(default_factory=dict)
    postponed: dict[str, int] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    skip: dict[str, int] = field(default_factory=dict)
    offer: tuple[str, int, int] | None = None
    running: tuple[str, int] | None = None
    seconds_there: int = 0
    seconds_away: int = 0
    last_break_second: int = -1


class NaiveSeat:
    """Plays entries under a policy and collects the lines that would be printed (without `time`)."""

    def __init__(self, policy: dict[str, int], entries: list[Entry], end: int) -> None:
        self.p = {**DEFAULTS, **policy}
        self.w = World()
        self.lines: list[Line] = []
        self.sleep_lines: list[Line] = []
        self.entries, self.end = entries, end
        self.at_sign: World | None = None
        self.rose: list[tuple[int, str, int]] = []
        self.dropped: dict[str, int] = {}
        self.skipped: set[str] = set()
        self.zeros: list[tuple[Fraction, str]] = []
        self.slept_from = 0
        self.input_now = self.call_withdraws = False

    # -- printing ----------------------------------------------------------------------------------------------------

    def say(self, kind: str, extra: dict[str, Any] | None = None, at: Fraction | None = None) -> None:
        when = Fraction(self.w.t if at is None else at)
        line = {"at": when, "kind": kind, **(extra or {})}
        asleep = self.w.asleep_until is not None and when > self.slept_from
        (self.sleep_lines if asleep else self.lines).append(line)

    # -- the walk ----------------------------------------------------------------------------------------------------

    def play(self) -> list[Line]:
        by_second: dict[int, list[Entry]] = {}
        for entry in self.entries:
            by_second.setdefault(entry[0], []).append(entry)
        for t in range(self.end + 1):
            if t:
                self.run_one_second()
            self.w.t = t
            self.input_now = self.call_withdraws = False
            zeros, self.zeros = self.zeros, []
            for at, kind in zeros:
                if at < t:
                    self.reached_zero(kind, at)
            if self.w.asleep_until == t:
                self.wake()
            for at, kind in zeros:
                if at == t:
                    self.reached_zero(kind, at)
            for kind in LOADS:
                if self.full(kind):
                    self.w.due_since.setdefault(kind, t)
            if self.w.running and self.w.running[1] == t:
                self.end_break("taken")
            for entry in by_second.get(t, []):
                self.take(entry)
            self.lock_phase()
            self.presence_phase()
            self.offers_phase()
            if not self.w.active and self.w.last_sign == t:
                self.at_sign = copy.deepcopy(self.w)
                self.rose, self.dropped, self.skipped = [], {}, set()
        return self.lines

    def run_one_second(self) -> None:
        """Loads, debts and counted times from this second to the next, as things stand at its end."""
        w = self.w
        drains = w.away or w.running is not None
        zeros = []
        for kind in KINDS:
            if drains:
                left = w.level[kind]
                if left > 0:
                    if left <= self.rate(kind):
                        zeros.append((w.t + left / self.rate(kind), kind))
                    w.level[kind] = max(Fraction(0), left - self.rate(kind))
                w.due_since.pop(kind, None) if kind in LOADS else None
            elif kind in LOADS and not (kind == "eyes" and w.locked):
                w.level[kind] = min(w.level[kind] + 1, Fraction(self.p[f"breaks.{kind}.every"]))
        self.zeros = sorted(zeros, key=lambda z: (z[0], KINDS.index(z[1])))
        if w.running is not None:
            w.last_break_second = w.t
        if w.calls:
            w.talk += 1
        if w.away:
            w.seconds_away += 1
        else:
            w.seconds_there += 1
            for kind in list(w.skip):
                w.skip[kind] -= 1
            if w.running is None and w.present_since_absence is not None:
                w.present_since_absence += 1

    def rate(self, kind: str) -> Fraction:
        if kind in LOADS:
            return Fraction(self.p[f"breaks.{kind}.every"], self.p[f"breaks.{kind}.length"])
        return Fraction(1)

    def full(self, kind: str) -> bool:
        return self.w.level[kind] == self.p[f"breaks.{kind}.every"]

    def due(self, kind: str) -> bool:
        return self.full(kind) if kind in LOADS else self.w.level[kind] > 0

    def reached_zero(self, kind: str, at: Fraction) -> None:
        w = self.w
        w.due_since.pop(kind, None)
        if w.running is not None:
            self.lift(kind)
        elif kind not in LOADS or kind in w.in_test:
            if w.shift != "ended":
                self.say("break.kept", {"break": kind, "how": "natural"}, at)
            self.lift(kind)
        w.in_test.discard(kind)

    def lift(self, kind: str) -> None:
        self.w.postponed.pop(kind, None)
        self.w.skip.pop(kind, None)
        self.w.count[kind] = 0

    # -- entries -----------------------------------------------------------------------------------------------------

    def take(self, entry: Entry) -> None:
        _, word, value, extra = entry
        getattr(self, f"take_{word}")(value, extra)

    def sign(self) -> None:
        self.w.last_sign = self.w.t
        self.w.no_sign_since_wake = False

    def person(self) -> None:
        self.w.last_input = self.w.t
        self.input_now = True
        self.sign()

    def take_input(self, value: str, _: Any) -> None:
        self.person()
        self.w.active = value == "active"

    def take_call(self, value: str, extra: dict[str, Any]) -> None:
        (self.call_start if value == "start" else self.call_end)(extra.get("id", "call"), extra.get("hard", False))

    def call_start(self, call_id: str, _: bool) -> None:
        w = self.w
        if not w.calls and w.last_call_end is not None and w.t - w.last_call_end > self.p["breaks.talk.gap"]:
            w.talk = 0
        w.calls[call_id] = w.t
        self.say("call.started", {"id": call_id})
        self.sign()
        if self.idle() < self.limit() - self.p["lock.warning"]:
            self.call_withdraws = True
        w.offer = None
        self.cut()

    def call_end(self, call_id: str, hard: bool) -> None:
        w = self.w
        began = w.calls.pop(call_id)
        self.say("call.ended", {"id": call_id, "seconds": w.t - began, "hard": hard})
        self.sign()
        if not w.calls:
            w.last_call_end = w.t
            if w.talk >= self.p["breaks.talk.after"]:
                w.talk = 0
                self.arise("talk", self.p["breaks.talk.length"])
        if hard:
            self.arise("calm", self.p["breaks.calm.length"])

    def take_session(self, value: str, _: Any) -> None:
        w = self.w
        self.person()
        if value == "lock":
            if not w.locked:
                self.say("session.locked")
                self.lock()
        else:
            w.active = True
            if w.locked:
                self.say("session.unlocked")
                w.locked, w.retry = False, None
                if w.shift == "signed_out":
                    w.shift = "on"

    def take_suspend(self, value: int, _: Any) -> None:
        w = self.w
        if w.active:
            w.active = False
            w.last_input = w.t
            self.sign()
        for call_id in list(w.calls):
            self.call_end(call_id, False)
        w.asleep_until, self.slept_from = w.t + value, w.t
        w.no_sign_since_wake = True
        w.offer = None

    def take_wall(self, value: int, _: Any) -> None:
        pass

    def take_share(self, value: bool, _: Any) -> None:
        if value and self.w.share is None:
            self.w.share, self.w.offer = self.w.t, None
        elif not value:
            self.w.share = None

    def take_lock_fails(self, value: bool, _: Any) -> None:
        self.w.lock_fails = value

    def take_alarm(self, value: str, _: Any) -> None:
        w = self.w
        if value != "settled":
            self.person()
        if value == "raise":
            if w.alarm is None:
                w.alarm, w.offer = w.t, None
                self.say("alarm.raised")
                self.cut()
        elif w.alarm is not None:
            w.alarm = None
            self.say("alarm.taken_back" if value == "take_back" else "alarm.settled")
            self.arise("calm", self.p["breaks.calm.after_alarm"])

    def take_shift(self, value: str, _: Any) -> None:
        w = self.w
        if value == "start" and w.shift == "ended":
            w.shift = "on"
            self.say("shift.started")
            self.sign()
        elif value == "end" and w.shift != "ended":
            w.shift = "ended"
            self.say("shift.ended")
            w.offer = None
            self.cut()

    def take_answer(self, value: str, extra: dict[str, Any]) -> None:
        w = self.w
        self.person()
        if value == "back" and w.running:
            kind = w.running[0]
            self.cut()
            if kind in LOADS:
                w.postponed[kind] = w.t + self.p["breaks.postpone"]
            else:
                self.drop(kind)
        elif value == "now":
            kind = extra.get("break", "rest")
            if self.present() and not (w.locked or w.calls or w.alarm is not None or w.running):
                self.start(kind, self.seconds(kind))
        elif w.offer and value == "start":
            self.start(w.offer[0], w.offer[1])
        elif w.offer and value == "later":
            self.later()
        elif w.offer and value == "skip":
            self.skip_it()

    # -- breaks ------------------------------------------------------------------------------------------------------

    def arise(self, kind: str, seconds: int) -> None:
        w = self.w
        if w.level[kind] > 0:
            w.postponed.pop(kind, None)
            w.count[kind] = 0
        else:
            w.due_since[kind] = w.t
        w.level[kind] = max(w.level[kind], Fraction(seconds))
        self.rose.append((w.t, kind, seconds))

    def drop(self, kind: str) -> None:
        self.w.level[kind] = Fraction(0)
        self.w.due_since.pop(kind, None)
        self.w.postponed.pop(kind, None)
        self.w.count[kind] = 0
        self.dropped[kind] = self.w.t

    def seconds(self, kind: str) -> int:
        left = self.w.level[kind]
        return self.p[f"breaks.{kind}.length"] if kind in LOADS or left == 0 else -int(-left // 1)

    def start(self, kind: str, seconds: int) -> None:
        self.w.offer, self.w.running, self.w.away = None, (kind, self.w.t + seconds), False
        self.say("break.started", {"break": kind})

    def cut(self) -> None:
        if self.w.running:
            self.say("break.cut_short", {"break": self.w.running[0]})
            self.w.running = None

    def end_break(self, how: str) -> None:
        assert self.w.running
        kind = self.w.running[0]
        self.w.running = None
        self.say("break.kept", {"break": kind, "how": how})
        self.lift(kind)
        self.w.in_test.discard(kind)

    def later(self) -> None:
        assert self.w.offer
        kind = self.w.offer[0]
        if self.w.count[kind] >= self.p[f"breaks.{kind}.postpones"]:
            self.skip_it()
            return
        self.w.count[kind] += 1
        self.w.postponed[kind] = self.w.t + self.p["breaks.postpone"]
        self.w.offer = None
        self.say("break.postponed", {"break": kind})

    def skip_it(self) -> None:
        assert self.w.offer
        kind = self.w.offer[0]
        self.w.offer = None
        self.w.count[kind] = 0
        self.say("break.skipped", {"break": kind})
        if kind in LOADS:
            self.w.skip[kind] = self.p[f"breaks.{kind}.after_skip"]
            self.skipped.add(kind)
        else:
            self.drop(kind)

    # -- lock --------------------------------------------------------------------------------------------------------

    def idle(self) -> int:
        return 0 if self.w.active else self.w.t - self.w.last_input

    def limit(self) -> int:
        plain = self.p["lock.idle_after"]
        return max(plain, self.p["lock.idle_after_on_call"]) if self.w.calls else plain

    def lock(self) -> None:
        self.w.locked, self.w.retry, self.w.offer = True, None, None

    def try_lock(self) -> None:
        if self.w.lock_fails:
            self.say("lock.failed", {"method": "simulated"})
            self.w.retry = self.w.t + self.p["lock.retry"]
        else:
            self.say("lock.confirmed", {"method": "simulated"})
            self.lock()

    def ask(self, reason: str) -> None:
        self.w.warned = None
        self.say("lock.asked", {"reason": reason})
        self.try_lock()

    def wake(self) -> None:
        w = self.w
        w.asleep_until = None
        if not w.locked and self.idle() >= self.limit():
            self.ask("woke")
        self.lines += [{**line, "at": Fraction(w.t)} for line in self.sleep_lines]
        self.sleep_lines = []

    def lock_phase(self) -> None:
        w = self.w
        if w.warned is not None and (self.input_now or self.call_withdraws):
            w.warned = None
            self.say("lock.withdrawn")
        if self.input_now:
            w.retry = None
        if not w.locked and w.asleep_until is None:
            if w.warned is not None:
                if w.t == w.warned + self.p["lock.warning"]:
                    self.ask("call_limit" if w.calls else "idle")
            elif w.retry == w.t:
                w.retry = None
                if self.idle() >= self.limit():
                    self.try_lock()
            if (
                not w.locked
                and w.warned is None
                and w.retry is None
                and self.idle() >= self.limit() - self.p["lock.warning"]
            ):
                w.warned = w.t
                self.say("lock.warned")
        last = w.t if w.active else w.last_sign
        if w.shift == "on" and w.locked and not w.calls and w.t - last >= self.p["lock.sign_out_after"]:
            w.shift = "signed_out"
            self.say("shift.signed_out")

    # -- presence ----------------------------------------------------------------------------------------------------

    def present(self) -> bool:
        w = self.w
        if w.shift != "on" or w.asleep_until is not None:
            return False
        if w.calls:
            return True
        recent = w.active or w.t - w.last_sign < self.p["presence.away_after"]
        return recent and not w.locked and not w.no_sign_since_wake

    def presence_phase(self) -> None:
        w = self.w
        if w.running is not None:
            return
        if self.present():
            w.away = False
        elif not w.away:
            w.away = True
            only_silent = w.shift == "on" and w.asleep_until is None and not w.locked and not w.no_sign_since_wake
            broke = w.last_break_second >= w.last_sign
            if only_silent and not broke:
                self.count_back()
            else:
                self.begin_absence(w)

    def begin_absence(self, w: World) -> None:
        spent = w.present_since_absence
        w.present_since_absence = 0
        if spent is None or spent >= self.p["presence.away_after"]:
            w.in_test = {kind for kind in LOADS if 2 * w.level[kind] >= self.p[f"breaks.{kind}.every"]}

    def count_back(self) -> None:
        """What would be had away begun at the sign: go through the minute again, away, from what was noted then."""
        assert self.at_sign is not None
        past, w = copy.deepcopy(self.at_sign), self.w
        self.begin_absence(past)
        known: list[tuple[Fraction, str]] = []
        due_since = dict(w.due_since)
        for second in range(past.t, w.t + 1):
            if second > past.t:
                for kind in KINDS:
                    left = past.level[kind]
                    past.level[kind] = max(Fraction(0), left - self.rate(kind))
                    if left > 0 and past.level[kind] == 0:
                        if kind not in LOADS or kind in past.in_test:
                            known.append((second - 1 + left / self.rate(kind), kind))
                        past.in_test.discard(kind)
                        due_since.pop(kind, None)
            for at, kind, seconds in self.rose:
                if at == second:
                    if past.level[kind] == 0:
                        due_since[kind] = at
                    past.level[kind] = max(past.level[kind], Fraction(seconds))
            for kind, at in self.dropped.items():
                if at == second:
                    past.level[kind] = Fraction(0)
                    known = [one for one in known if one[1] != kind]
        w.level, w.in_test, w.present_since_absence = past.level, past.in_test, 0
        w.seconds_there, w.seconds_away = past.seconds_there, w.seconds_away + w.t - past.t
        w.due_since = {kind: at for kind, at in due_since.items() if self.due(kind)}
        for kind in w.skip:
            w.skip[kind] = self.p[f"breaks.{kind}.after_skip"] if kind in self.skipped else past.skip[kind]
        for _, kind in sorted(known, key=lambda one: (one[0], KINDS.index(one[1]))):
            self.say("break.kept", {"break": kind, "how": "natural"})
            skip = w.skip.get(kind)
            self.lift(kind)
            if kind in self.skipped and skip is not None:
                w.skip[kind] = skip

    # -- offers ------------------------------------------------------------------------------------------------------

    def offers_phase(self) -> None:
        w = self.w
        if w.offer:
            kind, seconds, at = w.offer
            if w.away or w.locked or not self.due(kind):
                w.offer = None
            elif kind == "eyes" and w.t == at + self.p["breaks.eyes.auto_start"]:
                self.start(kind, seconds)
            elif kind != "eyes" and w.t == at + self.p["breaks.offer_patience"]:
                self.later()
        if w.offer or w.running or w.away or w.locked or w.calls or w.asleep_until is not None:
            return
        if w.last_call_end is not None and w.t - w.last_call_end < self.p["breaks.wrap_up"]:
            return
        if w.alarm is not None and w.t - w.alarm < self.p["breaks.alarm_holds"]:
            return
        for kind in ("calm", "talk", "rest", "eyes"):
            if self.due(kind) and self.offerable(kind):
                w.offer = (kind, self.seconds(kind), w.t)
                self.say("break.offered", {"break": kind, "seconds": self.seconds(kind)})
                return

    def put_off(self, kind: str) -> bool:
        return self.w.postponed.get(kind, -1) > self.w.t or self.w.skip.get(kind, 0) > 0

    def offerable(self, kind: str) -> bool:
        w, patience = self.w, self.p["breaks.share_patience"]
        if self.put_off(kind):
            return False
        if w.share is not None and (w.t - w.share < patience or w.t - w.due_since[kind] < patience):
            return False
        near = w.level["rest"] >= self.p["breaks.rest.every"] - self.p["breaks.eyes.yield_to_rest"]
        return not (kind == "eyes" and near and not self.put_off("rest"))
