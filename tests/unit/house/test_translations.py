import re
import string

import pytest

from app.content.texts import LANGUAGES, Texts, system_language, table

SIMPLIFIED_ONLY = "们这说时间锁继续报设备应该关处还没连网内码发现请问过个让给从对开会单号话线钟级别记录"
"""Characters whose Traditional form differs; one of them in zh_TW is a leftover."""


def arguments(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key_with_the_same_arguments(language: str) -> None:
    ours, first = table(language), table(LANGUAGES[0])
    assert set(ours) == set(first)
    assert {key: arguments(ours[key]) for key in ours} == {key: arguments(first[key]) for key in first}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_unfinished(language: str) -> None:
    bad = [key for key, text in table(language).items() if not text.strip() or re.search(r"TODO|FIXME|xxx", text)]
    assert not bad


def test_english_is_english_and_chinese_is_chinese() -> None:
    same_everywhere = {key for key, text in table("en").items() if not re.search(r"[A-Za-z]{3,}", text)}
    english_with_chinese = [key for key, text in table("en").items() if re.search(r"[\u4e00-\u9fff]", text)]
    assert not [key for key in english_with_chinese if not key.startswith("settings.language")]
    for language in ("zh_CN", "zh_TW"):
        without = [key for key, text in table(language).items() if not re.search(r"[\u4e00-\u9fff]", text)]
        assert set(without) <= same_everywhere, f"{language} is not translated: {without}"


def test_traditional_chinese_is_written_not_copied() -> None:
    leftovers = {key: found for key, text in table("zh_TW").items() if (found := set(text) & set(SIMPLIFIED_ONLY))}
    assert not leftovers


def test_an_unknown_key_is_an_error_and_an_unknown_language_is_chinese() -> None:
    with pytest.raises(KeyError):
        Texts("en").t("nowhere.nothing")
    assert Texts("xx").language == "zh_CN"
    assert system_language() in LANGUAGES
