import re
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.library import Library
from app.content.search import Entry, Hit, Index, Search, entry_of
from app.content.search.near import Vocabulary, one_edit, said
from app.content.search.spelled import Syllables
from app.content.search.words import QUERY_MAX, fold_blob, fold_query, plain_han, query
from app.tools.packs.pinyin import readings, script_readings, sounds
from tests.unit.content.samples import script, step, three

SOUNDS = sounds()
CORE = Library("zh_CN").search()
IDS = {one.id for one in Library("zh_CN").scripts}


def entry(name: str, order: int, cn: str, tw: str, en: str, **other: object) -> Entry:
    data = script(order, title=three(cn, tw, en), **other)
    return entry_of(name, data, script_readings(data))


def words(cn: list[str], tw: list[str], en: list[str]) -> dict[str, object]:
    return three(cn, tw, en)


SMALL = Index(
    (
        entry("insults", 10, "客户骂人", "客戶罵人", "Insults",
              words=words(["辱骂", "骂人", "脏话", "难听"], ["辱罵", "罵人", "髒話", "難聽"], ["insults", "swearing", "shouting", "rude"])),
        entry("threat", 20, "客户威胁", "客戶威脅", "Threats",
              words=words(["威胁", "恐吓", "动手", "报警"], ["威脅", "恐嚇", "動手", "報警"], ["threat", "weapon", "police", "violence"])),
        entry("fraud-boss", 30, "冒充老板", "冒充老闆", "Fake boss",
              words=words(["冒充", "老板", "转账", "重复转账"], ["冒充", "老闆", "轉帳", "假主管"], ["fake boss", "transfer", "urgent", "impostor"])),
        entry("self-harm", 40, "客户想轻生", "客戶想輕生", "May harm himself",
              words=words(["轻生", "自杀", "不想活", "绝望"], ["輕生", "自殺", "不想活", "絕望"], ["suicide", "self harm", "hopeless", "crisis"]),
              step=[step("您现在安全吗？"), step("我在，您慢慢说。"), step()]),
    ),
    SOUNDS,
)  # fmt: skip
SEARCH = Search(SMALL)


def first(typed: str) -> str:
    found = SEARCH.find(typed)
    return found[0].script_id if found else ""


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("骂人", "insults"), ("罵人", "insults"), ("骂", "insults"), ("maren", "insults"), ("ma ren", "insults"), ("mà rén", "insults"),
        ("mr", "insults"), ("rm", "insults"), ("rum", "insults"), ("mren", "insults"), ("INSULTS", "insults"), ("ｉｎｓｕｌｔｓ", "insults"),
        ("insul", "insults"), ("insutls", "insults"), ("swaering", "insults"), ("wearing", ""), ("nsults", "insults"), ("脏话", "insults"),
        ("威胁", "threat"), ("威協", "threat"), ("威协", "threat"), ("weixie", "threat"), ("weixei", "threat"), ("wx", "threat"),
        ("tonghe", ""), ("konghe", "threat"), ("客户威吓", "threat"), ("police weapon", "threat"), ("poilce", "threat"),
        ("老闆", "fraud-boss"), ("老板", "fraud-boss"), ("fake bos", "fraud-boss"), ("boss", "fraud-boss"), ("boss fake", "fraud-boss"),
        ("chongfu", "fraud-boss"), ("cf", "fraud-boss"), ("zuanzang", "fraud-boss"), ("laoban", "fraud-boss"), ("naoban", "fraud-boss"),
        ("客户说不想活了", "self-harm"), ("qinsheng", "self-harm"), ("自杀", "self-harm"), ("安全吗", "self-harm"), ("nindong", ""), ("anquan", "self-harm"),
        ("aqm", "self-harm"), ("hopeless caller", "self-harm"),
    ],
)  # fmt: skip
def test_what_is_typed_finds_the_script(typed: str, wanted: str) -> None:
    assert first(typed) == wanted or (not wanted and wanted not in {hit.script_id for hit in SEARCH.find(typed)})


def test_the_reason_of_a_hit_is_the_best_place_in_which_it_stands() -> None:
    reasons = {typed: SEARCH.find(typed)[0].why for typed in ("冒充老板", "老板", "冒", "老板", "点名骂", "慢慢说", "威協")}
    assert reasons == {"冒充老板": "title", "老板": "words", "冒": "prefix", "点名骂": "signs", "慢慢说": "say", "威協": "typo"}
    assert SEARCH.find("户")[0].why == "part"
    assert SEARCH.find("不想活了吗")[0].why == "near"


def test_nothing_typed_finds_nothing() -> None:
    for typed in ("", " ", "，。！", "{}", "\u0301"):
        assert SEARCH.find(typed) == []
    assert SEARCH.find("骂", limit=0) == []
    assert Search(Index()).find("骂人 abc") == []


def test_among_equals_own_use_goes_first_then_favourites_then_the_order_of_the_pack() -> None:
    def names(**how: object) -> list[str]:
        return [hit.script_id for hit in SEARCH.find("客户", **how)]  # type: ignore[arg-type] # keyword arguments of several types

    assert names() == ["insults", "threat", "self-harm"]
    assert names(favourites=frozenset({"self-harm"})) == ["self-harm", "insults", "threat"]
    assert names(used={"threat": 2}, favourites=frozenset({"self-harm"})) == ["threat", "self-harm", "insults"]
    assert SEARCH.find("威胁", used={"insults": 99})[0].script_id == "threat", "use never beats a better place"


def test_an_entry_of_a_site_replaces_and_one_is_taken_away() -> None:
    other = entry("threat", 5, "客户闹事", "客戶鬧事", "Row")
    search = Search(SMALL.with_entries([other], ["insults"]))
    assert [hit.script_id for hit in search.find("客户")] == ["threat", "self-harm"]
    assert search.find("闹事") == [Hit("threat", "part")]


def test_a_long_text_counts_up_to_its_bound() -> None:
    assert len(query("骂" * 9999)) == QUERY_MAX
    assert SEARCH.find("a" * 100_000) == []


# --- parts ----------------------------------------------------------------------------------------------------------


def test_readings_know_phrases_and_other_readings_of_single_characters() -> None:
    assert readings("重复来电")[0] == "ChongFuLaiDian"
    assert readings("曝光")[:2] == ["BaoGuang", "PuGuang"], "also as it is often read"
    assert {"ChaPing", "ChaiPing"} <= set(readings("差评"))
    assert readings("差评", others=0) == ["ChaPing"]
    assert readings("IT部门，110！", others=0) == ["ITBuMen"]
    assert readings("绿色", others=0) == ["LvSe"]
    assert readings("police 110") == []


def test_the_table_of_sounds_reads_both_scripts() -> None:
    assert said(SOUNDS, "威協") == said(SOUNDS, "威胁") == "WeiXie"
    assert said(SOUNDS, "老闆") == "LaoBan"
    assert said(SOUNDS, "老x") == ""
    assert all(re.fullmatch(r"[A-Z][a-z]*[\u4e00-\u9fff]+", line) for line in SOUNDS.splitlines())


def test_speakers_who_do_not_tell_zh_from_z_are_understood() -> None:
    assert fold_blob("ZhuanZhangNanNvLvShi") == "ZuanZanLanLuLuSi"
    for typed in ("zhuanzhang", "zuanzang", "zhuanzan"):
        assert fold_query(typed) == "zuanzan"
    assert fold_query("nan") == "lan"


def test_letters_part_into_syllables_in_every_way() -> None:
    from app.content.search.sections import Blob

    known = Syllables([Blob("\nXiAnXianMaRen\n")])
    assert set(known.partings("xian")) == {"Xian", "XiAn"}
    assert known.partings("mare") == ["MaRe"]
    assert known.partings("zzz") == []
    assert known.possible("mren")
    assert not known.possible("mrq")
    assert known.initials("mrx")
    assert not known.initials("mi")


def deletions(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def edits(word: str) -> set[str]:
    """Every text one edit away, by the definition."""
    found = set(deletions(word))
    for at in range(len(word) + 1):
        for one in "abx":
            found |= {word[:at] + one + word[at:], word[:at] + one + word[at + 1 :]}
        if at + 1 < len(word):
            found.add(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return found


@given(st.text("abx", min_size=4, max_size=8))
def test_one_edit_is_what_the_definition_says(word: str) -> None:
    for typed in edits(word):
        assert one_edit(typed, word), (typed, word)


@given(st.text("ab", min_size=4, max_size=6), st.text("ab", min_size=3, max_size=7))
def test_more_than_one_edit_is_not_forgiven(typed: str, word: str) -> None:
    near = any(typed == start or typed in edits(start) or start in edits(typed) for start in (word[:end] for end in range(len(word) + 1)))
    assert one_edit(typed, word) == near


def test_a_vocabulary_finds_words_also_when_the_first_letter_is_wrong_by_a_swap() -> None:
    known = Vocabulary({"threat": {1}, "insults": {2}, "is": {3}})
    assert known.near("htreat") == {1}
    assert known.near("insult") == {2}
    assert known.near("nsult") == known.near("onsult") == {2}
    assert known.near("isx") == set()
    assert len(known) == 2


@given(st.lists(st.text("ab", min_size=3, max_size=7), max_size=12, unique=True), st.text("ab", min_size=4, max_size=7))
def test_a_vocabulary_finds_all_words_one_edit_away_and_no_others(words: list[str], typed: str) -> None:
    known = Vocabulary({word: {number} for number, word in enumerate(words)})
    assert known.near(typed) == {number for number, word in enumerate(words) if one_edit(typed, word)}


# --- properties over the shipped pack -------------------------------------------------------------------------------

TYPED = st.text() | st.text(ascii_lowercase + " ", max_size=16) | st.text("客户骂人威胁退款要投诉隐私泄露轻生 ", max_size=8)


@given(TYPED, st.integers(1, 20))
def test_any_text_is_searched_without_a_crash_and_finds_each_script_at_most_once(typed: str, limit: int) -> None:
    found = CORE.find(typed, limit)
    names = [hit.script_id for hit in found]
    assert len(names) == len(set(names)) <= limit
    assert set(names) <= IDS
    assert found == CORE.find(typed, limit), "the same question has the same answer"
    assert found == CORE.find(typed, 99)[:limit], "a smaller limit cuts, it does not choose"


@given(st.sampled_from(sorted(IDS)), st.data())
def test_any_piece_of_a_scripts_chinese_finds_it(name: str, data: st.DataObject) -> None:
    library = Library(data.draw(st.sampled_from(["zh_CN", "zh_TW"])))
    found = library.script(name)
    assert found is not None
    phrase = plain_han(data.draw(st.sampled_from([found.title, *found.words, *found.signs, *(one.say for one in found.steps)])))
    start = data.draw(st.integers(0, len(phrase) - 1))
    piece = phrase[start : data.draw(st.integers(start + 1, len(phrase)))]
    assert name in {hit.script_id for hit in CORE.find(piece, 99)}


@given(st.text("客户骂人威胁退款投诉要想不", min_size=1, max_size=5), st.text("客户骂人威胁退款投诉", min_size=1, max_size=2))
def test_typing_on_never_brings_up_a_script_that_was_not_there_but_for_typos(typed: str, more: str) -> None:
    before = {hit.script_id for hit in CORE.find(typed, 99)}
    after = {hit.script_id for hit in CORE.find(typed + more, 99) if hit.why not in ("typo", "near")}
    assert after <= before


def test_every_script_is_first_for_its_own_title_in_every_language() -> None:
    for language in ("zh_CN", "zh_TW", "en"):
        for one in Library(language).scripts:
            assert one.id in [hit.script_id for hit in CORE.find(one.title)[:2]], (language, one.title)
