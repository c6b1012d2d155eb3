"""One form for what is typed and what is searched: no case, no punctuation, no width, no tones; pure functions."""

import re
import unicodedata

QUERY_MAX = 40
"""Characters of a query that count."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SLOT = re.compile(r"\{\w*\}")
_APOSTROPHE = re.compile(r"['’]")
_OTHER = re.compile(r"[\W_]+")


def has_han(text: str) -> bool:
    """Whether there is a Han character in it."""
    return _HAN.search(text) is not None


def plain(text: str) -> str:
    """Small letters, digits and Han characters, words apart by one space; variables fall out."""
    text = _APOSTROPHE.sub("", _SLOT.sub(" ", unicodedata.normalize("NFKC", text).casefold()))
    return _OTHER.sub(" ", text).strip()


def plain_han(text: str) -> str:
    """The same without any space: Chinese does not write them, and a comma need not be typed."""
    return plain(text).replace(" ", "")


def query(text: str) -> str:
    """What counts of a typed text; accents of pinyin (mà rén) fall away with all others."""
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text[: 4 * QUERY_MAX]) if not unicodedata.combining(one))
    return plain(text[: 4 * QUERY_MAX])[:QUERY_MAX].strip()


def fold_blob(cased: str) -> str:
    """Pinyin as those speak who do not tell zh from z, n from l or an from ang; syllables begin with capitals."""
    for one, other in (("Zh", "Z"), ("Ch", "C"), ("Sh", "S"), ("ng", "n"), ("N", "L"), ("v", "u")):
        cased = cased.replace(one, other)
    return cased


_FINAL_NG = re.compile(r"ng(?![aeiouv])")
_INITIAL_N = re.compile(r"n(?=[aeiouv])")


def fold_query(letters: str) -> str:
    """The same for typed letters, where nothing marks the syllables."""
    for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        letters = letters.replace(one, other)
    return _INITIAL_N.sub("l", _FINAL_NG.sub("n", letters)).replace("v", "u")
