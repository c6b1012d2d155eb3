from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import library as library_module
from app.content.cards import CardNumbers, card_numbers, is_stale, shipped_cards
from app.content.errors import ContentError
from app.content.library import Library, core
from app.content.project import MAKERS, projected
from app.content.shapes import KINDS, LANGUAGES
from app.content.source import BUILT, read_pack
from app.tools.packs.build import build, built
from tests.unit.content.samples import card, three
from tests.unit.content.test_check import CORE

X = three("题", "題", "Topic")


def test_what_is_built_is_what_the_sources_say() -> None:
    source, _ = read_pack(CORE)
    made = built(source)
    stale = [name for name, text in made.items() if (CORE / BUILT / name).read_text(encoding="utf-8") != text]
    assert not stale, "run: python packaging/dev.py generate"
    found = {file.relative_to(CORE / BUILT).as_posix() for file in (CORE / BUILT).rglob("*") if file.is_file()}
    assert found == set(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_sources_can_be_opened_in_every_language(language: str) -> None:
    source, _ = read_pack(CORE)
    library = Library(language)
    for kind in KINDS:
        opened = getattr(library, kind)
        assert {one.id for one in opened} == set(source.entries.get(kind, {}))
        orders = [one.order for one in opened]
        assert orders == sorted(orders)


def test_a_script_is_what_its_source_says() -> None:
    source, _ = read_pack(CORE)
    for name, data in source.entries["scripts"].items():
        for language in LANGUAGES:
            found = Library(language).script(name)
            assert found is not None
            assert found.title == data["title"][language]  # type: ignore[index] # checked by its shape
            assert [one.say for one in found.steps] == [row["say"][language] for row in data["step"]]  # type: ignore[attr-defined] # checked by its shape


def test_only_what_is_asked_for_is_read_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, ...]] = []

    def counted(*parts: str) -> dict[str, dict[str, object]]:
        read.append(parts)
        return core(*parts)

    monkeypatch.setattr(library_module, "core", counted)
    library = Library("en")
    assert read == []
    assert library.scripts
    assert library.scripts
    assert library.script(library.scripts[0].id) is library.scripts[0]
    assert read == [("en", "scripts.json")]


def test_another_language_shares_the_search_and_an_unknown_one_is_chinese() -> None:
    library = Library("en")
    search = library.search()
    assert library.other("zh_TW").search() is search
    assert library.other("zh_TW").language == "zh_TW"
    assert Library("xx").language == "zh_CN"


def test_tiles_stand_in_their_order() -> None:
    tiles = [one.tile for one in Library("zh_CN").tiles]
    assert tiles == sorted(set(tiles))
    assert set(tiles) <= set(range(1, 7))


def test_content_that_is_missing_is_told_in_one_sentence() -> None:
    with pytest.raises(ContentError, match="missing or damaged"):
        core("en", "songs.json")


def test_building_refuses_faults_and_clears_what_is_no_longer_there(tmp_path: object) -> None:
    from pathlib import Path

    place = Path(str(tmp_path))
    (place / "pack.toml").write_text("schema = 2\n", encoding="utf-8")
    with pytest.raises(ContentError, match="faults in all"):
        build(place)
    (place / "pack.toml").write_text('schema = 1\nid = "x"\nversion = 1\n', encoding="utf-8")
    assert len(build(place)) == 3 * len(KINDS) + 2
    (place / BUILT / "en" / "songs.json").write_text("{}", encoding="utf-8")
    assert [file.name for file in build(place)] == ["songs.json"]
    assert build(place) == []


def test_the_numbers_of_a_card_are_its_keys_and_those_in_its_texts() -> None:
    data = card(who=three("拨 110，再拨 020 1234-5678。", "撥 110。", "Call 110 within 20 s."))
    assert card_numbers(data) == CardNumbers(("fire", "internal"), frozenset({"110", "02012345678"}))
    assert set(shipped_cards()) == {one.id for one in Library("en").cards}


@pytest.mark.parametrize(
    ("reviewed", "today", "stale"),
    [
        ("2026-08-21", date(2026, 11, 21), False), ("2026-08-21", date(2026, 11, 22), True), ("2026-08-31", date(2026, 11, 30), False),
        ("2026-08-31", date(2026, 12, 1), True), ("2025-12-01", date(2026, 3, 1), False), ("2025-11-30", date(2026, 3, 1), True),
        ("2026-12-01", date(2026, 11, 21), False), ("", date(2026, 11, 21), False), ("2026-02-30", date(2026, 11, 21), False),
    ],
)  # fmt: skip
def test_a_card_is_stale_once_three_months_have_gone_by(reviewed: str, today: date, stale: bool) -> None:
    assert is_stale(reviewed, today) is stale


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_a_card_gets_stale_between_89_and_93_days_and_stays_so(reviewed: date, days: int) -> None:
    stale = is_stale(reviewed.isoformat(), reviewed + timedelta(days))
    assert stale if days > 93 else not stale if days < 89 else True
    if stale:
        assert is_stale(reviewed.isoformat(), reviewed + timedelta(days + 1))


SAMPLES: dict[str, dict[str, object]] = {
    "frameworks": {"aim": X, "step": [{"name": X, "text": X}]},
    "cards": card(icon="bomb", form=[{"label": X, "choices": three(["题"], ["題"], ["Topic"])}], reviewed_on="2026-11-02"),
    "exercises": {"kind": "breathing", "seconds": 8, "rounds": 2, "aim": X, "phase": [{"name": X, "seconds": 4, "text": X}]},
    "checklists": {"item": [{"id": "desk", "text": X, "fact": "headset", "repair": True}]},
    "callers": {"story": X, "turn": [{"caller": X, "answer": [{"text": X, "good": True, "why": X}]}]},
    "quiz": {"question": [{"id": "q", "text": X, "why": X, "answer": [{"text": X, "right": True}]}]},
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_becomes_a_value_of_one_language(kind: str) -> None:
    data = {"order": 3, "title": X} | SAMPLES[kind]
    for language, word in (("zh_CN", "题"), ("zh_TW", "題"), ("en", "Topic")):
        made = MAKERS[kind]("sample", projected(KINDS[kind], data, language))
        assert made.id == "sample"
        told = repr(made)
        assert word in told
        assert not any(other in told for other in ("题", "題", "Topic") if other != word)
