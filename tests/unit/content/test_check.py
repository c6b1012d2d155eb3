import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import rules
from app.content.check import check_all, check_entry
from app.content.errors import ContentError
from app.content.shapes import LANGUAGES, Text
from app.content.shipped import shipped
from app.content.source import FILE_MAX, read_pack
from tests.unit.content.samples import card, script, step, three

CORE = Path(str(shipped("content", "core")))
PLAIN = Text(60, 40)


def told(kind: str, data: dict[str, Any], name: str = "sample") -> list[str]:
    return [str(fault) for fault in check_entry(kind, name, data)]


def test_the_samples_are_well() -> None:
    assert told("scripts", script()) == []
    assert told("cards", card()) == []


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.pop(key)


def _with(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.update({key: value})


SPOILT: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (_without("aim"), "scripts/sample.toml: aim: is missing."),
    (_with("colour", "red"), "scripts/sample.toml: colour: is not a known key."),
    (_with("group", "songs"), "group: must be one of emotion"),
    (_with("order", True), "order: must be a whole number from 0 to 9999."),
    (_with("tile", 7), "tile: must be a whole number from 1 to 6."),
    (_with("title", "客户骂人"), "title: needs its languages: title.zh_CN, title.zh_TW, title.en."),
    (lambda data: data["title"].pop("zh_TW"), "title.zh_TW: is missing."),
    (lambda data: data["title"].update(fr="x"), "title.fr: is not one of the three languages."),
    (lambda data: data["title"].update(zh_CN=7), "title.zh_CN: is not a text."),
    (lambda data: data["title"].update(zh_CN=" "), "title.zh_CN: is empty."),
    (lambda data: data["title"].update(zh_CN="客" * 13), "title.zh_CN: has 13 Chinese characters, at most 12."),
    (lambda data: data["title"].update(en="one two three four five six"), "title.en: has 6 words, at most 5."),
    (lambda data: data["words"].update(zh_CN=["骂"]), "words.zh_CN: has 1 entries, 4 to 10 are right."),
    (lambda data: data["words"].update(en=["a", "b", "c", "A"]), "words.en: says the same twice."),
    (lambda data: data["words"].update(en="insults"), "words.en: is not a list of texts."),
    (lambda data: data["signs"]["en"].append("see www.example"), "signs.en, entry 4: holds “www.”"),
    (lambda data: data["step"].pop(), "step: stands 2 times, 3 to 7 are right."),
    (_with("step", "first"), "step: is not a list of tables; write [[step]]."),
    (_with("step", [1, 2, 3]), "step 1: is not a table."),
    (lambda data: data["step"][1]["say"].update(zh_CN="您" * 41), "step 2, say.zh_CN: has 41 characters, at most 40."),
    (lambda data: data["step"][0]["avoid"].update(zh_CN=["别急"]), "step 1, avoid.zh_CN: has 1 entries, 2 are right."),
    (lambda data: data["step"][0]["say"].update(en="{company} here"), "fill: names nothing, but say uses company."),
    (_with("fill", ["company"]), "fill: names company, but say uses none."),
    (_with("fill", ["company", "company"]), "fill: names one of them twice."),
    (_with("fill", ["car"]), "fill: must be a list of words out of company"),
    (lambda data: data["step"][0]["say"].update(en="{car} here"), "holds the unknown variable {car}"),
    (lambda data: data["aim"].update(en="{company} first"), "aim.en: holds the variable {company}; only `say` may."),
    (lambda data: data["aim"].update(en="a { b"), "aim.en: has a brace that is no variable."),
    (_with("step", [step(warn=2), step(warn=1), step()]), "step.warn: must rise from step to step, each number once."),
    (_with("raise", [{"level": 4, "when": three("威胁", "威脅", "threat")}]), "raise 1, level: must be a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT, ids=lambda given: given if isinstance(given, str) else "")
def test_each_fault_is_one_sentence_with_file_key_and_what_is_wrong(spoil: Callable[[Any], object], sentence: str) -> None:
    data = deepcopy(script())
    spoil(data)
    assert [one for one in told("scripts", data) if sentence in one]


@pytest.mark.parametrize(
    ("text", "language", "clause"),
    [
        ("这是", "zh_TW", "holds 这, which zh_TW does not write"),
        ("這是", "zh_CN", "holds 這, which zh_CN does not write"),
        ("客户 is", "en", "is not English"),
        ("hello", "zh_CN", "holds no Chinese character"),
        ("您好,请说", "zh_CN", "half-width punctuation"),
        ("他说「好」", "zh_CN", "holds 「」"),
        ("他說“好”", "zh_TW", "holds “”"),
        ("a <b>c</b>", "en", "looks like markup"),
        ("**now**", "en", "looks like markup"),
        ("- one", "en", "looks like markup"),
        ("&nbsp;", "en", "looks like markup"),
        ("see https://x", "en", "looks like a link"),
        ("open note.html", "en", "looks like a link"),
        ("one\ntwo", "en", "U+000A"),
        ("one\u202etwo", "en", "U+202E"),
        ("one\u200btwo", "en", "U+200B"),
        ("good 👍", "en", "U+1F44D"),
        ("caf\u0065\u0301", "en", "NFC"),
        ("two  spaces", "en", "two in a row"),
        ("x " * 201, "en", "no text may have more than 400"),
    ],
)
def test_a_text_that_is_not_plain_or_not_its_language_is_told(text: str, language: str, clause: str) -> None:
    assert [one for one in rules.faults(text, PLAIN, language) if clause in one]


@pytest.mark.parametrize(
    ("text", "language"),
    [("您说“好”，我就办。", "zh_CN"), ("您說「好」，我就辦。", "zh_TW"), ("You can’t — it’s “fine”, 80% done.", "en"), ("请拨 110，说清地点。", "zh_CN")],
)
def test_ordinary_sentences_are_well(text: str, language: str) -> None:
    assert list(rules.faults(text, PLAIN, language)) == []


def test_a_run_of_latin_letters_counts_as_one_character_and_a_variable_as_none() -> None:
    assert rules.han("请联系IT部门{company}，号码8110") == 9
    assert rules.variables("{company} {name}") == {"company", "name"}


def test_rules_across_the_keys_of_cards_exercises_lists_callers_and_questions() -> None:
    line = {"label": three("原话", "原話", "Exact words")}
    assert told("cards", card(form=[line])) == ["cards/sample.toml: form: only the card for a bomb threat has one."]
    assert told("cards", card(icon="bomb", form=[line])) == []
    assert "reviewed_on: must be a day" in told("cards", card(reviewed_on="2026-13-01"))[0]
    phase = {"name": three("吸气", "吸氣", "Breathe in"), "seconds": 4, "text": three("吸气", "吸氣", "Breathe in")}
    exercise = {"order": 1, "kind": "breathing", "seconds": 9, "rounds": 2, "title": phase["name"], "aim": phase["name"], "phase": [phase]}
    assert told("exercises", exercise) == ["exercises/sample.toml: seconds: is 9, but 2 rounds of 4 s make 8."]
    item = {"id": "desk", "text": three("桌面", "桌面", "Desk clear")}
    assert "“desk” stands 2 times" in told("checklists", {"order": 1, "title": item["text"], "item": [item, item]})[0]
    assert "id: must be an id" in told("checklists", {"order": 1, "title": item["text"], "item": [item | {"id": "A b"}]})[0]
    answer = {"text": item["text"], "good": False, "why": item["text"]}
    turn = {"caller": item["text"], "answer": [answer] * 3}
    caller = {"order": 1, "title": item["text"], "story": item["text"], "turn": [turn] * 3}
    assert "turn 1, answer.good: is true for 0 answers" in told("callers", caller)[0]
    question = {"id": "q-one", "text": item["text"], "why": item["text"], "answer": [{"text": item["text"], "right": True}] * 4}
    quiz = {"title": item["text"], "question": [question]}
    assert "question 1, answer.right: is true for 4 answers" in told("quiz", quiz)[0]
    assert "must be true or false" in told("quiz", quiz | {"question": [question | {"answer": [{"text": item["text"], "right": 1}] * 4}]})[0]


def test_a_name_that_is_no_id_is_told() -> None:
    assert "must be an id" in told("scripts", script(), "Not_An Id")[0]


def test_orders_tiles_and_questions_stand_once_in_a_pack() -> None:
    twice = {"scripts": {"one": script(tile=1), "two": script(tile=1)}}
    assert [str(fault) for fault in check_all(twice)] == [
        "scripts/two.toml: order: 10 is also that of one.",
        "scripts/two.toml: tile: 1 is also that of one.",
    ]
    bank = {"quiz": {"x": {"question": [{"id": "q"}, {"id": "q"}]}}}
    assert "quiz: question.id: “q” stands 2 times." in map(str, check_all(bank))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(list(LANGUAGES)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.sampled_from(list(LANGUAGES)), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["scripts", "cards", "quiz"]), st.data())
def test_whatever_stands_in_a_file_is_told_and_never_crashes(kind: str, data: st.DataObject) -> None:
    entry = {"scripts": script(), "cards": card(), "quiz": {"title": three("题", "題", "Quiz"), "question": []}}[kind]
    key = data.draw(st.sampled_from(sorted(entry)))
    for fault in check_all({kind: {"sample": entry | {key: data.draw(JSON)}}}):
        assert "\n" not in str(fault)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_is_judged_without_a_crash(text: str, language: str) -> None:
    list(rules.faults(text, PLAIN, language))


# --- folders --------------------------------------------------------------------------------------------------------


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "pack.toml").write_text('schema = 1\nid = "test"\nversion = 1\n', encoding="utf-8")
    for name, text in files.items():
        file = tmp_path / name.replace("__", "/")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(place: Path) -> list[str]:
    return [str(fault) for fault in read_pack(place)[1]]


def test_a_folder_that_is_no_pack_is_told(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["pack.toml: is missing."]
    with pytest.raises(ContentError, match="not a folder"):
        read_pack(tmp_path / "nowhere")


def test_what_does_not_belong_into_a_folder_is_told(tmp_path: Path) -> None:
    place = folder(tmp_path, songs="x", scripts__a="x", **{"scripts__b.toml": "= broken", "cards__c.toml": "#" * (FILE_MAX + 1)})
    (place / "scripts" / "d.toml").write_bytes(b"\xff\xfe")
    found = "\n".join(faults_of(place))
    for part in ("songs: does not belong", "scripts/a: is not a TOML file", "scripts/b.toml: is not TOML", "at most 262144", "d.toml: is not UTF-8"):
        assert part in found


def test_the_head_of_a_pack_is_checked(tmp_path: Path) -> None:
    place = folder(tmp_path)
    head = 'schema = 2\nid = "A"\nversion = 0\nremoved = ["x"]\nreviewed_on = 5\nsite = {guards_phone = "x", lair = "y", aed = ""}\nmore = 1\n'
    (place / "pack.toml").write_text(head, encoding="utf-8")
    assert {one.split(": ")[1] for one in faults_of(place)} == {
        "schema", "id", "version", "removed", "reviewed_on", "site.guards_phone", "site.lair", "site.aed", "more",
    }  # fmt: skip
    (place / "pack.toml").write_text('schema = 1\nid = "a"\nversion = 2\nsite = 3\n', encoding="utf-8")
    assert faults_of(place) == ["pack.toml: site: is not a table."]


def test_a_sites_head_is_read(tmp_path: Path) -> None:
    head = 'schema = 1\nid = "a"\nversion = 2\nremoved = ["cards/fire"]\nreviewed_on = 2026-11-02\n[site]\nguards_phone = "8119"\n'
    place = folder(tmp_path)
    (place / "pack.toml").write_text(head, encoding="utf-8")
    source, faults = read_pack(place)
    assert not faults
    assert (source.removed, source.reviewed_on, source.site) == (("cards/fire",), "2026-11-02", {"guards_phone": "8119"})


def test_the_shipped_pack_is_whole_in_three_languages() -> None:
    source, faults = read_pack(CORE)
    assert [str(fault) for fault in faults] == []
    assert source.entries["scripts"]


def test_one_missing_text_anywhere_in_the_shipped_pack_would_be_told(tmp_path: Path) -> None:
    first = sorted((CORE / "scripts").glob("*.toml"))[0]
    place = folder(tmp_path)
    (place / "scripts").mkdir()
    shutil.copy(first, place / "scripts" / first.name)
    text = first.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if ".zh_TW" in line]
    assert lines
    for line in lines:
        (place / "scripts" / first.name).write_text(text.replace(line + "\n", "", 1), encoding="utf-8")
        assert faults_of(place)
