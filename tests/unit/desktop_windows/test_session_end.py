"""Why Windows ends a session."""

import pytest

from app.desktop.windows.sessions import end_cause


@pytest.mark.parametrize("flags", [0x80000000, -0x80000000, 0x80000001, 0xC0000000])
def test_the_bit_of_signing_off_counts_whether_the_number_has_a_sign_or_not(flags: int) -> None:
    assert end_cause(flags) == "signed_off"


@pytest.mark.parametrize("flags", [0, 1, 0x40000000])
def test_everything_else_is_the_machine_going_down(flags: int) -> None:
    assert end_cause(flags) == "shutdown"
