"""The part that knows which pack of the site holds: what it asks for, when, what it remembers and shows."""

import json

import pytest

from app.agent.events import DeskEvent, EnrolmentChanged, ReadState, SaveState, StateRead, VaultOpened
from app.agent.events.packs import FetchPack, LoadPack, PackHolds, PackRefused, PackUnfetched
from app.agent.parts.content import AGAIN, SPREAD, STATE, ContentPart
from app.agent.snapshot import Settings, Snapshot
from app.domain.moment import NS, Moment
from app.protocol.api import DocChanged

SITE, SERVER = b"\xa1" * 16, "https://one:1"
WALL = 1_795_000_000_000
DAY_MS = 24 * 3600 * 1000


def at(seconds: float, wall_ms: int = WALL) -> Moment:
    boot = int(seconds * NS)
    return Moment(boot, boot, wall_ms * 1_000_000)


def holds(version: int, until_ms: int = WALL + DAY_MS, **values: str) -> PackHolds:
    return PackHolds(SITE, version, bytes([version]) * 32, "harbour", until_ms, tuple(values.items()))


def changed(version: int, kind: str = "content") -> DeskEvent:
    return DeskEvent(SERVER, DocChanged(kind=kind, version=version))  # type: ignore[arg-type]  # one of the protocol's words


@pytest.fixture
def part() -> ContentPart:
    made = ContentPart(lambda: 0.5)
    assert list(made.handle(VaultOpened(True, True), at(0))) == [ReadState(STATE)]
    assert list(made.handle(StateRead(STATE, b""), at(0))) == [LoadPack(())]
    return made


def test_the_kept_pack_is_loaded_as_soon_as_the_servers_are_known() -> None:
    part = ContentPart(lambda: 0.5)
    assert list(part.handle(EnrolmentChanged(True, False), at(0))) == [LoadPack(())]


def test_a_new_version_is_fetched_within_the_spread_and_once(part: ContentPart) -> None:
    assert list(part.handle(changed(3), at(1))) == []
    assert list(part.handle(changed(3), at(1.5))) == []
    assert part.due() == NS + SPREAD // 2
    assert list(part.handle(None, at(2))) == [FetchPack(SERVER, ())]
    assert part.due() is None


@pytest.mark.parametrize("event", [changed(2), changed(3, "policy")])
def test_what_holds_already_and_other_documents_are_not_fetched(part: ContentPart, event: DeskEvent) -> None:
    part.handle(holds(2), at(0))
    before = part.due()
    assert list(part.handle(event, at(1))) == []
    assert part.due() == before


def test_a_server_that_is_not_reached_is_asked_again(part: ContentPart) -> None:
    part.handle(PackUnfetched(SERVER), at(10))
    assert part.due() == 10 * NS + AGAIN
    assert list(part.handle(None, at(70))) == [FetchPack(SERVER, ())]


def test_the_highest_version_of_each_site_is_kept_and_never_lowered(part: ContentPart) -> None:
    (saved,) = part.handle(holds(5), at(1))
    assert saved == SaveState(STATE, json.dumps([[SITE.hex(), 5, (b"\5" * 32).hex()]], separators=(",", ":")).encode())
    assert list(part.handle(holds(4), at(2))) == []
    anew = ContentPart(lambda: 0.5)
    assert list(anew.handle(StateRead(STATE, saved.blob), at(0))) == [LoadPack(((SITE, 5, b"\5" * 32),))]


def test_a_pack_taken_before_the_kept_state_was_read_is_saved_with_it() -> None:
    part = ContentPart(lambda: 0.5)
    assert list(part.handle(holds(5), at(0))) == []
    kept = json.dumps([[SITE.hex(), 4, "04" * 32]]).encode()
    save, load = part.handle(StateRead(STATE, kept), at(1))
    assert isinstance(save, SaveState)
    assert load == LoadPack(((SITE, 5, b"\5" * 32),))


@pytest.mark.parametrize("blob", [b"{", b'"x"', b"[[1,2]]", b'[["zz",1,"00"]]', b"\xff"])
def test_a_damaged_state_counts_as_nothing(blob: bytes) -> None:
    assert list(ContentPart(lambda: 0.5).handle(StateRead(STATE, blob), at(0))) == [LoadPack(())]


def test_a_refusal_is_shown_until_a_pack_is_taken_or_the_server_has_the_one_that_holds(part: ContentPart) -> None:
    part.handle(holds(5), at(0))
    for end in (holds(6), changed(6)):
        part.handle(PackRefused("The document is stale."), at(1))
        shown = part.face(Snapshot(0, at(1)), at(1))
        assert (shown.faults, shown.content.refused) == (("pack_refused",), "The document is stale.")
        part.handle(end, at(2))
        assert part.face(Snapshot(0, at(2)), at(2)).faults == ()


def test_the_values_of_the_pack_go_before_those_of_the_policy(part: ContentPart) -> None:
    policy = Snapshot(0, at(0), settings=Settings(site=(("guards_phone", "1"), ("aed", "floor 3")), cards_reviewed_on="2026-01-01"))
    part.handle(holds(1, guards_phone="8119"), at(0))
    shown = part.face(policy, at(0)).settings
    assert dict(shown.site) == {"guards_phone": "8119", "aed": "floor 3"}
    assert shown.cards_reviewed_on == "2026-01-01"


def test_a_pack_past_its_time_is_shown_as_such_and_the_part_wakes_for_it(part: ContentPart) -> None:
    part.handle(holds(1, until_ms=WALL + 5000), at(0))
    assert part.due() == 5 * NS
    assert part.face(Snapshot(0, at(0)), at(0)).faults == ()
    late = at(5, WALL + 5000)
    part.handle(None, late)
    shown = part.face(Snapshot(0, late), late)
    assert shown.content.stale
    assert shown.faults == ("pack_stale",)
    assert (shown.content.pack, shown.content.version) == ("harbour", 1)
