import pytest

from ui.theme.tokens import (
    PALETTES,
    ROLES,
    SIGN_ROLES,
    STEP,
    TEXT_ROLES,
    TYPE_SCALE,
    Palette,
    contrast,
    space,
)

GROUNDS = ("surface", "raised", "hover")
THEMES = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_every_text_colour_reaches_four_and_a_half_on_every_ground(palette: Palette, role: str, ground: str) -> None:
    assert contrast(palette.colour(role), palette.colour(ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", SIGN_ROLES)
def test_every_sign_colour_reaches_three_on_every_ground(palette: Palette, role: str, ground: str) -> None:
    assert contrast(palette.colour(role), palette.colour(ground)) >= 3.0


@THEMES
def test_words_on_filled_buttons_can_be_read(palette: Palette) -> None:
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.on_danger, palette.danger) >= 4.5


@THEMES
def test_the_help_button_can_be_read_while_it_fills(palette: Palette) -> None:
    mixed = "#" + "".join(
        f"{round(int(palette.raised[at : at + 2], 16) * 0.8 + int(palette.accent[at : at + 2], 16) * 0.2):02x}"
        for at in (1, 3, 5)
    )
    assert contrast(palette.accent, mixed) >= 3.0


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_role_that_does_not_exist_is_an_error() -> None:
    for role in ("name", "dark", "red"):
        with pytest.raises(KeyError):
            PALETTES["light"].colour(role)
    assert all(PALETTES["light"].colour(role).startswith("#") for role in ROLES)


def test_spacing_and_sizes_are_the_ones_of_the_measures() -> None:
    assert (STEP, space(6), TYPE_SCALE) == (4, 24, (12, 14, 16, 20, 28, 40))
