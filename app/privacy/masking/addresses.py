"""Postal addresses with a house number, in Chinese (mainland, Taiwan, Hong Kong) and English forms.

A Chinese address is a chain of numbered units (5號, 12樓, 3栋, 501室) after a street's or place's name; it begins where the
clause or the word before it (住在, 寄到) ends. Everything is looked at through windows, so the cost is linear.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.privacy.masking.flat import HAN
from app.privacy.masking.values import Found, Kind, listed

_FIGURES = "(?:[0-9]{1,5}|[一二三四五六七八九十百零〇两]{1,5})"
_NUMBER = rf"(?:[A-Za-z]?{_FIGURES}[A-Za-z]?(?:[-之~](?:{_FIGURES}[A-Za-z]?|[A-Z](?![A-Za-z]))){{0,2}}|[A-Za-z甲乙丙丁东西南北])"
_UNITS = "号院|号楼|號樓|号|號|弄|巷|衖|栋|棟|幢|座|塔|单元|單元|室|房|楼|樓|层|層|户|戶|门|門|组|組|段|鄰|邻|[Ff](?![A-Za-z])"
_NOT_AFTER = "(?![线線口机機台窗柜厅廳馆馆登码碼文令员員车車工会會]|座席|坐席|通道|出口|会议|會議)"
_BEHIND = rf"(?:[之-][ ]?{_FIGURES}[A-Za-z]?(?![0-9A-Za-z一二三四五六七八九十百零〇两年月日:])(?![ ]?(?:{_UNITS})))?"
"""What follows a unit without one of its own: 12樓之3, 201号-5."""
_PIECE: Final = re.compile(rf"(?P<number>{_NUMBER})[ \n]?(?P<unit>{_UNITS}){_NOT_AFTER}{_BEHIND}")
_TAIL: Final = re.compile(
    rf"(?:[ ,、\n-]{{0,2}}(?:[{HAN}]{{0,10}}?[ ]?){_NUMBER}[ \n]?(?:{_UNITS}){_NOT_AFTER}{_BEHIND}){{0,6}}"
)
_STREET: Final = listed("路 街 道 巷 弄 胡同 衚衕 里 段 条 條 村 庄 莊 屯 坊 圩 镇 鎮 乡 鄉 小区 小區 社区 社區 花园 花園 家园 家園 苑 公寓 邨 园 園 府 墘 坡")  # fmt: skip
_PLACE: Final = (*_STREET, "大厦", "大廈", "城", "庭", "阁", "閣", "院", "寨", "湾", "灣", "宿舍", "楼", "樓")
_NO_STREET: Final = listed(
    "知道 渠道 频道 頻道 通道 味道 报道 報道 走道 管道 轨道 軌道 电路 電路 线路 線路 思路 一路 网路 網路 半路 走路 这里 這里 那里 哪里 公里 手里 家里 心里 "
    "群里 店里 单里 系统里 里里 楼道 邮件里 上街 逛街 阶段 階段 时段 時段 地段 号段 字段 片段 一段 分段 政府 花园里 会议里 几条 两条"
)
_HOME: Final = ("栋", "棟", "幢", "单元", "單元", "号楼", "號樓", "弄", "座")
_LED: Final = listed("住 住在 家在 家住 搬到 寄到 送到 寄往 送往 寄至 送至 地址 地址: 地址是 住址 住址: 家里是")
_FLOOR: Final = listed("楼 樓 层 層 F f")
_ROOM: Final = ("室", "房", "户", "戶", "单元", "單元", "楼之", "樓之")
_STAIRS: Final = ("单元", "單元")
_SURE_ROOM: Final = tuple(room for room in _ROOM if room not in _STAIRS)
_BUILT: Final = listed("栋 棟 幢 单元 單元 号楼 號樓")
_HOUSE: Final = listed("号 號 号院 号楼 號樓 弄 巷 栋 棟 幢 室 户 戶 门 門 组 組 鄰 邻")
_LEFT: Final = re.compile(rf"[{HAN}0-9A-Za-z ()·\-]*$")
_CUT: Final = re.compile(
    "住址|地址|寄到|寄往|寄去|寄至|寄给|送到|送去|送往|送至|位于|位於|家住|家在|搬到|搬去|现住|現住|住在|住|在|到|是|去|从|從|改成|换成|換成|往|收货|收貨|于(?!洪|都|田)|於|说|說|叫|为|為|"
    "(?:^| )(?:at|to|in|from|lives?|address) "
)
_BACK: Final = 48
_ABOVE: Final = re.compile(rf"(?P<place>[{HAN} ]{{1,24}}(?:[省市区區县縣镇鎮乡鄉州旗盟村里]|街道|新区|新區))[ ,]?\n[ ]?$")
"""A line that ends in a district's name, above the line with the street."""
_NO_DISTRICT: Final = listed(
    "社区 社區 小区 小區 地区 地區 园区 園區 片区 片區 辖区 轄區 专区 專區 战区 業務區 业务区 休息区 休息區 城里 家里 这里 這里 那里 哪里 手里 心里 群里 店里 "
    "市区 市區 城市 超市 门市 門市 上市 都市 股市 各省 外省 全省 各市 各区 各區 本市 本省 本区 本區 系统里 系統里"
)
_LINES: Final = 3
_BUILDING: Final = (
    "国际中心|國際中心|商会中心|商會中心|商务中心|商務中心|金融中心|贸易中心|貿易中心|(?<!客服)(?<!呼叫)(?<!服务)(?<!服務)(?<!指挥)(?<!指揮)(?<!监控)(?<!監控)(?<!调度)(?<!数据)(?<!數據)中心|"
    "大厦|大廈|大楼|大樓|广场|廣場|公寓|花园|花園|家园|家園|花苑|嘉苑|[名雅丽麗]苑|小区|小區|公馆|公館|现代城|現代城|时代城|大悦城|名邸|华府|華府|豪庭|新村|新城|国际|國際"
)
_COUNTED = "(?![0-9A-Za-z]|[.,:][0-9]|[ ]?(?:[年月日人元次个個件位名台台块塊张張份组組平米㎡秒分天单單亿億万萬通家点點度支条條%~-]|小时|小時|多|余|餘|RMB|USD))"
_NO_HOME = "(?![ ]?(?:会议|會議|机房|機房|教室|办公|辦公|弱电|弱電|机柜|機櫃))"
_BARE_ROOM: Final = re.compile(rf"[ -]?[0-9]{{3,4}}{_NO_HOME}{_COUNTED}")
_DASHED = "[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,4}"
_ROOM_THERE = rf"[{HAN}A-Za-z]{{0,14}}?(?:{_BUILDING})(?:[ -]?[A-Za-z东西南北]?[座栋棟塔])?[ -]{{0,2}}(?:{_DASHED}|(?:[A-Za-z][0-9]?-?|[0-9]{{1,2}}-)?[0-9]{{3,4}})[室房]?{_COUNTED}"
_ROOM_BEHIND: Final = re.compile(rf"[ ,、\n]{{0,2}}(?:{_ROOM_THERE}|(?!周|星期|礼拜|禮拜|比分|约|約)[{HAN}]{{2,10}}[ ]?{_DASHED}{_COUNTED})")
_NAMED_ROOM: Final = re.compile(
    rf"(?:(?<=路)|(?<=街)|(?<=道)|(?P<led>住在?(?!院|宿|客|户|戶|进|進)|家住|寄到|寄往|寄去|寄至|送到|送往|送至|搬到|地址是?:? ?)){_ROOM_THERE}"
)
"""A building and a bare room, after a street or a word that leads to a place: 福华三路国际商会中心2801."""

_WORD = r"(?:[A-Z][A-Za-z'’]{0,20}\.?|[0-9]{1,3}(?:st|nd|rd|th))"
_KINDS = "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|Way|Close|Crescent|Path|Square|Sq|Highway|Hwy|Parkway|Praya|Alley|Aly|Estate|Lu|Jie"
_SIDE = r"(?: (?:Central|East|West|North|South|NW|NE|SW|SE|[NSEW])(?![A-Za-z]))?"
_SUB = r"(?:(?:Aly|Alley|Ln|Lane|Sec|Section)\.? ?[0-9]{1,4},? ?)"
_ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z0-9.,])(?:No\.? ?|#)?[0-9]{{1,5}}[A-Za-z]?(?:[-/][0-9]{{1,4}}[A-Za-z]?)?,? (?:{_SUB}){{0,3}}(?:{_WORD} ){{1,4}}?(?:{_KINDS})(?![A-Za-z])\.?{_SIDE}"
    rf"|(?<![A-Za-z0-9.,])[0-9]{{1,5}}[a-z]?,? (?!(?:minutes?|hours?|days?|people|cars?|the|on|of|in|at|times?|lanes?) )[a-z']{{3,15}} "
    rf"(?:(?!(?:the|on|of|in|at|to|and|by) )[a-z']{{3,15}} )?(?:street|road|avenue|lane|drive|boulevard|terrace|crescent)(?![a-z])"
    r"|(?<![A-Za-z])(?:Flat|Room|Rm|Unit)\.? [A-Za-z0-9]{1,5},? (?:[0-9]{1,3}/F|[0-9]{1,3}(?:st|nd|rd|th) [Ff]loor)"
    r"|(?<![A-Za-z])P\.? ?O\.? ?Box [0-9]{1,6}",
)
_ENGLISH_LEAD: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:Flat|Room|Rm|Unit|Apt|Apartment|Suite|Ste|Shop|House|Block|Blk|Floor|Level|Tower|flat|room|unit|apt|apartment|suite|block)\.? ?#?[A-Za-z0-9-]{1,6}"
    r"|[0-9]{1,3}(?:/F|F\.?)(?:-[0-9]{1,3})?|[0-9]{1,3}(?:st|nd|rd|th) [Ff]loor)(?:,? ?[A-Z0-9/][A-Za-z0-9/.'-]{0,20}){0,8},? ?$"
)
_POSTCODE = r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}"
_ENGLISH_TAIL: Final = re.compile(
    rf"(?:,? (?:Apt|Apartment|Unit|Suite|Ste|Room|Rm|Floor|Fl|Flat|apt|apartment|unit|suite|room|flat|#)\.? ?#?(?=[A-Za-z-]{{0,3}}[0-9]|[A-Z](?![A-Za-z]))[0-9A-Za-z-]{{1,6}}(?![A-Za-z0-9])"
    rf"|, ?(?:{_POSTCODE}|[A-Z][A-Za-z'-]*|[0-9]{{1,6}}(?:/F)?|#[0-9A-Z-]{{1,8}}|(?:apt|unit|flat|room) [0-9A-Za-z]{{1,5}})"
    rf"(?: (?:{_POSTCODE}|[A-Z][A-Za-z'-]*|[0-9]{{3,6}}(?:-[0-9]{{4}})?(?![0-9])|[0-9]{{1,2}}[A-Z]?(?=[,. \n]|$))){{0,4}}(?:\.(?=,))?){{0,6}}"
)


def addresses(text: str) -> list[Found]:
    """Findings in a flat text, rising and apart."""
    found: list[Found] = []
    for one in sorted([*_chinese(text), *_named_rooms(text), *_english(text)], key=lambda one: (one.start, -one.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _chinese(text: str) -> Iterator[Found]:
    position = 0
    while piece := _PIECE.search(text, position):
        position = piece.end()
        before = text[max(0, piece.start() - _BACK) : piece.start()].rstrip(" \n")
        tail = _TAIL.match(text, piece.end())
        end = tail.end() if tail else piece.end()
        whole = text[piece.start() : end]
        if not _is_address(text, before, piece["unit"], whole, end):
            continue
        room = (_BARE_ROOM.match(text, end) if whole.endswith(_HOME) else None) or _ROOM_BEHIND.match(text, end)
        end = room.end() if room else end
        start = _start(text, piece.start(), max(0, position - _BACK - len(piece[0])))
        yield Found(Kind.ADDRESS, _above(text, start), end)
        position = end


def _named_rooms(text: str) -> Iterator[Found]:
    for hit in _NAMED_ROOM.finditer(text):
        if hit["led"]:
            yield Found(Kind.ADDRESS, hit.end("led"), hit.end())
        elif not text[max(0, hit.start() - 4) : hit.start()].endswith(_NO_STREET):
            yield Found(Kind.ADDRESS, _above(text, _start(text, hit.start(), max(0, hit.start() - _BACK))), hit.end())


def _above(text: str, start: int) -> int:
    """Where the address begins when its city stands in the lines above its street."""
    for _ in range(_LINES):
        line = _ABOVE.search(text, max(0, start - _BACK), start)
        if line is None or line["place"].endswith(_NO_DISTRICT):
            break
        place = _start(text, line.end("place"), line.start("place"))
        if line.end("place") - place < 3:
            break
        start = place
    return start


def _is_address(text: str, before: str, unit: str, whole: str, end: int) -> bool:
    """Whether a chain of numbered units is somebody's place, by what stands before it and by the units in it."""
    if _home(unit, before, text, end, whole):
        return True
    if before.endswith(_NO_STREET):
        return False
    if before.endswith(_STREET) and unit in (*_HOUSE, "段", "座") and _housed(whole):
        return True
    if unit in _STAIRS and before.endswith(("号楼", "號樓")):
        return False  # judged already, with its building
    return before.endswith(_PLACE) and unit in (*_ROOM, *_HOME) and _roomy(whole)


def _housed(whole: str) -> bool:
    return any(unit in whole for unit in _HOUSE)


def _roomy(whole: str) -> bool:
    return any(unit in whole for unit in (*_ROOM, "栋", "棟", "幢"))


def _home(unit: str, before: str, text: str, end: int, whole: str) -> bool:
    """A building and a room of it tell an address without a street: 3栋501室, 12座2单元 301; 3号楼2单元 only after 住."""
    if unit not in _HOME:
        return False
    if any(room in whole for room in _SURE_ROOM) or (whole.endswith(_BUILT) and _BARE_ROOM.match(text, end) is not None):
        return True
    return any(stairs in whole for stairs in _STAIRS) and (whole.endswith(_FLOOR) or before.endswith(_LED))


def _start(text: str, piece: int, lowest: int) -> int:
    """Where the place's name begins: after the last word that leads to it, or at the clause's beginning."""
    left = _LEFT.search(text, lowest, piece)
    start = left.start() if left else piece
    for cut in _CUT.finditer(text, start, piece):
        start = cut.end()
    while start < piece and text[start] in " ()·-":
        start += 1
    return start


def _english(text: str) -> Iterator[Found]:
    last = 0
    for core in _ENGLISH.finditer(text):
        if core.start() < last:
            continue
        lead = _ENGLISH_LEAD.search(text, max(last, core.start() - 70), core.start())
        tail = _ENGLISH_TAIL.match(text, core.end())
        last = tail.end() if tail else core.end()
        yield Found(Kind.ADDRESS, lead.start() if lead else core.start(), last)
