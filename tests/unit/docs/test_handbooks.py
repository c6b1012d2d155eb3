"""The handbooks: three languages that say the same, with the very words of the screen."""

import re

import pytest

from app.content.texts import LANGUAGES, table
from tests.unit.docs.pages import text
from tests.unit.house.test_translations import SIMPLIFIED_ONLY

NAMES = {"SafeSeat", "IT", "PIN", "Ctrl", "Alt", "Esc", "Win", "md", "privacy", "table"}
"""Words of Latin letters that Chinese pages may hold: names, keys, and the file of a link."""
QUOTES = {"zh_CN": "“([^”]+)”", "zh_TW": "「([^」]+)」", "en": "“([^”]+)”"}


def book(language: str) -> str:
    return text("user", f"handbook.{language}.md")


def outline(language: str) -> list[str]:
    """The page's skeleton: headings, list items, table rows, links, figures of times; the same in every language."""
    found = []
    for line in book(language).splitlines():
        mark = re.match(r"#+ |\| |- |\d\. ", line)
        if mark:
            found.append(mark.group().strip())
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_quotes_are_the_words_on_the_screen(language: str) -> None:
    one_line = [one.replace("\n", " " if language == "en" else "") for one in table(language).values()]
    shown = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(one)) for one in one_line]
    screen = re.compile("|".join(f"(?:{one})" for one in shown))
    quoted = [" ".join(one.split()) for one in re.findall(QUOTES[language], book(language))]
    assert len(quoted) > 20
    assert not [one for one in quoted if not screen.fullmatch(one)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_handbooks_have_one_outline(language: str) -> None:
    assert outline(language) == outline("zh_CN")


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_chinese_pages_hold_no_english_but_names(language: str) -> None:
    plain = re.sub(r"`[^`]*`", "", book(language).replace("\\`", ""))
    assert set(re.findall(r"[A-Za-z]{2,}", plain)) <= NAMES


def test_traditional_chinese_is_written_not_converted() -> None:
    assert not set(book("zh_TW")) & set(SIMPLIFIED_ONLY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_handbook_tells_every_stroke_of_the_sign_and_the_way_to_the_table(language: str) -> None:
    for stroke in "一二三╱":
        assert f"| {stroke} |" in book(language)
    assert "(privacy-table.md)" in book(language)
