"""The marks that stand where personal data stood, in the language of the text.

The words are a table here and no translation file: a mark has to be known again in a text of any language, or masking
would not be idempotent.
"""

import re
from typing import Final

from app.privacy.masking.values import Kind

LANGUAGES: Final = ("zh_CN", "zh_TW", "en")
WORDS: Final[dict[Kind, tuple[str, str, str]]] = {
    Kind.ID: ("身份证", "身分證", "ID number"),
    Kind.ID_TAIWAN: ("身份证", "身分證", "ID number"),
    Kind.ID_HONG_KONG: ("香港身份证", "香港身分證", "Hong Kong ID"),
    Kind.ID_MACAU: ("澳门身份证", "澳門身分證", "Macau ID"),
    Kind.CARD: ("银行卡", "銀行卡", "card"),
    Kind.PHONE: ("电话", "電話", "phone"),
    Kind.MAIL: ("邮箱", "電子郵件", "mail"),
    Kind.ADDRESS: ("地址", "地址", "address"),
    Kind.PLATE: ("车牌", "車牌", "plate"),
    Kind.PASSPORT: ("护照", "護照", "passport"),
    Kind.TYPING: ("输入中", "輸入中", "typing"),
}
CONTINUED: Final = "[…]"
"""Stands for the rest of a number whose mark stands in the line or field before."""
_ANY = "|".join(sorted({re.escape(word) for words in WORDS.values() for word in words}, key=lambda word: (-len(word), word)))
MARK: Final = re.compile(rf"\[(?:…|(?:{_ANY})(?: …[0-9X]{{4}})?)\]")
_SIMPLIFIED: Final = frozenset(
    "这个们来说对会时为没还电话机号码证单户们请问给发现让员东车门里边点开关进过样样国学经业务务线网联系统设备钱银账转帐费"
    "处认识记录诉骂吓胁骗谢听讲话语报警马乡镇区县楼层邮护照张陈刘杨赵黄吴孙罗郑谢许邓冯韩苏卢蒋贾叶阎钟谭邹顾万钱严"
) - frozenset("里个照楼来叶")
_TRADITIONAL: Final = frozenset(
    "這個們來說對會時為沒還電話機號碼證單戶請問給發現讓員東車門裡邊點開關進過樣國學經業務線網聯繫統設備錢銀帳轉費"
    "處認識記錄訴罵嚇脅騙謝聽講語報馬鄉鎮區縣樓層郵護張陳劉楊趙黃吳孫羅鄭許鄧馮韓蘇盧蔣賈葉閻鍾譚鄒顧萬嚴"
)
_ONLY_SIMPLIFIED: Final = _SIMPLIFIED - _TRADITIONAL
_ONLY_TRADITIONAL: Final = _TRADITIONAL - _SIMPLIFIED - frozenset("備")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")


def language_of(text: str) -> str:
    """zh_CN, zh_TW or en by the characters used; empty where nothing tells."""
    bare = MARK.sub("", text)
    han = _HAN.findall(bare)
    latin = sum(1 for _ in _LATIN.finditer(bare))
    if not han and latin < 2:
        return ""
    if latin > 4 * len(han):
        return "en"
    traditional = sum(1 for sign in han if sign in _ONLY_TRADITIONAL)
    simplified = sum(1 for sign in han if sign in _ONLY_SIMPLIFIED)
    return "zh_TW" if traditional > simplified else "zh_CN"


def mark_for(kind: Kind, last: str, language: str) -> str:
    """The mark of one finding; `last`: up to four digits that may be shown. KeyError or ValueError: unknown language."""
    word = WORDS[kind][LANGUAGES.index(language)]
    return f"[{word} …{last}]" if len(last) == 4 else f"[{word}]"
