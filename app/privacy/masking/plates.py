"""Vehicle plates: the mainland's by their form; Taiwan's, Hong Kong's, Macau's and others' only beside a word.

Product codes and flights look the same (BGR-3906, BR 872), so that a plate abroad needs 车牌, registration and the like before it, or
a vehicle directly before or behind it (白色轎車BGR-3906, "a van, LK19 ZPT"). Everything is looked at through windows: linear.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.privacy.masking.flat import FIELD
from app.privacy.masking.labels import AGAIN, Label, Labels
from app.privacy.masking.values import Found, Kind

_ALNUM = "[A-HJ-NP-Za-hj-np-z0-9]"
_BREAK = rf"[\n{FIELD}]"
_IN = rf"(?:[ \-]?{_BREAK}|[ \-])?"
_MAINLAND: Final = re.compile(
    r"[京津沪滬渝冀豫云辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊]"
    rf"(?: ?{_BREAK}| )?[A-Za-z] ?[·.\-]?(?: ?{_BREAK}| )?(?=(?:[A-Za-z]{_IN}){{0,4}}[0-9])(?:{_ALNUM}{_IN}){{4}}(?:{_ALNUM}{{1,2}}|[挂掛学學警港澳领領])(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])WJ ?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]? ?[0-9A-Z]{5}"
    r"|(?<![0-9A-Za-z])(?:使 ?[0-9]{6}|[0-9]{6} ?使)(?![0-9])",
)
_MAINLAND_BROKEN: Final = re.compile(_BREAK)

_GAP = rf"(?:[ ·\-]?{_BREAK}|[ \-·])?"
_NO_WORD = (
    "(?!(?:at|on|in|of|to|for|by|no|No|is|was|the|and|or|a|an|as|it|he|she|we|his|her|my|our|its|per|all|any|has|had|are|not|but|out|off|up|so|if|am|pm|"
    "one|two|six|ten|via|ext|day|min|sec|km|kg|cm|row|bay|lot|id|reg|tag|van|car|cab|bus)(?![A-Za-z0-9]))"
)
_NO_MODEL = (
    "(?!(?i:BMW|AMG|SUV|MPV|CRV|HRV|RAV|GL[A-ES]|KTM|YZF|PCX|CX|XC|GT|RS|MT|EV|mid|pre|est|ref|ext|tel|ver|INC|REQ|SKU|GPS|ETC|APP|"
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?![A-Za-z])|(?:KM|NO|UK|US|HK|TW|CN|ID|IP|PM|AC|HP|CC)[ -])(?!20[0-9]{2}-[QHW][0-9]|[QHVW][1-4]-)"
)
"""Models of cars, countries, months, quarters: what stands beside a vehicle and is no plate."""
_NEAR: Final = re.compile(
    rf"(?<![A-Za-z0-9_-]){_NO_MODEL}(?:"
    rf"(?:[A-Z]{{3}}|[a-z]{{3}}(?=-)){_GAP}[0-9]{{4}}"  # Taiwan
    r"|[A-Z]{2,3}-[0-9]{3}|[0-9]{3}-[A-Z]{2,3}|[0-9]{4}-[A-Z][A-Z0-9]|[A-Z][A-Z0-9]-[0-9]{4}"
    rf"|[A-HJ-NP-Z]{{2}}(?: ?{_BREAK}| )?[0-9]{{3,4}}"  # Hong Kong
    r"|[A-Z]{1,2}-[0-9]{2}-[0-9]{2}"  # Macau
    rf"|[A-Z]{{2}}[0-9]{{2}}{_GAP}[A-Z]{{3}}|[0-9][A-Z]{{3}}[0-9]{{3}}"  # Britain, California
    r")(?![A-Za-z0-9]|-[A-Za-z0-9])"
)
_NAMED: Final = re.compile(
    rf"(?<![A-Za-z0-9_-])(?=[A-Za-z\n \-]{{0,6}}[0-9]){_NO_WORD}(?:"
    rf"[A-Z]{{1,3}}{_GAP}[0-9]{{1,3}}{_GAP}[A-Z]{{2,3}}|[A-Za-z]{{2}}[0-9]{{2}}{_GAP}{_NO_WORD}[A-Za-z]{{3}}|[A-Za-z][0-9]{{1,3}}{_GAP}{_NO_WORD}[A-Za-z]{{3}}"
    rf"|[A-Za-z]{{2}}{_GAP}[0-9]{{3}}{_GAP}{_NO_WORD}[A-Za-z]{{2}}|[A-Za-z]{{1,3}}-[A-Za-z]{{1,2}} ?[0-9]{{1,4}}"
    rf"|[A-Za-z]{{1,2}}[ \-]?[0-9]{{2}}-[0-9]{{2}}|[0-9][A-Za-z]{{3}}[0-9]{{3}}|[A-Z]{_GAP}[0-9]{{1,4}}|[A-Za-z](?:[A-Za-z]{{1,2}}{_GAP})?[0-9]{{1,4}}"
    rf"|(?=[0-9-]{{0,5}}[A-Za-z])[A-Za-z0-9]{{2,4}}-[A-Za-z0-9]{{2,4}}|[0-9]{{3,4}}{_GAP}{_NO_WORD}[A-Za-z]{{2,3}}"
    r")(?![A-Za-z0-9])"
)

_CARS = "car|van|truck|lorry|taxi|cab|vehicle|motorbike|motorcycle|scooter|minibus|bus|suv|sedan|saloon|hatchback|pickup|jeep|trailer|moped"
_BRANDS = (
    "Toyota|Honda|BMW|Benz|Mercedes|Audi|Tesla|Nissan|Mazda|Lexus|Ford|Volvo|Volkswagen|VW|Hyundai|Kia|Suzuki|Porsche|Alphard|"
    "丰田|豐田|本田|宝马|寶馬|奔驰|賓士|平治|奥迪|奧迪|福斯|特斯拉|日产|日產|裕隆|馬自達|凌志|比亚迪|比亞迪"
)
_BEFORE: Final = re.compile(
    rf"(?:(?<![列火动動缆纜馬马0-9半整])[车車](?:[子仔輛辆主]|身)?|司[機机](?:先生|大哥)?|運將|[騎骑駕驾][著着]?|的士|小巴|大巴|巴士|摩托|小黃|{_BRANDS}|(?<![A-Za-z])(?:{_CARS}))"
    r"(?:[ :,(\"'“”‘’「『·\n-]|是|為|为|係|叫|嘅|的|牌|[号號]码?碼?|掛|挂|[一那這这]?[輛辆台架部]|(?<![A-Za-z])(?:is|was|no\.?|number|reg|plates?|tag|registered|marked|with|the)(?![A-Za-z])){0,6}$",
    re.I,
)
_BEHIND: Final = re.compile(
    r"[ )”」』]?(?:(?:的|嘅|之)?(?:那|這|这|呢|嗰)?[輛辆台架部](?:[白黑紅红藍蓝灰銀银黃黄綠绿]色)?(?:小?[轎轿貨货客機机卡]?[车車]|的士|Toyota|Tesla)"
    r"|(?:的|嘅)(?:[白黑紅红藍蓝灰銀银黃黄綠绿]色)?(?:小?[轎轿貨货客機机卡汽房警單单]|私家|計程|出租|休旅)[车車](?![0配用款座椅墊垫罩鎖锁險险模上架])"
    r"|(?:租[賃赁]|出租|計程|计程|私家|自用|營業|营业|白牌|多元計程)[车車](?![0配用款座椅墊垫罩鎖锁險险模上架行廠厂公業业合])"
    r"|是(?:我|你|他|她|那人|客[戶户])的?[车車](?![型款種种])"
    r"|(?:的|嘅)(?:[车車](?:主|(?=[擋挡停在開开佔占又已還还]|[ ,。!]|$))|司[機机]))"
    rf"|,? \(?(?:is )?(?:an?|the|his|her|that) (?:[a-z]{{3,9}} ){{0,2}}(?:{_CARS})(?=[.,;!?)]|$| (?:at|in|on|is|was|and|that|has|which|parked|block|outside|from|with))",
)
_WINDOW: Final = 32
_JOINED: Final = 6


def plates(text: str, labels: Labels) -> Iterator[Found]:
    """Findings in a flat text with figures for Chinese digits; may overlap, the surer comes first."""
    for hit in _MAINLAND.finditer(text):
        sure = "·" in hit[0] or not _MAINLAND_BROKEN.search(hit[0])
        if sure or labels.before(hit.start()) is Label.PLATE or _beside(text, hit.start(), hit.end()):
            yield Found(Kind.PLATE, hit.start(), hit.end())
    ends: set[int] = set()
    for hit in _NAMED.finditer(text):
        if labels.before(hit.start()) is Label.PLATE:
            ends.add(hit.end())
            yield Found(Kind.PLATE, hit.start(), hit.end())
    yield from _near(text, labels, ends)


def _near(text: str, labels: Labels, ends: set[int]) -> Iterator[Found]:
    """Beside a vehicle, or joined by 和 to a plate; the word before an order's number keeps what no vehicle stands before."""
    for hit in _NEAR.finditer(text):
        start = hit.start()
        again = any(end in ends and AGAIN.fullmatch(text, end, start) for end in range(start - _JOINED, start))
        if again or _beside(text, start, hit.end(), labels.before(start) is Label.OTHER):
            ends.add(hit.end())
            yield Found(Kind.PLATE, start, hit.end())


def _beside(text: str, start: int, end: int, kept: bool = False) -> bool:
    """Whether a vehicle stands directly before, or behind unless `kept`."""
    if _BEFORE.search(text, max(0, start - _WINDOW), start):
        return True
    return not kept and _BEHIND.match(text, end) is not None
