"""The table of what leaves the PC: whole, in step with the declarations, and the page made of it."""

from importlib import resources

import pytest

from app.content.texts import LANGUAGES, table
from app.policy.settings import SETTINGS
from app.privacy.declared import FORMATS, NEVER, RECEIVED, SENT, Place
from app.privacy.table import markdown, rows, word
from app.protocol.api import MESSAGES
from app.protocol.records import KINDS

WORDS = {language: table(language) for language in LANGUAGES}
GONE = {"pin_", "secret", "phone", "title", "clipboard", "screenshot"}


def test_every_record_kind_is_a_row_and_stands_where_its_file_is() -> None:
    places = {row.name: row.place for row in rows()}
    for kind in KINDS.values():
        assert places[kind.name] is (Place.LEAVES if kind.leaves else Place.STAYS)
    assert len(places) == len(rows()) == len(KINDS) + len(SENT) + len(FORMATS)


def test_every_message_is_said_to_leave_the_pc_or_to_come_to_it() -> None:
    assert set(SENT) | set(RECEIVED) == set(MESSAGES), "place the new message in app.privacy.declared"
    assert not set(SENT) & set(RECEIVED)


def test_every_field_of_every_row_says_what_it_is_for() -> None:
    bare = [f"{row.name}.{field.name}" for row in rows() for field in row.fields if not field.meaning]
    assert not bare, f"give these a description where they are declared: {bare}"


def test_what_stays_on_the_pc_never_gets_to_the_server() -> None:
    for row in rows():
        assert (row.on_server == "never there") == (row.place is Place.STAYS)


def test_presence_calls_breaks_and_unlocks_stay_on_the_pc() -> None:
    staying = {row.name for row in rows() if row.place is Place.STAYS}
    own = {name for name in KINDS if name.split(".")[0] in ("presence", "call", "break", "shift")}
    assert own | {"session.unlocked", "lock.asked", "lock.confirmed"} <= staying


def test_no_row_has_a_field_for_what_is_never_recorded() -> None:
    named = {field.name for row in rows() for field in row.fields}
    assert not [name for name in named for word_ in GONE if word_ in name]


def test_a_setting_that_a_row_waits_for_exists_and_is_off() -> None:
    waiting = {row.setting for row in rows() if row.setting}
    assert waiting == {"privacy.lock_events"}
    assert all(SETTINGS[setting].default is False for setting in waiting)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_page_is_left_over(language: str) -> None:
    keys = {key.removeprefix("privacy.") for key in WORDS[language] if key.startswith("privacy.row_")}
    assert keys == {row.key for row in rows()}
    assert {key for key in WORDS[language] if key.startswith("privacy.never_")} == {f"privacy.never_{n}" for n in NEVER}


def test_the_page_is_the_one_generated_now() -> None:
    page = resources.files("resources").joinpath("docs", "user", "privacy-table.md").read_text(encoding="utf-8")
    assert page == markdown(WORDS), "run: python3 packaging/dev.py generate"


def test_the_page_names_every_row_in_every_language_and_every_field() -> None:
    page = markdown(WORDS)
    for row in rows():
        for language in LANGUAGES:
            assert WORDS[language][f"privacy.{row.key}"] in page
        assert f"**{row.name}**" in page
    assert "一次锁屏的时间 (仅当 `privacy.lock_events` 打开时，默认关闭)" in page


def test_times_are_translated_and_an_unknown_word_names_its_key() -> None:
    assert word("kept", "190 days", WORDS["zh_CN"]) == "190 天"
    with pytest.raises(KeyError, match=r"privacy\.purpose_because"):
        word("purpose", "because", WORDS["en"])
