"""What a plain text of a pack may be made of, and how long it may be; pure functions that tell a fault in one clause.

Plain means: nothing that a widget, a printer or a chat could take for markup, a link or a picture, and nothing invisible.
"""

import re
import unicodedata
from collections.abc import Iterator

from app.content.shapes import VARIABLES, Text

LONGEST = 400
"""Characters of any single text, whatever its own bound says."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z0-9]+(?:[.'’%-][A-Za-z0-9]+)*")
_VARIABLE = re.compile(r"\{(\w*)\}")
_LINK = re.compile(r"://|\bwww\.|\bmailto:|\bhttps?\b|\b[a-z0-9-]+\.(?:com|net|org|cn|tw|hk|html?|exe|png|svg)\b", re.I)
_MARKUP = re.compile(r"[<>`\\|]|&[#\w]+;|\*\*|__|\]\(|^\s*(?:[#*+-]|\d+\.)\s")
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")
_FOREIGN_QUOTES = {"zh_CN": "「」『』\"", "zh_TW": "“”‘’\"", "en": "「」『』《》。，、；：？！（）"}
_SET_OF = {"zh_CN": "gb2312", "zh_TW": "big5"}
_BESIDE = {"zh_CN": frozenset("瞅囧嘞咗"), "zh_TW": frozenset("着")}


def faults(text: object, spec: Text, language: str) -> Iterator[str]:
    """What is wrong with one text in one language; nothing if it is well."""
    if not isinstance(text, str):
        yield "is not a text"
        return
    if not text.strip():
        yield "is empty"
        return
    if len(text) > LONGEST:
        yield f"has {len(text)} characters, no text may have more than {LONGEST}"
        return
    yield from _characters(text)
    yield from _language(text, spec, language)
    yield from _variables(text, spec)
    yield from _length(text, spec, language)


def variables(text: str) -> set[str]:
    """The names in braces."""
    return set(_VARIABLE.findall(text))


def han(text: str) -> int:
    """Han characters, a run of Latin letters or digits as one."""
    return len(_HAN.findall(text)) + len(_LATIN.findall(_VARIABLE.sub("", text)))


def _characters(text: str) -> Iterator[str]:
    for mark in text:
        kind = unicodedata.category(mark)
        # Cc controls, Cf invisible and bidi marks, Co private, Cs halves, Cn unassigned, Zl Zp line ends, So pictures
        if kind in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "So"):
            yield f"holds the character U+{ord(mark):04X}, which plain text may not"
            return
    if text != text.strip() or "  " in text:
        yield "begins or ends with a space, or has two in a row"
    if text != unicodedata.normalize("NFC", text):
        yield "is not in the composed form of Unicode (NFC)"
    if found := _LINK.search(text):
        yield f"holds “{found.group()}”, which looks like a link or a file"
    if found := _MARKUP.search(text):
        yield f"holds “{found.group().strip()}”, which looks like markup"


def _language(text: str, spec: Text, language: str) -> Iterator[str]:
    if found := set(text) & set(_FOREIGN_QUOTES[language]):
        yield f"holds {''.join(sorted(found))}, which {language} does not write"
    if language == "en":
        if foreign := "".join(_HAN.findall(text)):
            yield f"holds {foreign[:8]}, which is not English"
        return
    letters: list[str] = _HAN.findall(text)
    if not letters and not spec.free:
        yield "holds no Chinese character"
    if strange := sorted({one for one in letters if not _usual(one, language)}):
        yield f"holds {''.join(strange)}, which {language} does not write"
    if narrow := _HALF_WIDTH.search(text):
        yield f"has half-width punctuation in “{narrow.group()}”"


def _usual(letter: str, language: str) -> bool:
    """The national character sets tell the two scripts apart well: Simplified forms are missing in Big5 and vice versa."""
    try:
        letter.encode(_SET_OF[language])
    except UnicodeEncodeError:
        return letter in _BESIDE[language]
    return True


def _variables(text: str, spec: Text) -> Iterator[str]:
    bare = _VARIABLE.sub("", text)
    if "{" in bare or "}" in bare:
        yield "has a brace that is no variable"
    for name in sorted(variables(text)):
        if not spec.slots:
            yield f"holds the variable {{{name}}}; only `say` may"
        elif name not in VARIABLES:
            yield f"holds the unknown variable {{{name}}}; known are {', '.join(VARIABLES)}"


def _length(text: str, spec: Text, language: str) -> Iterator[str]:
    if language == "en":
        if (found := len(text.split())) > spec.words:
            yield f"has {found} words, at most {spec.words}"
    elif spec.marks:
        # a variable stands for about four characters
        if (found := len(_VARIABLE.sub("____", text))) > spec.han:
            yield f"has {found} characters, at most {spec.han}"
    elif (found := han(text)) > spec.han:
        yield f"has {found} Chinese characters, at most {spec.han}"
