"""Mail addresses, written or spoken (zhang at qq dot com, 小张艾特qq点com)."""

import re
from collections.abc import Iterator
from typing import Final

from app.privacy.masking.flat import HAN
from app.privacy.masking.values import Found, Kind

_LOCAL: Final = re.compile(r"[A-Za-z0-9._%+'~-]{1,64}[ \n]?$")
_AT: Final = re.compile(r"@|(?: ?[\[(]at[\])] ?)|艾特|小老鼠| at (?=[A-Za-z0-9-]{1,63} (?:dot|点) )"
    r"|(?P<hash>(?:(?<=[A-Za-z0-9])(?:#|\(a\)|圈a)|(?<=[A-Za-z0-9 ])井[号號] ?)(?=(?:[A-Za-z0-9-]{1,40}[.。]){1,2}(?:com|net|cn|org|hk|tw)(?![A-Za-z0-9./])))",
    re.I,
)
"""A hash or (a) for @ only before a whole domain: C#, page#part and #12 are none."""
_DOMAIN: Final = re.compile(
    rf"[ \n]?(?:[A-Za-z0-9{HAN}][A-Za-z0-9{HAN}-]{{0,62}}?(?: ?\.| \. |。(?=[A-Za-z])| dot | ?[点點] ?| ?[\[(]dot[\])] ?)){{1,6}}"
    r"(?:[A-Za-z]{2,24}|中国|公司|网络)",
    re.I,
)


def mails(text: str) -> Iterator[Found]:
    """Findings in a flat text, rising and apart."""
    last = 0
    for at in _AT.finditer(text):
        local = _LOCAL.search(text, max(last, at.start() - 65), at.start())
        domain = _DOMAIN.match(text, at.end())
        if local and domain and not (at["hash"] and local.start() and text[local.start() - 1] in "/=?&"):
            last = domain.end()
            yield Found(Kind.MAIL, local.start(), last)
