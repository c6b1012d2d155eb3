import pytest

from app.desktop.windows.chords import Chord, parse_chord


def key_of(character: str) -> int | None:
    return {"`": 0xC0, "-": 0xBD}.get(character)


@pytest.mark.parametrize(
    ("text", "modifiers", "key"),
    [
        ("<ctrl>+<alt>+1", 0x3, 0x31), ("<ctrl>+<alt>+`", 0x3, 0xC0), ("<ctrl>+<shift>+h", 0x6, 0x48),
        ("<cmd>+H", 0x8, 0x48), ("<ctrl>+<f1>", 0x2, 0x70), ("<f24>", 0, 0x87), ("<alt>+-", 0x1, 0xBD),
    ],
)  # fmt: skip
def test_a_chord_is_read_as_windows_wants_it(text: str, modifiers: int, key: int) -> None:
    assert parse_chord(text, key_of) == Chord(modifiers, key)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "not a key"), ("", "not a key"), ("<f25>", "not a key"), ("<f0>", "not a key"), ("<f>", "not a key"),
        ("<home>+1", "not a key"), ("<f１>", "not a key"),
        ("q", "needs Ctrl, Alt or the Windows key"), ("<shift>+q", "needs Ctrl, Alt or the Windows key"),
        ("+", "needs Ctrl, Alt or the Windows key"),
        ("<ctrl>", "a chord is one key with modifiers"), ("<ctrl>+a+b", "a chord is one key with modifiers"),
        ("<ctrl>+é", "this keyboard has no such key"),
    ],
)  # fmt: skip
def test_what_is_no_chord_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        parse_chord(text, key_of)
