"""A softphone that records counts as a call after 3 s and until 5 s after its end (design, section 3, "Calls")."""

from app.agent import commands
from app.agent.events import CallChanged, LaneFailed, PartFailed
from app.agent.events.microphone import AskMicrophone, MicrophoneChanged, MicrophoneRead
from app.agent.events.policy import PolicyHolds
from app.agent.microphone import CALL, LEASE, OFF, ON, RENEWS, SETTLES, UNKNOWN
from app.agent.parts.calls import CallsPart
from app.agent.snapshot import Settings
from app.domain.moment import NS
from app.domain.rules import Rules
from tests.unit.agent.moments import START, at

BEGUN, ENDED, ASK = CallChanged(CALL, True), CallChanged(CALL, False), AskMicrophone()
PHONE = frozenset({"zoiper5.exe", "audiodg.exe"})
NOBODY: frozenset[str] = frozenset()


class Seat:
    """A calls part, its answers, and a microphone whose use it is told only when it asks."""

    def __init__(self, *softphones: str) -> None:
        self.part = CallsPart(lambda: softphones)
        self.told: list[tuple[float, object]] = []
        self.asked = 0
        self.uses: frozenset[str] | None = NOBODY

    def give(self, item: object, seconds: float) -> None:
        for out in self.part.handle(item, at(seconds)):
            if out == ASK:
                self.asked += 1
                self.give(MicrophoneRead(self.uses), seconds)
            else:
                self.told.append((seconds, out))

    def uses_from(self, seconds: float, uses: frozenset[str] | None) -> None:
        self.run_to(seconds)
        self.uses = uses
        self.give(MicrophoneChanged(), seconds)

    def run_to(self, seconds: float) -> None:
        """Wake the part at each time that it asked for."""
        while (due := self.part.due()) is not None and due <= START.boot + seconds * NS:
            self.give(None, (due - START.boot) / NS)


def seat() -> Seat:
    made = Seat("zoiper5")
    made.uses_from(0, NOBODY)
    made.run_to(100)
    return made


def test_a_softphone_that_records_for_three_seconds_is_in_a_call_until_five_seconds_after() -> None:
    one = seat()
    one.uses_from(100, PHONE)
    one.uses_from(400, NOBODY)
    one.run_to(1000)
    assert one.told == [(100 + ON / NS, BEGUN), (400 + OFF / NS, ENDED)]


def test_a_short_sound_is_no_call_and_a_short_pause_no_end() -> None:
    one = seat()
    for begin in (100.0, 110.0):
        one.uses_from(begin, PHONE)
        one.uses_from(begin + 2.5, NOBODY)
    one.uses_from(120, PHONE)
    one.uses_from(150, NOBODY)
    one.uses_from(154, PHONE)
    one.run_to(200)
    assert one.told == [(123, BEGUN)]


def test_other_programs_that_record_are_no_call() -> None:
    one = seat()
    one.uses_from(100, frozenset({"obs64.exe", "zoiper50.exe"}))
    one.run_to(4000)
    assert one.told == []


def test_at_rest_nobody_is_asked_and_nothing_wakes_up() -> None:
    one = seat()
    assert one.asked == 2, "at the beginning, and once the watch surely stands"
    assert one.part.due() is None
    quiet = Seat()
    quiet.uses_from(0, PHONE)
    assert (quiet.asked, quiet.part.due()) == (0, None), "without a softphone the microphone is not looked at"


def test_during_a_call_it_is_looked_at_again_because_a_killed_program_tells_no_end() -> None:
    one = seat()
    one.uses_from(100, PHONE)
    one.run_to(110)
    one.uses = NOBODY
    one.run_to(300)
    assert one.told == [(103, BEGUN), (100 + RENEWS / NS + OFF / NS, ENDED)]


def test_a_claim_that_nobody_renews_ends_as_a_lease() -> None:
    one = seat()
    one.uses_from(100, PHONE)
    one.run_to(103)
    part = one.part
    assert list(part.handle(MicrophoneChanged(), at(110))) == [ASK]
    assert list(part.handle(MicrophoneChanged(), at(111))) == [], "one question at a time"
    assert list(part.handle(None, at(102 + LEASE / NS))) == []
    assert ENDED in list(part.handle(None, at(103 + LEASE / NS)))


def test_where_nobody_can_tell_it_is_asked_again_after_five_minutes() -> None:
    one = Seat("zoiper5")
    one.uses_from(0, None)
    assert one.part.due() == START.boot + UNKNOWN
    one.uses = NOBODY
    one.run_to(UNKNOWN / NS)
    assert one.part.due() == START.boot + UNKNOWN + SETTLES


def test_beside_a_call_that_a_hook_told_none_is_inferred_and_its_end_holds() -> None:
    one = seat()
    one.give(commands.Call("start", "a"), 99)
    one.uses_from(100, PHONE)
    one.run_to(200)
    one.give(commands.Call("end", "a"), 200)
    one.run_to(300)
    assert one.told == [(99, CallChanged("a", True)), (200, CallChanged("a", False))]
    one.uses_from(300, NOBODY)
    one.uses_from(310, PHONE)
    one.run_to(320)
    assert one.told[2:] == [(313, BEGUN)], "once it has stopped, the next recording counts again"


def test_a_hooks_end_ends_what_was_inferred_before_it_spoke() -> None:
    one = seat()
    one.uses_from(100, PHONE)
    one.run_to(105)
    one.give(commands.Call("start", "a"), 106)
    one.give(commands.Call("hard", "a"), 150)
    one.run_to(200)
    assert one.told == [(103, BEGUN), (106, CallChanged("a", True)), (150, CallChanged("a", False, True)), (150, ENDED)]


def test_a_look_that_failed_is_repeated_later() -> None:
    part = CallsPart(lambda: ("zoiper5",))
    assert list(part.handle(MicrophoneChanged(), at(0))) == [ASK]
    assert list(part.handle(LaneFailed("microphone", "AskMicrophone", "OSError"), at(1))) == []
    assert part.due() == START.boot + NS + UNKNOWN


def test_another_list_of_softphones_holds_at_once() -> None:
    listed = ["zoiper5"]
    part = CallsPart(lambda: tuple(listed))
    list(part.handle(MicrophoneChanged(), at(0)))
    list(part.handle(MicrophoneRead(frozenset({"bria.exe"})), at(0)))
    listed.append("Bria.exe")
    policy = PolicyHolds(Rules(), Settings(), (), "", False, ("calls.softphones",), "file", False)
    assert list(part.handle(policy, at(60))) == [ASK]
    list(part.handle(MicrophoneRead(frozenset({"bria.exe"})), at(60)))
    assert list(part.handle(None, at(60 + ON / NS))) == [BEGUN]


def test_a_seat_that_was_built_anew_is_told_of_it() -> None:
    one = seat()
    one.uses_from(100, PHONE)
    one.run_to(104)
    assert list(one.part.handle(PartFailed("seat"), at(105))) == [BEGUN]
