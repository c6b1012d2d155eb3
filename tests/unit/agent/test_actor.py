"""The actor: order of turns, parts that fail, nothing published without reason."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from app.agent.actor import Actor, Part
from app.agent.events import Effect, PartFailed, Stop
from app.agent.lanes import Lanes
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment
from tests.unit.agent.moments import START

LIMIT = 10


@dataclass(frozen=True, slots=True)
class Say:
    word: str


@dataclass(frozen=True, slots=True)
class Write(Effect):
    word: str


@dataclass(frozen=True, slots=True)
class Written:
    word: str


@dataclass(frozen=True, slots=True)
class Unknown(Effect):
    pass


@dataclass(slots=True)
class Clerk:
    """Turns words into effects, fails on `bad`, shows the number of words written."""

    heard: list[object]
    name: str = "clerk"
    due_at: int | None = None
    written: int = 0
    faulty: str = ""

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        self.heard.append(item)
        match item:
            case Say("bad"):
                raise ValueError("bad word")
            case Say("mute"):
                self.faulty = "face"
            case Say("timeless"):
                self.faulty = "due"
            case Say("unknown"):
                return [Unknown()]
            case Say(word):
                return [Write(word), Say2(word)]
            case Written():
                self.written += 1
            case _:
                pass
        return ()

    def due(self) -> int | None:
        if self.faulty == "due":
            raise ValueError("no time")
        return self.due_at

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        if self.faulty == "face":
            raise ValueError("no face")
        return replace(shown, faults=(*shown.faults, *(["written"] * self.written)))


@dataclass(frozen=True, slots=True)
class Say2:
    word: str


@dataclass(slots=True)
class Bystander:
    """Has its own state, which a fault next door must not touch."""

    heard: list[object]
    name: str = "bystander"
    seen: int = 0

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        self.heard.append(item)
        self.seen += isinstance(item, Say)
        return ()

    def due(self) -> int | None:
        return None

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        return replace(shown, settings=replace(shown.settings, theme=str(self.seen)))


@dataclass
class Bench:
    """An actor with both parts and a lane that answers."""

    clerks: list[Clerk] = field(default_factory=list)
    clerk_heard: list[object] = field(default_factory=list)
    by_heard: list[object] = field(default_factory=list)
    shown: list[Snapshot] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        def clerk() -> Part:
            self.clerks.append(Clerk(self.clerk_heard))
            return self.clerks[-1]

        def carry(effect: Effect) -> Iterable[object]:
            assert isinstance(effect, Write)
            return [Written(effect.word)]

        self.lanes = Lanes({Write: ("pen", carry)})
        makers: list[Callable[[], Part]] = [clerk, lambda: Bystander(self.by_heard)]
        self.actor = Actor(makers, self.lanes, lambda: START)
        self.actor.subscribe(self.take)
        self.actor.start()

    def take(self, snapshot: Snapshot) -> None:
        with self.news:
            self.shown.append(snapshot)
            self.news.notify_all()

    def until(self, fits: Callable[[], object]) -> None:
        with self.news:
            assert self.news.wait_for(fits, LIMIT)

    def said(self, word: str) -> None:
        """Post a word and wait until the bystander has shown it."""
        before = int(self.actor.snapshot.settings.theme) if self.actor.snapshot.settings.theme.isdigit() else 0
        self.actor.post(Say(word))
        self.until(lambda: self.shown[-1].settings.theme == str(before + 1))

    def close(self) -> None:
        self.actor.post(Stop())
        assert self.actor.join(LIMIT)
        assert not self.lanes.stop(LIMIT)


@pytest.fixture
def bench() -> Iterable[Bench]:
    made = Bench()
    yield made
    made.close()


def test_an_effect_goes_to_its_lane_and_comes_back_as_an_input(bench: Bench) -> None:
    bench.actor.post(Say("hello"))
    bench.until(lambda: "written" in bench.shown[-1].faults)
    assert [one for one in bench.by_heard if not isinstance(one, Say | type(None))][:1] == [Say2("hello")]
    assert Written("hello") in bench.by_heard


def test_a_part_that_fails_is_built_anew_and_the_others_keep_their_state(bench: Bench) -> None:
    bench.said("one")
    bench.said("bad")
    bench.said("two")
    assert len(bench.clerks) == 2
    assert PartFailed("clerk") in bench.by_heard
    bench.until(lambda: bench.shown[-1].settings.theme == "3")


def test_a_part_that_fails_again_at_once_is_told_only_once(bench: Bench) -> None:
    for word in ("bad", "bad", "bad", "good"):
        bench.said(word)
    assert bench.by_heard.count(PartFailed("clerk")) == 1
    assert len(bench.clerks) == 4


@pytest.mark.parametrize("word", ["mute", "timeless"])
def test_a_part_without_face_or_deadline_does_not_stop_the_actor(bench: Bench, word: str) -> None:
    bench.said(word)
    bench.said("good")
    bench.until(lambda: "written" in bench.shown[-1].faults)
    assert PartFailed("clerk") in bench.by_heard


def test_an_effect_that_nobody_carries_out_is_told_and_ends_nothing(bench: Bench) -> None:
    bench.said("unknown")
    bench.said("good")
    bench.until(lambda: "written" in bench.shown[-1].faults)


def test_a_face_that_cannot_take_the_snapshot_does_not_hinder_the_others(bench: Bench) -> None:
    def refuse(snapshot: Snapshot) -> None:
        if snapshot.revision > 0:
            raise RuntimeError("a broken face")

    bench.actor.subscribe(refuse)
    bench.said("good")


def test_nothing_is_published_when_nothing_changes(bench: Bench) -> None:
    bench.said("one")
    bench.until(lambda: "written" in bench.shown[-1].faults)
    count = len(bench.shown)
    bench.actor.post(Say2("of no interest"))
    bench.actor.post(Say2("of no interest"))
    bench.said("two")
    assert next(one.settings.theme for one in bench.shown[count:]) == "2"


def test_a_new_listener_is_given_the_present_snapshot_at_once(bench: Bench) -> None:
    bench.said("one")
    got: list[Snapshot] = []
    end = bench.actor.subscribe(got.append)
    assert got[-1].settings.theme == "1"
    end()
    count = len(got)
    bench.said("two")
    assert len(got) == count


def test_a_snapshot_is_never_older_than_the_one_before(bench: Bench) -> None:
    for number in range(5):
        bench.said(str(number))
    revisions = [one.revision for one in bench.shown]
    assert revisions == sorted(revisions)


def test_the_deadline_of_a_part_wakes_it() -> None:
    heard = threading.Event()

    class Sleeper(Bystander):
        def due(self) -> int | None:
            return None if heard.is_set() else START.boot + NS // 100

        def handle(self, item: object, now: Moment) -> Iterable[object]:
            heard.set()
            return ()

    lanes = Lanes({})
    actor = Actor([lambda: Sleeper([])], lanes, lambda: START)
    actor.start()
    assert heard.wait(LIMIT)
    actor.post(Stop())
    assert actor.join(LIMIT)
