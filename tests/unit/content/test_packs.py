import json
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.content.errors import ContentError
from app.content.library import Library, core
from app.content.packs import FILE_MAX, MAGIC, Packs, Refused, Taken, countersign, packed, read
from app.protocol.document import DocKind, Document, make_document
from app.protocol.fields import canonical
from tests.unit.content.samples import (
    DAY,
    FIRST,
    KEYS,
    NOW,
    OTHER_SITE,
    POLICY,
    SECOND,
    SITE,
    Memory,
    card,
    content,
    keys,
    pack,
    script,
    three,
)


def packs(memory: Memory | None = None) -> Packs:
    return Packs(memory or Memory(), SITE)


def refusal(file: bytes, state: Packs | None = None, now: int = NOW) -> str:
    got = (state or packs()).take(file, KEYS, now)
    assert isinstance(got, Refused), got
    assert got.reason.endswith(".")
    assert "\n" not in got.reason
    return got.reason


def raw(body: bytes, version: int = 1) -> bytes:
    """A well signed pack around any bytes."""
    return MAGIC + b"\0" + make_document(Document(DocKind.CONTENT, SITE, version, NOW - DAY, NOW + DAY, body), FIRST)


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def test_a_signed_pack_is_taken_and_kept() -> None:
    memory = Memory()
    got = packs(memory).take(pack(content({"scripts": {"own-case": script()}}, site={"guards_phone": "8119"})), KEYS, NOW)
    assert isinstance(got, Taken)
    assert got.pack.site == {"guards_phone": "8119"}
    assert packs(memory).current() == got.pack


def test_the_same_pack_again_changes_nothing() -> None:
    memory, file = Memory(), pack()
    assert isinstance(packs(memory).take(file, KEYS, NOW), Taken)
    assert isinstance(packs(memory).take(file, KEYS, NOW), Taken)
    assert memory.times == 1


def test_an_older_pack_and_another_of_the_same_version_are_refused() -> None:
    memory = Memory()
    packs(memory).take(pack(version=5), KEYS, NOW)
    assert "version 4" in refusal(pack(version=4), packs(memory))
    assert "different documents" in refusal(pack(content({"scripts": {"own-case": script()}}), version=5), packs(memory))
    kept = packs(memory).current()
    assert kept is not None
    assert kept.version == 5


def test_a_pack_for_another_site_is_refused() -> None:
    assert "another site" in refusal(pack(site=OTHER_SITE))


@pytest.mark.parametrize(("now", "word"), [(NOW - 2 * DAY, "early"), (NOW + 2 * DAY, "stale")])
def test_a_new_pack_out_of_its_time_is_refused(now: int, word: str) -> None:
    held_keys = keys(("content-1", FIRST, "content"))
    widened = keys(("content-1", FIRST, "content")).__class__(
        server=held_keys.server, generation=1, expires=NOW + 300 * DAY,
        keys=tuple(key.__class__(id=key.id, alg=1, pub=key.pub, use=key.use, from_ms=0, to_ms=NOW + 300 * DAY) for key in held_keys.keys),
    )  # fmt: skip
    got = packs().take(pack(), widened, now)
    assert isinstance(got, Refused)
    assert word in got.reason


def test_a_pack_past_its_time_stays_in_force_and_asks_no_key_again() -> None:
    memory = Memory()
    taken = packs(memory).take(pack(), KEYS, NOW)
    assert isinstance(taken, Taken)
    assert packs(memory).current() == taken.pack


def test_a_key_of_another_use_and_a_strangers_key_are_refused() -> None:
    assert "content key" in refusal(pack(signer=POLICY))
    without = keys(("policy-1", POLICY, "policy"))
    got = packs().take(pack(), without, NOW)
    assert isinstance(got, Refused)


def test_a_pack_of_another_kind_of_document_is_refused() -> None:
    wrong = MAGIC + b"\0" + make_document(Document(DocKind.POLICY, SITE, 1, NOW - DAY, NOW + DAY, b"{}"), POLICY)
    assert refusal(wrong)
    assert "not a content pack" in refusal(b"")
    assert "not a content pack" in refusal(b"PK\3\4" + bytes(200))
    assert "not a content pack" in refusal(MAGIC + b"\2" + bytes(400))


def test_what_is_altered_is_refused_and_the_last_good_one_stays() -> None:
    memory = Memory()
    good = pack(content(site={"aed": "reception"}))
    packs(memory).take(good, KEYS, NOW)
    worse = bytearray(pack(version=2))
    worse[-1] ^= 1
    assert "signed" in refusal(bytes(worse), packs(memory))
    kept = packs(memory).current()
    assert kept is not None
    assert kept.site == {"aed": "reception"}


def test_a_kept_file_that_somebody_changed_is_not_used() -> None:
    memory = Memory()
    packs(memory).take(pack(), KEYS, NOW)
    assert memory.kept
    held, _ = memory.kept
    memory.kept = (held, pack(content(site={"aed": "elsewhere"})))
    assert packs(memory).current() is None
    memory.kept = (held, b"rubbish")
    assert packs(memory).current() is None


def test_bombs_are_refused_before_they_open() -> None:
    assert "8388608" in refusal(raw(zstd(bytes(9 << 20)))) or "memory" in refusal(raw(zstd(bytes(9 << 20))))
    assert "bytes" in refusal(MAGIC + bytes(FILE_MAX))
    deep = b'{"entries":' + b'{"a":' * 200_000 + b"1" + b"}" * 200_001
    assert refusal(raw(zstd(deep)))
    many = content({"scripts": {f"one-{number}": {} for number in range(501)}})
    assert "at most 500" in refusal(raw(zstd(canonical(many))))


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"not zstd", "zstd"),
        (zstd(b"[]"), "not a content pack"),
        (zstd(b'{"schema":1, "id":"x","entries":{}}'), "canonical"),
        (zstd(canonical(content(more=1))), "unknown key"),
        (zstd(canonical(content() | {"schema": 2})), "schema"),
        (zstd(canonical(content() | {"entries": []})), "tables"),
        (zstd(canonical(content() | {"entries": {"songs": {}}})), "tables"),
        (zstd(canonical(content() | {"entries": {"cards": [1]}})), "cards"),
        (zstd(canonical(content({"scripts": {"own-case": script(order=-1)}}))), "order"),
        (zstd(canonical(content({"quiz": {"x": {"question": [{"id": []}]}}}))), "quiz/x.toml"),
        (zstd(canonical(content(removed=["nowhere/x"]))), "removed"),
        (zstd(canonical(content(removed=[f"cards/c{number}" for number in range(501)]))), "at most 500"),
        (zstd(canonical(content(site={"guards_phone": "call me"}))), "guards_phone"),
        (zstd(canonical(content(site={"lair": "x"}))), "lair"),
        (zstd(canonical(content(reviewed_on="soon"))), "reviewed_on"),
        (zstd(canonical(content(pinyin=[]))), "pinyin"),
        (zstd(canonical(content(pinyin={"nobody": {}}))), "pinyin"),
        (zstd(canonical(content({"scripts": {"own": script()}}, pinyin={"own": {"title": "Ma"}}))), "short list"),
        (zstd(canonical(content({"scripts": {"own": script()}}, pinyin={"own": {"title": ["ma\n"]}}))), "pinyin"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_well_signed_pack_with_something_wrong_in_it_is_refused_whole(body: bytes, word: str) -> None:
    assert word in refusal(raw(body))


def numbers(version: int, phone: str | None, second: Any = None) -> bytes:
    return pack(content(site={"guards_phone": phone} if phone else {}), version, second=second)


def test_a_changed_or_dropped_number_needs_a_second_person() -> None:
    memory = Memory()
    assert isinstance(packs(memory).take(numbers(1, "8119"), KEYS, NOW), Taken), "a first number is no change"
    assert "guards_phone" in refusal(numbers(2, "8120"), packs(memory))
    assert "guards_phone" in refusal(numbers(2, None), packs(memory))
    assert "second person" in refusal(numbers(2, "8120", second=FIRST), packs(memory)), "the same key twice is one person"
    assert isinstance(packs(memory).take(numbers(2, "8120", second=SECOND), KEYS, NOW), Taken)


def test_a_second_signature_that_is_wrong_refuses_the_whole_pack() -> None:
    assert refusal(numbers(1, "8119", second=POLICY))


def test_removing_a_card_or_changing_its_numbers_needs_a_second_person() -> None:
    memory = Memory()
    own = content({"cards": {"own-card": card()}})
    assert isinstance(packs(memory).take(pack(own), KEYS, NOW), Taken), "a new card takes nothing away"
    assert "own-card" in refusal(pack(version=2), packs(memory))
    fewer = content({"cards": {"own-card": card(numbers=["fire"])}})
    assert "numbers on the card own-card" in refusal(pack(fewer, 2), packs(memory))
    written = content({"cards": {"own-card": card(who=three("打 8120。", "打 8120。", "Call 8120."))}})
    assert "numbers on the card own-card" in refusal(pack(written, 2), packs(memory))
    assert isinstance(packs(memory).take(pack(version=2, second=SECOND), KEYS, NOW), Taken)


def test_removing_a_shipped_card_needs_a_second_person() -> None:
    for name in core("en", "cards.json"):
        assert name in refusal(pack(content(removed=[f"cards/{name}"])))


def test_only_one_further_signature_is_added() -> None:
    twice = countersign(pack(), SECOND)
    with pytest.raises(ContentError, match="two signatures"):
        countersign(twice, SECOND)


def test_what_a_pack_holds_can_be_seen_before_signing() -> None:
    document, shown = read(pack(content(site={"aed": "reception"}), version=3))
    assert (document.version, shown.site) == (3, {"aed": "reception"})
    with pytest.raises(ContentError):
        read(b"SSPACK1\n\0short")
    with pytest.raises(ContentError):
        packed(content({"scripts": {"own": script(order=-1)}}))


def test_a_sites_entries_replace_add_and_remove_in_every_language() -> None:
    shipped = Library("en").scripts
    own = {"own-case": script(order=1, tile=1, title=three("港口闹事", "港口鬧事", "Harbour row"))}
    body = content({"scripts": own, "cards": {"own-card": card()}}, reviewed_on="2026-11-02",
                   pinyin={"own-case": {"title": ["GangKouNaoShi"]}})  # fmt: skip
    body["removed"] = [f"scripts/{shipped[0].id}"]
    got = packs().take(pack(body), KEYS, NOW)
    assert isinstance(got, Taken)
    for language, title in (("zh_CN", "港口闹事"), ("zh_TW", "港口鬧事"), ("en", "Harbour row")):
        library = Library(language, got.pack)
        assert len(library.scripts) == len(shipped)
        assert library.script(shipped[0].id) is None
        own_case = library.script("own-case")
        assert own_case is not None
        assert own_case.title == title
        assert library.tiles[0].id == "own-case", "a site's tile goes before the shipped one"
        assert {one.reviewed_on for one in library.cards} == {"2026-11-02"}
    search = Library("en", got.pack).search()
    for typed in ("港口", "鬧事", "gangkou", "gk", "harbour"):
        assert [hit.script_id for hit in search.find(typed)][:1] == ["own-case"]
    assert shipped[0].id not in [hit.script_id for hit in search.find(shipped[0].title, 99)]


@given(st.data())
def test_no_altered_byte_of_a_pack_is_ever_taken(data: st.DataObject) -> None:
    file = bytearray(numbers(1, "8119", second=SECOND))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    memory = Memory()
    assert isinstance(packs(memory).take(bytes(file), KEYS, NOW), Refused)
    assert memory.kept is None


@given(st.binary(max_size=400), st.booleans())
def test_rubbish_is_refused_in_one_sentence(data: bytes, marked: bool) -> None:
    assert refusal((MAGIC if marked else b"") + data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 60), 1 << 60) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.data())
def test_any_value_anywhere_in_a_signed_pack_is_taken_or_refused_but_never_crashes(data: st.DataObject) -> None:
    body = json.loads(json.dumps(content({"scripts": {"own": script()}, "cards": {"own-card": card()}}, site={"aed": "x"})))
    place: Any = body
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    got = packs().take(raw(zstd(canonical(body))), KEYS, NOW)
    assert isinstance(got, Taken | Refused)
    if isinstance(got, Taken):
        Library("zh_TW", got.pack).search().find("a")
