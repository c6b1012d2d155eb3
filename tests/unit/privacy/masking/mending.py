"""Sentences in great number for what an outside judge had found missing: a datum, the words around it, and look-alikes that stay.

Made by the same hand as the rules, so they show that a rule is general, not how much of the world it knows.
"""

from collections.abc import Iterator
from itertools import cycle

from hypothesis import strategies as st

UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
FIGURES = "0123456789"
CHECK = {letter: number for number, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}

TAIWAN = ("{q}{A}{A}-{n}{n}{n}{n}", "{n}{n}{n}{n}-{A}{A}", "{k}{k}-{n}{n}{n}{n}", "{q}{A}{A}-{n}{n}{n}", "{q}{A}{A} {n}{n}{n}{n}", "{q}{A}{A}-\n{n}{n}{n}{n}")
HONG_KONG = ("{k}{k}{n}{n}{n}{n}", "{k}{k} {n}{n}{n}{n}", "{k}{k} {n}{n}{n}", "{k}{k}\n{n}{n}{n}{n}")
ABROAD = ("{k}{k}{n}{n} {A}{A}{A}", "{k}{k}{n}{n}{A}{A}{A}", "{k}{k}{n}{n}\n{A}{A}{A}", "{k}-{n}{n}-{n}{n}")
BESIDE_A_VEHICLE = (
    "那台白色轎車{}已經第二次出現", "客人架車{}，話要等經理落嚟", "架的士{}泊咗喺門口", "機車 {} 停在門口", "貨車「{}」擋住出口", "他開一輛黑色休旅車，{}。",
    "他的车是{}，一直停在大门口", "一輛小貨車({})", "計程車：{}", "架Toyota {} 一直泊喺度", "房車 {} 的車主", "那台{}的車主不肯走", "{}那台車又來了", "{}呢架車泊喺閘口",
    "a grey van {} at the door", "his car is {}.", "the taxi, {}, left", "Car ({}) in the yard", "the truck with the plates {} left", "{}, a grey van at the door",
    "They came in a minibus: {}", "{} is the car that blocks the gate",
    "他騎著{}來的", "她說{}的機車佔了車位", "說{}是他的車", "{}的白色貨車又停在門口",
)  # fmt: skip
BESIDE_A_PLATE_WORD = (
    "車牌{}一直泊喺門口", "車牌係{}。", "車號 {}，停在側門", "車牌號碼：{}", "牌照{}的車主", "车牌是{}", "车号{}两次出现", "Registration {}, a van", "plate {} was seen",
    "number plate: {}", "The licence plate is {}.", "reg {} please",
)  # fmt: skip
MAINLAND = ("{p}{k}\n{n}{k}{n}{n}{n}", "{p}{k}·\n{n}{n}{n}{n}{n}", "{p}\n{k}{n}{n}{n}{n}{n}", "{p}{k}{n}{n}\n{n}{n}{n}")
NO_PLATES = (
    "Product code {} is out of stock", "產品{}缺貨", "SKU {} and a car seat", "型號{}，車上用的", "訂單{}，轎車模型一台", "{}車充兩個", "料號 {} 已到貨", "she ordered two {} for the car",
    "車廂 {} 冷氣故障", "停車場{}區", "車用配件{}", "Flight {} was late", "航班 {} 延誤", "火車{}次", "列车{}次晚点", "零件{}不合", "{}, a car charger, is broken", "單號{}這台車的配件",
)  # fmt: skip
CODES = ("BGR-3906", "BX-7740", "BR-872", "VH4827", "TR 6052", "LK19 ZPT", "5827-KT")

AMERICAN_BEFORE = (
    "Number on file {}, he says it is wrong", "the number in the system is {}", "his number is {}", "She left another number: {}", "best number {}", "Number on record: {}",
    "he can be reached at {}", "number to call: {}", "my office number {}", "callback {}",
)  # fmt: skip
AMERICAN_FORMS = ("{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "{} {} {}", "1-{}-{}-{}", "+1 {} {} {}", "1 ({}) {}-{}", "({}){}-{}")
ANYWHERE = ("“{}” he said twice", "It's {}, ask for Dana", "please write {} down", "{}", "He repeated {}.")

STREETS = ("中山北路", "卫津路", "張江路", "和平東路二段", "人民大道", "文三路", "彌敦道", "延吉街")
CITIES = ("天津市南开区", "台北市大安區", "杭州市西湖区", "深圳市\n南山区", "江苏省\n南京市\n鼓楼区", "新北市板橋區", "武汉市洪山区，", "成都市武侯区 ")
BUILDINGS = ("国际商会中心", "环球金融中心", "万达广场A座", "世纪大厦", "阳光花园", "東方廣場", "锦绣家园 ", "華府大樓", "碧桂园小区")
LEADS = ("住在", "寄到", "地址：", "家住", "送到", "发票寄")
COUNTED = ("{}2026年开业", "{}1200人参加", "{}3000平米", "{}投诉800起了", "{}1000元一晚", "{} 1200 通来电", "{}2025-2026 年")


def sample(form: str, draw: Iterator[str]) -> str:
    """The form with letters and digits out of an endless row."""
    made = form
    for sign in ("{q}", "{k}", "{A}", "{n}", "{p}"):
        while sign in made:
            made = made.replace(sign, _sign(sign, next(draw)), 1)
    return made


def _sign(sort: str, figure: str) -> str:
    pools = {"{q}": "QNJLW", "{k}": "LPVYZX", "{A}": UPPER, "{n}": FIGURES, "{p}": "赣粤京沪浙苏"}
    pool = pools[sort]
    return pool[(int(figure) * 7 + int(figure)) % len(pool)]


def samples(forms: tuple[str, ...]) -> list[str]:
    """Each form filled three times, the same on every run."""
    row = cycle("3141592653589793238462643383279502884197")
    return [sample(form, row) for form in forms for _ in range(3)]


@st.composite
def plates(draw: st.DrawFn, forms: tuple[str, ...]) -> str:
    """A plate of one of the forms."""
    row = draw(st.lists(st.sampled_from(FIGURES), min_size=12, max_size=12))
    return sample(draw(st.sampled_from(forms)), iter(row))


@st.composite
def americans(draw: st.DrawFn) -> tuple[str, str, str]:
    """Area, exchange and line; neither a hotline's area nor one that nobody has."""
    area = draw(st.integers(201, 989).filter(lambda number: number % 100 not in (0, 11) and number not in (833, 844, 855, 866, 877, 888)))
    return str(area), str(draw(st.integers(200, 999))), f"{draw(st.integers(0, 9999)):04}"


@st.composite
def taiwanese(draw: st.DrawFn) -> str:
    """A Taiwanese identity number with a right check digit."""
    letter = draw(st.sampled_from(sorted(CHECK)))
    body = draw(st.sampled_from("1289")) + f"{draw(st.integers(0, 9_999_999)):07}"
    total = sum(int(digit) * weight for digit, weight in zip(body, (8, 7, 6, 5, 4, 3, 2, 1), strict=True)) + CHECK[letter] // 10 + CHECK[letter] % 10 * 9
    return letter + body + str(-total % 10)
