"""Words before a number that tell what it is: 手机, card number, 订单号 …

The nearest one counts, within a few characters and not over the end of a clause. They let in numbers that have no check
digit (eight digits after 电话) and keep out what only looks like one (order 6222…).
"""

import re
from bisect import bisect_right
from enum import Enum
from typing import Final


class Label(Enum):
    """What the word before a number says it is."""

    NONE = "none"
    OTHER = "other"
    """An order, a ticket, an amount: it stays."""
    ID = "id"
    MACAU = "macau"
    CARD = "card"
    PHONE = "phone"
    PASSPORT = "passport"
    PLATE = "plate"


_OTHER = (
    "订单[号編编]?号?码?|訂單[編号]?[號碼]{0,2}|[工运運货貨快递遞物流账賬帳保保]单号?|[工運貨保]單[編]?號?|单号|單號|流水号?|流水號|"
    "快递单?号?|快遞單?號?|物流[编編]?[号號]?|发票|發票|交易[号號单單]?|凭证|憑證|序列[号號]|型号|型號|版本号?|批次|批号|批號|"
    "事件[号編编]?[号號]?|案件|受理[号號]?|回执|回執|合同|合約|会员[号卡]?|會員[號卡]?|积分|積分|验证码|驗證碼|工号|工號|员工[号編编]?[号號]?|"
    "会话|會話|通话[Ii][Dd]|通话编号|录音[编]?号?|錄音|编号|編號|代码|代碼|金额|金額|余额|餘額|人民币|人民幣|时间戳|時間戳|端口|商品|条码|條碼|统编|統編|分机|分機|会议(?:号|ID)|會議(?:號|ID)|"
    r"meeting id|order|ticket|case|invoice|tracking|parcel|shipment|reference|ref|serial|batch|version|build|event|incident|request|transaction|"
    r"call[ -]?id|session|timestamp|amount|total|sku|imei|isbn|port|pid|hash|error|code|employee|staff|member|s/?n"
)
_POSITIVE: Final = (
    (Label.MACAU, "澳门(?:居民)?身份证|澳門(?:居民)?身[份分]證|Macau (?:ID|identity)(?: card)?|BIR"),
    (Label.PASSPORT, "护照|護照|通行证|通行證|台胞证|臺胞證|台胞證|回乡证|回鄉證|passport|travel permit"),
    (Label.ID, "身份证|身分證|身份證|证件|證件|居住证|居住證|居留证|居留證|居留|统一编号|統一證號|identity|ID (?:card|no|number)|HKID|ID"),
    (
        Label.CARD,
        "银行卡|銀行卡|信用卡|储蓄卡|儲蓄卡|借记卡|金融卡|卡号|卡號|账号|賬號|帳號|帐号|账户|賬戶|帳戶|card|account|acct|a/c",
    ),
    (
        Label.PHONE,
        "电话|電話|手机|手機|联系方式|联系|聯絡|聯繫|致电|致電|来电|來電|拨打|撥打|回拨|回撥|回电|回電|打给|打給|座机|座機|固话|市话|市話|传真|傳真|"
        "(?:我|他|她|客户|客戶|本人|对方|對方|家长|家長|主叫|被叫)的?号码|(?:我|他|她|客户|客戶|對方)的?號碼|微信|"
        "tel|telephone|phone|mobile|mob|cell|cellphone|whatsapp|fax|call (?:me|him|her|them|back)(?: (?:at|on|back))?|"
        "(?:reach|ring|text) (?:me|him|her|them)(?: (?:at|on))?|reached (?:at|on)|"
        "(?:my|his|her|their|our|home|work|office|best|another|alternate|customer's|client's|caller's) number|"
        "number (?:on|in) (?:the |his |her |our )?(?:file|record|system|profile)|number to (?:call|reach|ring|dial)|caller|area code|callback|contact|hotline|dial(?:led)?",
    ),
    (Label.PLATE, "车牌|車牌|车号|車號|牌照|牌号|牌號|number plate|licen[cs]e plate|plate|car number|registration|rego|vrm|reg(?=[ .:]{1,2}(?-i:[\u4e00-\u9fff]|[A-Z]{0,3}[ \\n-]{0,2}[0-9])|\\.? (?:no|number|mark)(?![a-z]))"),
)
_HAN_END = r"(?:号码|號碼|号|號|卡|[ -]?(?:ID|no|number|code))?"
_GROUPS = [f"(?P<{label.value}>{words})" for label, words in ((Label.OTHER, _OTHER), *_POSITIVE)]
_SIGNS = "".join(sorted({sign for sign in "".join(_GROUPS) if sign.isalpha()}))
_WORD: Final = re.compile(rf"(?=[{_SIGNS}])(?:(?<![A-Za-z])|(?=[^A-Za-z]))(?:" + "|".join(_GROUPS) + ")" + _HAN_END + "(?:(?<![A-Za-z])|(?![A-Za-z]{2}))", re.I)
_WINDOW: Final = 40
_GAP: Final = re.compile(r"[^0-9,;!?。、!\ue000\ue001\n]{0,12}\n?[^0-9,;!?。、!\ue000\ue001\n]{0,4}", re.I)
AGAIN: Final = re.compile("[ /、,]{0,2}(?:或者?|和|及|与|與|or|and|/|、)[ ]?")
"""Between a number and the next one of the same kind: 62345678 或 62345679."""


class Labels:
    """The words of a flat text, found once; linear."""

    __slots__ = ("_ends", "_labels", "_text")

    def __init__(self, text: str) -> None:
        hits = list(_WORD.finditer(text))
        self._text = text
        self._ends = [hit.end() for hit in hits]
        self._labels = [Label(hit.lastgroup) for hit in hits]

    def before(self, start: int) -> Label:
        """What the text before `start` says of a number there."""
        nearest = bisect_right(self._ends, start) - 1
        if nearest < 0 or start - self._ends[nearest] > _WINDOW:
            return Label.NONE
        gap = self._text[self._ends[nearest] : start]
        return self._labels[nearest] if _GAP.fullmatch(gap) else Label.NONE
