"""The own alarm: stories of raising, taking back and restarting; and the sign against the ledger in any order of events."""

from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from app.agent import commands
from app.agent.events import (
    AlarmNote,
    CallChanged,
    Commit,
    Effect,
    EnrolmentChanged,
    ForgetMoves,
    KeepMove,
    LaneFailed,
    LinkChanged,
    ListenersChanged,
    MoveDone,
    MoveKept,
    MoveStored,
    PartFailed,
    PinSealed,
    SaveState,
    SealPin,
    SendMove,
    SignChanged,
    StateRecalled,
    VaultOpened,
)
from app.agent.identity import Identity, Ids
from app.agent.parts.alarm import AlarmPart
from app.agent.snapshot import HelpFace, Sign, Snapshot
from app.domain.alarm import AlarmState, fold, told_to_origin
from app.domain.alarm_facts import Fact, Move, MoveKind, Receipt, ReceiptState, Settled, TakeExpired
from app.domain.ids import AlarmId, DeskId
from app.domain.moment import Moment
from app.protocol.alarm import open_alarm
from app.protocol.record_kinds import AlarmRaised, AlarmSettled, AlarmSignChanged
from tests.unit.agent.moments import START, at

SERVER, OTHER = "https://one:1", "https://two:2"
IDENTITY = Identity(Ids(b"\xd1" * 16, b"\x51" * 16))


@dataclass
class Scene:
    """A part with everything that it asked for, and what a disk would hold of it."""

    part: AlarmPart = field(init=False)
    out: list[object] = field(default_factory=list)
    blob: bytes = b""
    moves: dict[int, bytes] = field(default_factory=dict)
    second: float = 0.0
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.part = self.new()

    def new(self) -> AlarmPart:
        return AlarmPart(IDENTITY.make_move, lambda: bytes([next(self.ids)]) * 16)

    @property
    def now(self) -> Moment:
        return at(self.second)

    def give(self, item: object, seconds: float = 0.0) -> list[object]:
        self.second += seconds
        out = list(self.part.handle(item, self.now))
        for one in out:
            if isinstance(one, SaveState):
                self.blob = one.blob
            if isinstance(one, KeepMove):
                self.moves[one.no] = one.body
        self.out += out
        return out

    def press(self, *, drill: bool = False, after: float = 0.0) -> list[object]:
        self.second += after
        return self.give(commands.RaiseAlarm(self.now.boot, drill=drill))

    def face(self) -> HelpFace:
        return self.part.face(Snapshot(0, self.now), self.now).help

    def sign(self) -> Sign:
        return self.face().sign

    @property
    def alarm(self) -> bytes:
        return next(one.alarm for one in reversed(self.out) if isinstance(one, SendMove))

    def restart(self, *, moves: bool = True) -> list[object]:
        """The program dies and comes back: only what was saved is left."""
        self.part = self.new()
        pending = tuple((body, frozenset[bytes]()) for body in self.moves.values()) if moves else ()
        return self.give(VaultOpened(True, True, self.blob, pending))


def kinds(out: list[object]) -> list[type]:
    return [type(one) for one in out if isinstance(one, Effect)]


def test_sent_and_kept_at_the_same_moment_and_neither_waits() -> None:
    scene = Scene()
    out = scene.press()
    assert kinds(out)[:2] == [SendMove, KeepMove]
    sent, kept = out[0], out[1]
    assert isinstance(sent, SendMove)
    assert isinstance(kept, KeepMove)
    assert sent.body == kept.body
    assert isinstance(kept.record, AlarmRaised)
    assert AlarmNote("raise") in out
    assert scene.sign() is Sign.NONE, "nothing has succeeded yet"


def test_kept_after_whichever_succeeds_first() -> None:
    for answer in (MoveKept, lambda alarm, no: MoveStored(alarm, no, b"s" * 16, 1)):
        scene = Scene()
        scene.press()
        scene.give(answer(scene.alarm, 1))
        assert scene.sign() is Sign.KEPT


def test_the_answer_about_another_alarm_changes_nothing() -> None:
    scene = Scene()
    scene.press()
    scene.give(MoveKept(b"x" * 16, 1))
    scene.give(SignChanged(b"x" * 16, "taken", 1, SERVER))
    assert scene.sign() is Sign.NONE
    assert scene.face().sentence == 0


def test_nobody_after_six_seconds_and_a_late_receipt_ends_it() -> None:
    scene = Scene()
    scene.press()
    scene.give(MoveKept(scene.alarm, 1))
    assert scene.part.due() == START.boot + 6_000_000_000
    scene.give(None, 5.9)
    assert scene.sign() is Sign.KEPT
    scene.give(None, 0.1)
    assert scene.sign() is Sign.NOBODY
    assert scene.part.due() is None
    scene.give(SignChanged(scene.alarm, "delivered", server=SERVER))
    assert scene.sign() is Sign.SHOWN


def test_nobody_comes_also_when_neither_disk_nor_server_answered() -> None:
    scene = Scene()
    scene.press()
    scene.give(None, 6)
    assert scene.sign() is Sign.NOBODY


def test_the_same_gesture_at_once_is_one_alarm_and_three_seconds_later_level_one() -> None:
    scene = Scene()
    scene.press()
    assert scene.press(after=2.9) == []
    out = scene.press(after=0.1)
    sent = out[0]
    assert isinstance(sent, SendMove)
    move = open_alarm(sent.body).move
    assert (move.no, int(move.kind), move.level) == (2, MoveKind.RAISE_LEVEL, 1)
    third = scene.press(after=4)[0]
    assert isinstance(third, SendMove)
    assert int(open_alarm(third.body).move.kind) == MoveKind.PRESSED_AGAIN


def test_a_call_and_a_drill_stand_in_the_move() -> None:
    scene = Scene()
    scene.give(CallChanged("c", True))
    sent = scene.press(drill=True)[0]
    assert isinstance(sent, SendMove)
    move = open_alarm(sent.body).move
    assert move.drill
    assert move.on_call
    assert scene.face().drill


def test_after_a_take_back_nothing_is_shown_whatever_servers_still_say() -> None:
    scene = Scene()
    scene.press()
    scene.give(SignChanged(scene.alarm, "delivered", server=SERVER))
    alarm = scene.alarm
    assert scene.give(commands.TakeBack("123456")) == [SealPin(alarm, 2, "123456")]
    assert scene.sign() is Sign.SHOWN, "until the move is made, the alarm stands"
    out = scene.give(PinSealed(alarm, 2, b"p" * 80))
    assert AlarmNote("take_back") in out
    assert scene.sign() is Sign.NONE
    assert scene.blob == b""
    for word in ("delivered", "taken", "on_spot", "settled"):
        scene.give(SignChanged(alarm, word, 3, SERVER), 1)
        assert scene.face() == replace(scene.face(), sign=Sign.NONE, open=False, sentence=0)
    scene.restart()
    assert scene.sign() is Sign.NONE
    assert not scene.face().open


def test_after_a_take_back_a_new_alarm_has_a_new_id() -> None:
    scene = Scene()
    scene.press()
    first = scene.alarm
    scene.give(commands.TakeBack("123456"))
    scene.give(PinSealed(first, 2, b"p" * 80))
    scene.press(after=1)
    assert scene.alarm != first


def test_a_proof_for_an_old_number_is_not_used() -> None:
    scene = Scene()
    scene.press()
    alarm = scene.alarm
    scene.give(commands.TakeBack("123456"))
    scene.press(after=4)
    assert scene.give(PinSealed(alarm, 2, b"p" * 80)) == []
    assert scene.face().open
    assert scene.give(commands.TakeBack("123456")) == [SealPin(alarm, 3, "123456")]


def test_a_second_take_back_waits_for_the_first_and_may_come_again_when_that_failed() -> None:
    scene = Scene()
    assert scene.give(commands.TakeBack("123456")) == []
    scene.press()
    scene.give(commands.TakeBack("123456"))
    assert scene.give(commands.TakeBack("123456")) == []
    scene.give(LaneFailed("pin", "SealPin", "no memory"))
    assert scene.give(commands.TakeBack("123456")) == [SealPin(scene.alarm, 2, "123456")]


def test_settled_ends_it_forgets_its_moves_and_is_recorded() -> None:
    scene = Scene()
    scene.press()
    alarm = scene.alarm
    out = scene.give(SignChanged(alarm, "settled", server=SERVER))
    assert ForgetMoves(alarm) in out
    assert AlarmNote("settled") in out
    assert any(isinstance(one, Commit) and isinstance(one.records[0], AlarmSettled) for one in out)
    assert (scene.sign(), scene.blob) == (Sign.NONE, b"")


def test_who_comes_is_coming_though_another_server_knows_less() -> None:
    scene = Scene()
    scene.press()
    scene.give(SignChanged(scene.alarm, "taken", server=SERVER))
    scene.give(SignChanged(scene.alarm, "delivered", server=OTHER))
    assert scene.sign() is Sign.COMING
    scene.give(SignChanged(scene.alarm, "delivered", server=SERVER))
    assert scene.sign() is Sign.SHOWN, "the lease ran out where it was taken"


def test_a_leads_sentence_stays_when_a_later_word_has_none() -> None:
    scene = Scene()
    scene.press()
    scene.give(SignChanged(scene.alarm, "seen", 2, SERVER))
    scene.give(SignChanged(scene.alarm, "taken", 0, SERVER))
    assert scene.face().sentence == 2


def test_a_restart_sends_the_same_moves_again_and_shows_the_alarm() -> None:
    scene = Scene()
    scene.press()
    scene.give(MoveKept(scene.alarm, 1))
    alarm, body = scene.alarm, scene.moves[1]
    scene.second += 2
    out = scene.restart()
    assert [one for one in out if isinstance(one, SendMove)] == [SendMove(alarm, 1, body)]
    assert AlarmNote("raise") in out
    assert scene.sign() is Sign.KEPT
    scene.give(None, 4)
    assert scene.sign() is Sign.NOBODY, "the six seconds count from the raise, not from the restart"


def test_a_restart_goes_on_with_the_number_so_that_no_move_is_made_twice() -> None:
    scene = Scene()
    scene.press()
    scene.give(MoveKept(scene.alarm, 1))
    scene.restart()
    sent = scene.press(after=5)[0]
    assert isinstance(sent, SendMove)
    assert sent.no == 2


def test_a_restart_keeps_what_a_desk_has_told() -> None:
    scene = Scene()
    scene.press()
    scene.give(SignChanged(scene.alarm, "taken", 4, SERVER))
    scene.restart(moves=False)
    assert (scene.sign(), scene.face().sentence) == (Sign.COMING, 4)
    scene.give(SignChanged(scene.alarm, "delivered", server=SERVER))
    assert scene.sign() is Sign.SHOWN


def test_an_alarm_that_was_noted_but_neither_kept_nor_stored_is_asked_for_again() -> None:
    scene = Scene()
    scene.press()
    out = scene.restart(moves=False)
    sent = [one for one in out if isinstance(one, SendMove)]
    assert [(one.no, int(open_alarm(one.body).move.kind)) for one in sent] == [(2, MoveKind.PRESSED_AGAIN)]
    assert scene.sign() is Sign.NONE, "nothing has been kept yet"


def test_a_crash_between_keeping_and_noting_still_shows_the_alarm() -> None:
    scene = Scene()
    scene.press()
    scene.blob = b""
    scene.restart()
    assert scene.face().open
    assert scene.sign() is Sign.KEPT


def test_an_alarm_of_yesterday_is_sent_again_but_not_shown() -> None:
    scene = Scene()
    scene.press()
    scene.second += 13 * 3600
    out = scene.restart()
    assert any(isinstance(one, SendMove) for one in out)
    assert not scene.face().open


def test_damaged_state_shows_nothing_and_breaks_nothing() -> None:
    scene = Scene()
    for blob in (b"x", b"\xff" * 34, bytes(400)):
        scene.blob = blob
        scene.moves = {1: b"no move at all"}
        scene.restart()
        assert scene.sign() is Sign.NONE


def test_a_part_that_was_built_anew_gets_its_alarm_back() -> None:
    scene = Scene()
    scene.press()
    scene.give(SignChanged(scene.alarm, "seen", server=SERVER))
    scene.part = scene.new()
    assert scene.give(StateRecalled(scene.blob)) != []
    assert scene.sign() is Sign.SHOWN


def test_a_seat_that_was_built_anew_is_told_of_the_open_alarm() -> None:
    scene = Scene()
    assert scene.give(PartFailed("seat")) == []
    scene.press()
    assert scene.give(PartFailed("seat")) == [AlarmNote("raise")]


def test_every_move_that_a_server_holds_is_noted_as_done_also_after_the_end() -> None:
    scene = Scene()
    scene.press()
    alarm = scene.alarm
    scene.give(SignChanged(alarm, "settled", server=SERVER))
    assert MoveDone(alarm, 1, b"s" * 16, True) in scene.give(MoveStored(alarm, 1, b"s" * 16, 0, last=True))


def test_listeners_are_known_only_from_living_servers() -> None:
    scene = Scene()
    assert scene.face().listeners is None
    scene.give(EnrolmentChanged(True, False))
    scene.give(ListenersChanged(3, "8110", SERVER))
    scene.give(ListenersChanged(0, "", OTHER))
    assert (scene.face().listeners, scene.face().number, scene.face().enrolled) == (3, "8110", True)
    scene.give(LinkChanged(SERVER, "stream", False, 0))
    assert scene.face().listeners == 0
    scene.give(LinkChanged(OTHER, "stream", False, 0))
    assert (scene.face().listeners, scene.face().number) == (None, "8110")


def test_every_change_of_the_sign_is_recorded_with_its_alarm() -> None:
    scene = Scene()
    scene.press()
    alarm = scene.alarm
    scene.give(MoveKept(alarm, 1))
    scene.give(SignChanged(alarm, "taken", server=SERVER))
    scene.give(SignChanged(alarm, "settled", server=SERVER))
    log = [one.records[0] for one in scene.out if isinstance(one, Commit)]
    signs = [(one.alarm, one.sign) for one in log if isinstance(one, AlarmSignChanged)]
    assert signs == [(alarm, "kept"), (alarm, "coming"), (alarm, "none")]


# --- any order of events, against the ledger ----------------------------------------------------------------------

PEOPLE = ("lead-1", "lead-2")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([0.5, 2.0, 7.0])),
        st.tuples(st.just("kept"), st.just(0)),
        st.tuples(st.just("stored"), st.just(0)),
        st.tuples(st.just("receipt"), st.tuples(st.sampled_from(PEOPLE), st.sampled_from(list(ReceiptState)))),
        st.tuples(st.just("expire"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("settle"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("press"), st.just(0)),
        st.tuples(st.just("take_back"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("built_anew"), st.just(0)),
        st.tuples(st.just("repeat"), st.just(0)),
    ),
    max_size=14,
)


@dataclass
class Ledger:
    """The server's view of the one alarm, which tells the PC each change as the server does."""

    alarm: bytes
    facts: set[Fact] = field(default_factory=set)
    order: int = 0
    told: str = "raised"
    back: bool = False

    @property
    def state(self) -> AlarmState:
        return fold(self.facts)

    def number(self) -> int:
        self.order += 1
        return self.order

    def move(self, no: int, kind: MoveKind, level: int) -> None:
        self.facts.add(Move(AlarmId(self.alarm), no, kind, level))

    def news(self) -> list[SignChanged]:
        status = self.state.status.value
        word = "delivered" if status == "raised" and self.state.delivered_to else status
        if self.back or word == self.told:
            return []
        self.told = word
        return [SignChanged(self.alarm, word, server=SERVER)]


def play(scene: Scene, ledger: Ledger, what: str, how: object) -> None:
    """One step, on the PC or on the server, and what the server then tells."""
    alarm = AlarmId(ledger.alarm)
    if what == "wait":
        assert isinstance(how, float)
        scene.give(None, how)
    elif what == "kept":
        scene.give(MoveKept(ledger.alarm, 1))
    elif what == "stored":
        scene.give(MoveStored(ledger.alarm, 1, b"s" * 16, 1))
    elif what == "receipt":
        assert isinstance(how, tuple)
        person, state = how
        ledger.facts.add(Receipt(alarm, DeskId(person.encode()), person, 1, state, 0, ledger.number()))
    elif what == "expire":
        assert isinstance(how, str)
        fence = max((claim.order or 0 for claim in ledger.state.claims if claim.person == how), default=0)
        ledger.facts.add(TakeExpired(alarm, ledger.number(), how, fence))
    elif what == "settle":
        assert isinstance(how, str)
        ledger.facts.add(Settled(alarm, ledger.number(), how, ledger.state.last_no, "other"))
    elif what == "press":
        for one in scene.press(after=4):
            if isinstance(one, SendMove) and one.alarm == ledger.alarm:
                move = open_alarm(one.body).move
                ledger.move(move.no, MoveKind(move.kind), move.level)
    elif what == "take_back" and scene.face().open and not ledger.back:
        for asked in scene.give(commands.TakeBack("123456")):
            if isinstance(asked, SealPin):
                scene.give(PinSealed(asked.alarm, asked.no, b"p" * 80))
                ledger.move(asked.no, MoveKind.TAKE_BACK, 2)
                ledger.back = True
    elif what == "restart":
        scene.restart()
    elif what == "built_anew":
        scene.part = scene.new()
        scene.give(StateRecalled(scene.blob))
    elif what == "repeat" and ledger.told != "raised" and not ledger.back:
        scene.give(SignChanged(ledger.alarm, ledger.told, server=SERVER))
    for news in ledger.news():
        scene.give(news)


@given(steps=STEPS)
@settings(max_examples=250, deadline=None)
def test_in_any_order_the_sign_says_what_the_ledger_says(steps: list[tuple[str, object]]) -> None:
    scene = Scene()
    scene.press()
    ledger = Ledger(scene.alarm)
    ledger.move(1, MoveKind.RAISE, 2)
    kept = False
    for what, how in steps:
        play(scene, ledger, what, how)
        kept = kept or what in ("kept", "stored", "restart") or ledger.told != "raised"
        if not ledger.state.open or ledger.back or scene.alarm != ledger.alarm:
            break
        expected = told_to_origin(ledger.state, scene.second).value
        if expected == "kept" and not kept:
            expected = "none"
        assert scene.sign().value == expected, (what, how)
    if (ledger.back or not ledger.state.open) and scene.alarm == ledger.alarm:
        assert scene.sign() is Sign.NONE
