"""What an outside judge had found missing, in many further sentences of our own, and what looks like it and stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.privacy.masking import Kind, mask
from tests.unit.privacy.masking import mending as more
from tests.unit.privacy.masking.making import ENGLISH, HAN, PHONE_HAN

Case = tuple[str, str]


def wanted(text: str, part: str, kind: Kind) -> None:
    """Exactly this part is hidden, as this kind."""
    assert [(span.kind, text[span.start : span.end]) for span in mask(text).spans] == [(kind, part)], text


@pytest.mark.parametrize("around", more.BESIDE_A_VEHICLE)
def test_a_plate_beside_a_vehicle_is_hidden(around: str) -> None:
    for plate in more.samples(more.TAIWAN + more.HONG_KONG + more.ABROAD[:3]):
        wanted(around.format(plate), plate, Kind.PLATE)


@pytest.mark.parametrize("around", more.BESIDE_A_PLATE_WORD)
def test_a_plate_after_its_word_is_hidden_in_any_form(around: str) -> None:
    for plate in more.samples(more.TAIWAN + more.HONG_KONG + more.ABROAD):
        wanted(around.format(plate), plate, Kind.PLATE)


@given(st.sampled_from(more.BESIDE_A_VEHICLE + more.BESIDE_A_PLATE_WORD), more.plates(more.TAIWAN + more.HONG_KONG + more.ABROAD))
def test_any_plate_beside_its_word_is_hidden(around: str, plate: str) -> None:
    wanted(around.format(plate), plate, Kind.PLATE)


@given(st.sampled_from(more.BESIDE_A_PLATE_WORD), more.plates(more.MAINLAND))
def test_a_mainland_plate_broken_by_a_line_is_hidden_after_its_word(around: str, plate: str) -> None:
    wanted(around.format(plate), plate, Kind.PLATE)


@given(more.plates(tuple(form for form in more.MAINLAND if "·" not in form)))
def test_a_mainland_plate_broken_by_a_line_needs_its_word_or_its_dot(plate: str) -> None:
    assert mask(f"走过 {plate} 之后").spans == ()
    wanted("走过 贵A·\n5K703 之后", "贵A·\n5K703", Kind.PLATE)


@given(more.plates(more.TAIWAN[:4] + more.HONG_KONG[:2]), more.plates(more.TAIWAN[:4] + more.HONG_KONG[:2]))
def test_a_second_plate_joined_to_the_first_goes_with_it(first: str, second: str) -> None:
    assert mask(f"車牌{first}和{second}，都是他的").text == "車牌[車牌]和[車牌]，都是他的"


@pytest.mark.parametrize("code", more.CODES)
@pytest.mark.parametrize("around", more.NO_PLATES)
def test_a_product_code_or_a_flight_is_no_plate(around: str, code: str) -> None:
    assert mask(around.format(code)).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "the car, mid-2026", "他的車是CX-3000", "轎車 BMW 3200 很吵", "van 2026-Q3", "car oct-2026", "registration on 12 May", "registration opens at 10", "plate 1234 and more",
        "the bus runs 150-day tours", "車上3906人", "registration 12-11 closed",
        "一車BX-7740貨", "BGR-3906的機車零件", "/t REG_DWORD /d 1", "reg add HKLM /d 900", "BGR-3906是他的車款",
    ],
)  # fmt: skip
def test_what_stands_beside_a_vehicle_and_is_no_plate_stays(text: str) -> None:
    assert mask(text).spans == ()


@given(st.sampled_from(more.AMERICAN_BEFORE), st.sampled_from(more.AMERICAN_FORMS), more.americans())
def test_a_north_american_number_is_hidden_after_such_words(around: str, form: str, number: tuple[str, str, str]) -> None:
    part = form.format(*number)
    wanted(around.format(part), part, Kind.PHONE)


@given(st.sampled_from(more.AMERICAN_BEFORE), st.integers(0, 199), st.integers(0, 9999))
def test_an_exchange_that_nobody_has_is_hidden_after_such_words_too(around: str, exchange: int, line: int) -> None:
    part = f"555-{exchange:03}-{line:04}"
    wanted(around.format(part), part, Kind.PHONE)


@given(st.sampled_from(more.ANYWHERE), st.sampled_from(more.AMERICAN_FORMS), more.americans())
def test_a_north_american_number_in_its_usual_form_needs_no_word(around: str, form: str, number: tuple[str, str, str]) -> None:
    part = form.format(*number)
    wanted(around.format(part), part, Kind.PHONE)


@given(st.sampled_from(more.ANYWHERE), st.sampled_from((" ", ", ", " - ", "... ", "\n")), st.booleans(), more.americans())
def test_a_north_american_number_spoken_needs_no_word(around: str, gap: str, one: bool, number: tuple[str, str, str]) -> None:
    part = ("one " if one else "") + gap.join(" ".join(ENGLISH[int(digit)] for digit in group) for group in number)
    wanted(around.format(part), part, Kind.PHONE)


def test_an_extension_does_not_keep_a_number_open() -> None:
    assert mask("415-555-2671x22 and 13800138000ext8").text == "[phone …2671] and [phone …8000]"
    assert mask("his area code four one five, five five five oh one three seven").text == "his area code [phone …0137]"


def test_spoken_digits_of_an_order_or_of_counting_stay() -> None:
    assert mask("order four one five five five five zero one three seven").spans == ()
    assert mask("one two three four five six seven eight nine zero").spans == ()
    assert mask("eight hundred: eight zero zero five five five zero one nine nine").spans == ()
    assert mask("会议号 482 917 3056，meeting ID 482 917 3056").spans == ()


@given(more.taiwanese(), st.sampled_from(("", " ", "，", "-", "、")), st.sampled_from((HAN, PHONE_HAN)), st.sampled_from(("身分證轉寫：", "身分證字號 ", "她的身分證是")))
def test_the_letter_before_a_spoken_taiwanese_number_goes_with_it(number: str, gap: str, signs: str, lead: str) -> None:
    part = number[0] + gap + "".join(signs[int(digit)] for digit in number[1:])
    wanted(f"{lead}{part}，請核對", part, Kind.ID_TAIWAN)


@given(st.sampled_from(more.UPPER), st.sampled_from(("", " ", "，")), st.integers(6, 12))
def test_a_letter_before_a_named_number_of_a_wrong_length_goes_too(letter: str, gap: str, size: int) -> None:
    text = f"身分證轉寫：{letter}{gap}{('一二三零四五六七八九' * 2)[: size + 1]}"
    assert mask(text).text.startswith("身分證轉寫：[")


def test_the_word_before_a_named_number_is_not_taken_for_its_letter() -> None:
    assert mask("身份证 ID 1101051949").text == "身份证 ID [身份证 …1949]"


def test_words_between_the_letter_and_its_digits_go_with_them() -> None:
    assert mask("身分證英文字A，數字一二三四五六七八九").text == "身分證英文字[身分證 …6789]"
    assert mask("身分證字號 F 後面是 一二三四五六七").text == "身分證字號 [身分證 …4567]"


@pytest.mark.parametrize("street", more.STREETS)
def test_a_number_behind_the_house_number_goes_with_it(street: str) -> None:
    for end in ("201号-5", "201號之5", "18弄-3号", "7号-12", "201号-5A", "5号-8号", "33号-5栋-3单元-501室"):
        wanted(f"地址改成{street}{end}了", street + end, Kind.ADDRESS)


@pytest.mark.parametrize("city", more.CITIES)
@pytest.mark.parametrize("street", more.STREETS)
def test_a_city_in_the_line_before_the_street_goes_with_it(city: str, street: str) -> None:
    for lead in more.LEADS:
        for end in ("94号\n5号楼401", "12號3樓", "201号-5"):
            part = f"{city}\n{street}{end}"
            text = f"{lead}{part}。".replace("发票寄", "发票寄：")
            wanted(text, part, Kind.ADDRESS)


@pytest.mark.parametrize("line", ["去了社区", "他在旧区", "他住市区", "在业务区", "到了门市", "今天很忙", "好"])
def test_a_line_that_is_no_city_stays_above_a_street(line: str) -> None:
    assert mask(f"{line}\n建国路5号3楼").text == f"{line}\n[地址]"


@pytest.mark.parametrize("building", more.BUILDINGS)
def test_a_bare_room_after_a_building_goes_with_it(building: str) -> None:
    wanted(f"寄到南京西路1038号\n{building}2205，谢谢", f"南京西路1038号\n{building}2205", Kind.ADDRESS)
    for room in ("2801", "801", "-1203", " B1203", "E1-1205", "2801室"):
        for street in ("福华三路", "深圳市福田区福华三路", "重庆市渝中区民权街"):
            wanted(f"寄到{street}{building}{room}，谢谢", f"{street}{building}{room}", Kind.ADDRESS)
            wanted(f"他说过，{street}{building}{room}。", f"{street}{building}{room}", Kind.ADDRESS)
        wanted(f"她住在{building}{room}。", f"{building}{room}", Kind.ADDRESS)


@pytest.mark.parametrize("counted", more.COUNTED)
def test_what_is_counted_at_a_building_stays(counted: str) -> None:
    for building in more.BUILDINGS:
        assert mask("福华三路" + counted.format(building.strip())).spans == ()


def test_a_centre_where_people_work_is_no_home() -> None:
    assert mask("福华三路客服中心 1200").spans == ()
    assert mask("一路国际商会中心2801").spans == ()


@given(st.from_regex(r"[a-z][a-z0-9._]{1,12}", fullmatch=True), st.sampled_from(("163.com", "qq.com", "mail.example.org", "example.com.cn", "gmail.com")), st.sampled_from(("#", "＃", "(a)", "圈a", " 井号 ")))
def test_a_mail_with_a_hash_for_its_at_is_hidden(local: str, domain: str, sign: str) -> None:
    part = f"{local.rstrip('._')}{sign}{domain}"
    wanted(f"邮箱：{part}，", part, Kind.MAIL)


@pytest.mark.parametrize("text", ["C#.net 和 F#", "site/page#part.com", "issue #163.com", "第#12.5", "a#b", "x?y=z#b.com", "#客服.com", "see(a) readme.txt", "f(a)", "3 井号 键"])
def test_other_hashes_stay(text: str) -> None:
    assert mask(text).spans == ()
