"""Chords in the notation of the ports as RegisterHotKey wants them; pure."""

from collections.abc import Callable
from dataclasses import dataclass

MODIFIERS = {"<alt>": 0x1, "<ctrl>": 0x2, "<shift>": 0x4, "<cmd>": 0x8}
"""MOD_ALT, MOD_CONTROL, MOD_SHIFT, MOD_WIN."""

SHIFT = MODIFIERS["<shift>"]
F1, FUNCTION_KEYS = 0x70, 24


@dataclass(frozen=True, slots=True)
class Chord:
    """A virtual key with a set of modifiers."""

    modifiers: int
    key: int


def parse_chord(text: str, key_of: Callable[[str], int | None]) -> Chord:
    """Read a chord ("<ctrl>+<alt>+1", "<ctrl>+<f9>"); ValueError with a reason if it is none.

    `key_of` tells the virtual key of a printable character that is not a Latin letter or a digit, None if this
    keyboard has none without Shift. A printable key needs Ctrl, Alt or the Windows key, or typing would press it.
    """
    *names, last = text.split("+") if text != "+" else [text]
    modifiers = 0
    for name in names:
        if name not in MODIFIERS:
            raise ValueError("not a key" if len(name) != 1 else "a chord is one key with modifiers")
        modifiers |= MODIFIERS[name]
    if last in MODIFIERS:
        raise ValueError("a chord is one key with modifiers")
    if len(last) == 1:
        if not modifiers & ~SHIFT:
            raise ValueError("needs Ctrl, Alt or the Windows key")
        return Chord(modifiers, _printable(last, key_of))
    return Chord(modifiers, _function_key(last))


def _printable(character: str, key_of: Callable[[str], int | None]) -> int:
    if character.isascii() and character.isalnum():
        return ord(character.upper())
    key = key_of(character)
    if key is None:
        raise ValueError("this keyboard has no such key")
    return key


def _function_key(name: str) -> int:
    digits = name[2:-1]
    if name[:2] == "<f" and name[-1:] == ">" and digits.isascii() and digits.isdigit():
        number = int(digits)
        if 1 <= number <= FUNCTION_KEYS:
            return F1 + number - 1
    raise ValueError("not a key")
