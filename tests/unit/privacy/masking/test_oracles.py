"""python-stdnum and phonenumbers judge: what they make or hold valid has to be found."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from app.privacy.masking import Kind, mask
from app.privacy.masking.checks import identity
from app.privacy.masking.checks import luhn as own_luhn
from tests.unit.privacy.masking.making import cards, identities

KINDS = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
FORMS = (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def test_the_international_numbers_of_every_region_are_found() -> None:
    missed = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            for form in FORMS:
                shown = phonenumbers.format_number(number, form)
                spans = mask(f"call {shown} now").spans
                if [(span.kind, span.start, span.end) for span in spans] != [(Kind.PHONE, 5, 5 + len(shown))]:
                    missed.append(shown)
    assert missed == []


@pytest.mark.parametrize("region", ["CN", "TW", "HK", "MO"])
def test_national_numbers_of_the_four_regions_are_found(region: str) -> None:
    for kind in KINDS:
        number = phonenumbers.example_number_for_type(region, kind)
        assert number
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert mask(f"电话 {shown} 好").text == f"电话 [电话 …{str(number.national_number)[-4:]}] 好"


@given(identities())
def test_an_identity_number_is_one_for_the_library_too(number: str) -> None:
    assert ric.calc_check_digit(number) == number[17]
    assert identity(number)
    wrong = number[:17] + "0123456789X"[("0123456789X".index(number[17]) + 1) % 11]
    assert not identity(wrong)


@given(st.text("0123456789", max_size=20))
def test_luhn_is_the_library_s(digits: str) -> None:
    assert own_luhn(digits) == luhn.is_valid(digits)


@given(cards())
def test_a_card_with_one_digit_changed_is_no_card(number: str) -> None:
    changed = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert all(span.kind is not Kind.CARD for span in mask(f"写着 {changed} 的").spans)
