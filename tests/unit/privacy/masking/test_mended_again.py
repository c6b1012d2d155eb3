"""What the second hand had found missing, in many further sentences of our own, and what looks like it and stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from app.privacy.masking import Kind, mask
from tests.unit.privacy.masking import mending_again as more
from tests.unit.privacy.masking.making import with_check
from tests.unit.privacy.masking.test_mended import wanted


@pytest.mark.parametrize("line", more.LANDLINES)
def test_an_extension_goes_with_its_number(line: str) -> None:
    for extension in more.EXTENSIONS + more.BARE_EXTENSIONS:
        if not (line.startswith("+") and extension in more.BARE_EXTENSIONS):
            part = line + extension
            assert mask(f"座机{part}找财务").text == f"座机[电话 …{''.join(sign for sign in line if sign.isdigit())[-4:]}]找财务", part


@pytest.mark.parametrize("behind", more.NO_EXTENSIONS)
def test_what_follows_a_number_and_is_no_extension_stays(behind: str) -> None:
    for number in ("13800138000", "021-58370264"):
        assert mask(f"打{number}{behind}，谢谢").text.endswith(f"]{behind}，谢谢"), number


def test_a_dash_behind_a_mobile_number_and_a_hotline_with_an_extension_stay() -> None:
    assert mask("13800138000-803").text == "[电话 …8000]-803"
    assert mask("打400-820-8820转8013").spans == ()


def test_the_bracket_that_closes_around_a_number_and_its_extension_stays() -> None:
    assert mask("(座机021-58370264转8013)").text == "(座机[电话 …0264])"
    assert mask("座机021-58370264(分机8013)").text == "座机[电话 …0264]"


def test_digits_behind_an_extension_are_judged_by_themselves() -> None:
    assert mask("021-58370264转8013 13800138000").text == "[电话 …0264] [电话 …8000]"
    assert mask("021-58370264-803 或 0571-86029375 #12").text == "[电话 …0264] 或 [电话 …9375]"
    assert mask("04-23518906#315、04-23518907#316").text == "[电话 …8906]、[电话 …8907]"


@pytest.mark.parametrize("road", more.ROADS)
def test_an_english_street_takes_flat_city_and_postcode_with_it(road: str) -> None:
    for tail in more.ENGLISH_TAILS:
        wanted(f"She gave her address as {road}{tail}", road + tail, Kind.ADDRESS)


@pytest.mark.parametrize("lead", more.TAIWAN_LEADS)
def test_a_floor_before_a_taiwanese_street_in_english_goes_with_it(lead: str) -> None:
    part = lead + "No. 41, Sec. 3, Minsheng E. Rd., Songshan Dist., Taipei City"
    wanted(f"Caller lives at {part}", part, Kind.ADDRESS)


@pytest.mark.parametrize("place", more.ESTATES)
def test_building_and_room_of_an_estate_are_hidden_to_their_end(place: str) -> None:
    for end in more.ESTATE_ENDS:
        wanted(f"客户住在{place}{end}", place, Kind.ADDRESS)


def test_a_day_or_a_score_behind_a_house_number_stays() -> None:
    assert mask("建国路5号，周六 4-7-2").text == mask("建国路5号，比分 4-7-2").text.replace("比分", "周六") == "[地址]，周六 4-7-2"


@pytest.mark.parametrize("text", more.AT_HOME)
def test_a_building_and_its_stairs_are_hidden_after_the_word_of_a_home(text: str) -> None:
    assert mask(text).text.endswith("[地址]")


@pytest.mark.parametrize("text", more.STAYING_PLACES)
def test_a_building_without_street_room_or_home_stays(text: str) -> None:
    assert mask(text).spans == ()


@pytest.mark.parametrize("around", more.DRIVERS)
def test_a_plate_beside_a_driver_or_a_hired_car_is_hidden(around: str) -> None:
    for plate in ("TDK 3867", "RFA-2219", "BGR-3906"):
        wanted(around.format(plate), plate, Kind.PLATE)


@pytest.mark.parametrize("text", more.NO_DRIVERS)
def test_a_code_beside_a_car_hirer_stays(text: str) -> None:
    assert mask(text).spans == ()


@pytest.mark.parametrize("around", more.NAMED_BEHIND)
def test_a_passport_is_hidden_when_its_word_comes_behind(around: str) -> None:
    for number in more.PASSPORTS:
        wanted(around.format(number), number, Kind.PASSPORT)


@pytest.mark.parametrize("around", more.NO_PASSPORTS)
def test_a_code_that_no_passport_word_belongs_to_stays(around: str) -> None:
    assert mask(around.format("PA7203618")).spans == ()


@pytest.mark.parametrize("text", ["REQ1234567 passport", "KB7654321: passport policy", "SR1234567，护照", "CRM1234567，passport upload failed"])
def test_a_ticket_beside_the_word_passport_is_no_passport(text: str) -> None:
    assert not any(span.kind is Kind.PASSPORT for span in mask(text).spans)


def test_a_passport_word_with_its_own_number_behind_says_nothing_of_the_code_before() -> None:
    assert mask("PA7203618, passport no. N1234567").text == "PA7203618, passport no. [passport]"


@pytest.mark.parametrize("said", more.SAID)
def test_a_number_said_with_hundred_or_a_leading_zero_is_hidden(said: str) -> None:
    wanted(f"Number read out as {said}", said, Kind.PHONE)
    wanted(said, said, Kind.PHONE)


@pytest.mark.parametrize("text", more.NOT_SAID)
def test_counting_and_amounts_with_hundred_stay(text: str) -> None:
    assert mask(text).spans == ()


@pytest.mark.parametrize("number", more.BEGUN)
def test_an_identity_number_left_unfinished_is_hidden_from_its_first_group(number: str) -> None:
    wanted(f"身份证{number}，后面没听清", number, Kind.ID)


def test_a_mobile_number_after_an_identity_number_is_still_a_mobile_number() -> None:
    assert mask("身份证没带，电话138 0013 8000").text == "身份证没带，电话[电话 …8000]"
    assert mask("身份证11010519491231002X 138 0013 8000").text == "身份证[身份证 …002X] [电话 …8000]"


@given(st.integers(1900, 2009), st.integers(1, 12), st.integers(1, 28), st.integers(0, 999), st.integers(1, 18))
def test_a_card_around_an_identity_number_is_hidden_whole(year: int, month: int, day: int, rest: int, cut: int) -> None:
    inner = with_check(f"220101{year:04}{month:02}{day:02}{rest:03}")
    outer = "6" + inner
    if not inner.endswith("X") and luhn.is_valid(outer):
        part = f"{outer[:cut]} {outer[cut:]}"
        wanted(f"卡：{part}。", part, Kind.CARD)


def test_a_card_that_begins_or_ends_with_an_identity_number_is_one_number() -> None:
    for rest in range(1000):
        inner = with_check(f"62010119800101{rest:03}")
        if not inner.endswith("X"):
            outer = inner + luhn.calc_check_digit(inner)
            wanted(f"卡：{inner} {outer[18:]}。", f"{inner} {outer[18:]}", Kind.CARD)
            wanted(f"身份证{inner} {outer[18:]}", inner, Kind.ID)
