"""Texts cut to what a Windows structure holds; pure."""


def clipped(text: str, units: int) -> str:
    """The longest beginning of `text` within `units` UTF-16 units, with "…" where something was cut.

    A character beyond the basic plane takes two units and is never cut in half; NUL would end the text and goes.
    """
    text = text.replace("\0", "")
    if _units(text) <= units:
        return text
    room = units - 1
    for end, character in enumerate(text):
        room -= _units(character)
        if room < 0:
            return text[:end] + "…"
    return text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
