"""System-wide chords by RegisterHotKey: no hook sees the keys, and they work over elevated windows."""

import ctypes
import sys
from collections.abc import Callable

from app.desktop.ports import HotkeyFault
from app.desktop.windows.chords import Chord, parse_chord

assert sys.platform == "win32"

from app.desktop.windows.api import WM_HOTKEY, user32  # noqa: E402  # exists on Windows only
from app.desktop.windows.messages import MessageThread  # noqa: E402  # exists on Windows only

NO_REPEAT = 0x4000
ALREADY_REGISTERED = 1409


class WindowsHotkeys:
    """One message thread for all chords; a chord held down counts once; locks of the keyboard are ignored.

    Callbacks come on that thread and must return at once. Nothing is heard on the secure desktop.
    """

    def __init__(self) -> None:
        self._thread: MessageThread | None = None

    def bind(self, keys: dict[str, Callable[[], None]]) -> list[HotkeyFault]:
        """Replace all bindings; a chord of another program stays with that one and is reported as taken."""
        self.close()
        chords: dict[Chord, tuple[str, Callable[[], None]]] = {}
        faults: list[HotkeyFault] = []
        for text, pressed in keys.items():
            try:
                chord = parse_chord(text, _key_of)
            except ValueError as error:
                faults.append(HotkeyFault(text, str(error)))
                continue
            if chord in chords:
                faults.append(HotkeyFault(text, "given twice"))
            else:
                chords[chord] = (text, pressed)
        return faults + (self._start(chords) if chords else [])

    def close(self) -> None:
        """Give every chord back and end the thread."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.close()

    def _start(self, chords: dict[Chord, tuple[str, Callable[[], None]]]) -> list[HotkeyFault]:
        faults: list[HotkeyFault] = []
        bound: dict[int, Callable[[], None]] = {}

        def begin() -> None:
            for number, (chord, (text, pressed)) in enumerate(chords.items(), 1):
                if user32.RegisterHotKey(None, number, chord.modifiers | NO_REPEAT, chord.key):
                    bound[number] = pressed
                else:
                    faults.append(HotkeyFault(text, _reason(ctypes.get_last_error())))

        def heard(message: int, number: int) -> None:
            if message == WM_HOTKEY and number in bound:
                bound[number]()

        def end() -> None:
            for number in bound:
                user32.UnregisterHotKey(None, number)

        self._thread = MessageThread("hotkeys", begin, heard, end)
        if not self._thread.started:
            return [HotkeyFault(text, "Windows does not report keys") for text, _ in chords.values()]
        return faults


def _reason(error: int) -> str:
    return "taken by another program" if error == ALREADY_REGISTERED else f"Windows refused it (error {error})"


def _key_of(character: str) -> int | None:
    """The key that types this character without Shift on the present layout."""
    found = int(user32.VkKeyScanW(character[:1])) if len(character.encode("utf-16-le")) == 2 else -1
    return found & 0xFF if found != -1 and not found >> 8 else None
