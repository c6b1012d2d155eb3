"""The design tokens: every colour, size and time of the interface is written here once (ux measures, "The look").

No Qt in this module: tests and pictures read it without a screen.
"""

from dataclasses import dataclass, fields
from typing import Final

STEP: Final = 4
"""Spacing goes in steps of 4 logical px; use `space(n)`."""

RADIUS: Final = 10
RADIUS_SMALL: Final = 6
PADDING: Final = 16
CARD_MARGIN: Final = 24
"""Distance of a card from the corner of its screen."""

TYPE_SCALE: Final = (12, 14, 16, 20, 28, 40)
"""The only text sizes, in logical px; nothing is smaller than the first."""

MOTION_IN_MS: Final = 200
MOTION_OUT_MS: Final = 120
MOTION_REDUCED_MS: Final = 80
MOTION_RISE: Final = 8
"""A window comes in with a fade and 8 px up; with reduced motion it only fades, in 80 ms."""

HOLD_MS: Final = 1000
HOLD_DRIFT: Final = 24
DOUBLE_PRESS_MS: Final = 3000
"""Help gesture: held for 1 s, drift of 24 px allowed, accessible press twice within 3 s."""


def space(steps: int) -> int:
    """`steps` spacing steps in logical px."""
    return STEP * steps


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours by role, as #rrggbb.

    `surface` is the ground of a window, `raised` of a control on it, `hover` of one under the pointer; `text`, `muted`,
    `accent`, `calm`, `caution`, `danger` reach 4.5:1 on both grounds; `edge`, `focus` and `mark` (amber of
    signs and bars) reach 3:1; `line` is decoration.
    """

    name: str
    dark: bool
    surface: str
    raised: str
    hover: str
    text: str
    muted: str
    accent: str
    on_accent: str
    calm: str
    caution: str
    mark: str
    danger: str
    on_danger: str
    edge: str
    line: str
    focus: str

    def colour(self, role: str) -> str:
        """The colour of `role`; KeyError for a role that does not exist."""
        if role not in ROLES:
            raise KeyError(role)
        found: str = getattr(self, role)
        return found


ROLES: Final = tuple(field.name for field in fields(Palette) if field.name not in ("name", "dark"))
TEXT_ROLES: Final = ("text", "muted", "accent", "calm", "caution", "danger")
SIGN_ROLES: Final = ("edge", "focus", "mark")

LIGHT: Final = Palette(
    name="light", dark=False,
    surface="#f8f8f5", raised="#ffffff", hover="#edf1ef",
    text="#1e2a30", muted="#54636b",
    accent="#0b6b74", on_accent="#ffffff",
    calm="#2f6f4f", caution="#8a5600", mark="#b87400", danger="#b3261e", on_danger="#ffffff",
    edge="#7d8b91", line="#dde2e0", focus="#0b6b74",
)
DARK: Final = Palette(
    name="dark", dark=True,
    surface="#1c2429", raised="#263036", hover="#303b42",
    text="#e9eeef", muted="#a6b3b9",
    accent="#63c5c9", on_accent="#08252a",
    calm="#86cba6", caution="#e8b65f", mark="#e8b65f", danger="#ff958a", on_danger="#33090a",
    edge="#82919a", line="#36424a", focus="#63c5c9",
)
CONTRAST: Final = Palette(
    name="contrast", dark=True,
    surface="#000000", raised="#000000", hover="#1f1f1f",
    text="#ffffff", muted="#ffffff",
    accent="#5cf0ff", on_accent="#000000",
    calm="#8dffb9", caution="#ffd84a", mark="#ffd84a", danger="#ff9c93", on_danger="#000000",
    edge="#ffffff", line="#ffffff", focus="#ffd84a",
)
CONTRAST_LIGHT: Final = Palette(
    name="contrast_light", dark=False,
    surface="#ffffff", raised="#ffffff", hover="#e6e6e6",
    text="#000000", muted="#000000",
    accent="#00424a", on_accent="#ffffff",
    calm="#00421f", caution="#5a3600", mark="#8a5600", danger="#8a0010", on_danger="#ffffff",
    edge="#000000", line="#000000", focus="#5a2d91",
)
PALETTES: Final = {palette.name: palette for palette in (LIGHT, DARK, CONTRAST, CONTRAST_LIGHT)}


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1..21 of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
