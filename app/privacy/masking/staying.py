"""What looks like numbers and stays: dates, times, amounts, addresses of machines, versions, event numbers, hashes.

A hotline (110, 119, 120, 122, 955xx, 400-…, 800-…) is an organisation's and stays as well; those with ten digits are kept out
in `numbers`, the short ones match nothing.
"""

import re
from typing import Final

_MONEY_BEFORE = r"(?:[¥￥$€£]|RMB|CNY|USD|HKD|TWD|NTD|EUR|NT\$|HK\$)"
_MONEY_AFTER = r"(?:元(?![旦月])|块钱|塊錢|美元|美金|港币|港幣|台币|台幣|人民币|人民幣|万|萬|亿|億|%|‰|°|(?:RMB|CNY|USD|HKD|TWD|NTD|EUR|ms|MB|GB|KB|px|bytes|yuan|dollars)(?![A-Za-z]))"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"

STAYING: Final = re.compile(
    "|".join(
        (
            # UUID; MAC; IPv6 (two groups of hex at least and a double colon, or all eight)
            r"(?<![0-9A-Fa-f-])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Fa-f-])",
            r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Fa-f:-])",
            r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f:])",
            r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}(?![0-9A-Fa-f:])",
            # IPv4, with a port or a network's size
            r"(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:[:/][0-9]{1,5})?(?!\.?[0-9])",
            # versions
            r"(?<![A-Za-z0-9])(?:[Vv](?:er(?:sion)?)?\.? ?|[Vv]ersion |版本号?:? ?|版本號:? ?)[0-9]{1,6}(?:\.[0-9]{1,6}){1,4}(?:[-+][0-9A-Za-z.]{1,20})?",
            # dates and times, written out or as one number after them
            rf"(?<![0-9.])(?<![0-9]-)(?:19|20)[0-9]{{2}}([-/.])(?:{_MONTH})\2(?:{_DAY})(?:[T ][0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?)?(?![0-9]|-[0-9])",
            rf"(?<![0-9])(?:[0-9]{{2,4}}年)?{_MONTH}月(?:{_DAY}[日号號])?",
            r"(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?![0-9:])",
            # a time stamp of a machine with its fraction, as PBX call ids have it
            r"(?<![0-9.])1[0-9]{9}\.[0-9]{1,6}(?!\.?[0-9])",
            # event numbers and other codes of letters and groups
            r"(?<![A-Za-z0-9])(?!(?:tel|phone|mobile|cell|fax|card|id|hk|tw|cn)-)[A-Za-z][A-Za-z0-9]{1,15}[-_](?:19|20)[0-9]{6}[-_][0-9]{1,8}(?![0-9])",
            # amounts
            rf"{_MONEY_BEFORE} ?[0-9]{{1,15}}(?:,[0-9]{{3}}){{0,5}}(?:\.[0-9]{{1,4}})?(?![0-9])",
            rf"(?<![0-9.])(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,5}}|[0-9]{{1,15}})(?:\.[0-9]{{1,4}})? ?{_MONEY_AFTER}",
            r"(?<![0-9.])(?<![0-9],)[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,4})?(?![0-9,])",
            r"(?<![0-9.])[0-9]{1,12}\.[0-9]{1,2}(?![0-9.]|-[0-9])",
        )
    )
)
"""Bounded everywhere: each position costs a constant."""


def staying(text: str) -> list[tuple[int, int]]:
    """Places of a flat text that hold no personal number; rising, apart, none empty."""
    return [(hit.start(), hit.end()) for hit in STAYING.finditer(text)]
