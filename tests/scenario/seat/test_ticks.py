"""The output is the same at every tick rate and without ticks."""

from fractions import Fraction
from pathlib import Path

import pytest

from app.tools.simulate import load_shift, main, simulate

SHIFTS = Path(__file__).parents[2] / "data" / "shifts"


@pytest.mark.parametrize("tick", [Fraction(1, 3), Fraction(1), Fraction(7), Fraction(60)], ids=str)
@pytest.mark.parametrize(
    "name", ["idle.toml", "long_call.toml", "wall_jump.toml", "short_absence.toml", "whole_day.toml"]
)
def test_ticks_change_nothing(name: str, tick: Fraction) -> None:
    shift = load_shift(SHIFTS / name)
    assert simulate(shift, tick=tick, sums=True) == simulate(shift, sums=True)


def test_the_tick_of_the_command_line_may_be_a_fraction(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for more in ([], ["--tick", "1/3"], ["--tick", "0.7"], ["--tick", "60"]):
        assert main([str(SHIFTS / "idle.toml"), *more]) == 0
        printed.append(capsys.readouterr().out)
    assert len({*printed}) == 1
