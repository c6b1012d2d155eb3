"""System-wide chords under X11, heard through pynput's keyboard listener (no mouse: it costs per motion).

Importing this module needs a display; `app.desktop.linux.assemble` does it guarded.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pynput import keyboard
from Xlib import X
from Xlib.error import BadAccess, CatchError

from app.desktop.linux.xorg import connect, disconnect
from app.desktop.ports import HotkeyFault
from app.domain.errors import UnavailableError

MODIFIERS = {"ctrl": X.ControlMask, "alt": X.Mod1Mask, "shift": X.ShiftMask, "cmd": X.Mod4Mask}
"""Modifiers a chord may have; locks such as Caps Lock and Num Lock never matter."""

RELEVANT = X.ControlMask | X.Mod1Mask | X.ShiftMask | X.Mod4Mask
START_LIMIT = 3.0

REPEAT_MS = 2000
"""A press without a release since the last one of that key, so soon after it, is the key being held (X repeats after
0.66 s by default). Later it counts: a release can be lost when the screen is switched."""


@dataclass(frozen=True, slots=True)
class Chord:
    """One keysym with a set of modifiers as X writes them."""

    mask: int
    keysym: int


def parse_chord(text: str) -> Chord:
    """Read a chord in pynput's notation ("<ctrl>+<alt>+`"); ValueError with a reason if it is none.

    A printable key needs Ctrl, Alt or the Windows key, or ordinary typing would press it.
    """
    try:
        parts = keyboard.HotKey.parse(text)
    except ValueError as error:
        raise ValueError("not a key") from error
    mask, keysyms, printable = 0, [], False
    for part in parts:
        name = part.name if isinstance(part, keyboard.Key) else ""
        if name in MODIFIERS:
            mask |= MODIFIERS[name]
        elif name:
            raise ValueError(f"{name} cannot be part of a chord")
        else:
            printable = part.char is not None
            keysyms.append(_keysym(part))
    if len(keysyms) != 1:
        raise ValueError("a chord is one key with modifiers")
    if printable and not mask & ~X.ShiftMask:
        raise ValueError("needs Ctrl, Alt or the Windows key")
    return Chord(mask, keysyms[0])


def _keysym(key: Any) -> int:
    if key.char is None:
        return int(key.vk)
    code = ord(key.char.lower())
    return code if code < 0x100 else 0x01000000 | code


class _Listener(keyboard.Listener):  # type: ignore[misc]  # pynput has no types
    """Reads key code, modifiers and the server's own time from each key event, without pynput's translation.

    The translation makes "!" out of Shift+1 and forgets the time, and both are needed: the chord is the key on its
    place, and a key that is held repeats itself, which is not a second press.
    """

    def __init__(self, chords: dict[Chord, Callable[[], None]]) -> None:
        super().__init__()
        self._chords = chords
        self._down: dict[int, int] = {}
        self._released: dict[int, int] = {}
        self.started = threading.Event()

    def _run(self) -> None:
        try:
            super()._run()
        except Exception:  # the X server has gone, and with it every key
            logging.getLogger(__name__).warning("the X server no longer reports keys")
        finally:
            for name in ("_display_stop", "_display_record"):
                disconnect(getattr(self, name, None))

    def _stop_platform(self) -> None:
        # pynput sends this over the connection that its thread waits on, where it stays unsent until the next key.
        self._display_stop.record_disable_context(self._context)
        self._display_stop.flush()

    def _handler(self, events: Any) -> None:
        self.started.set()
        super()._handler(events)

    def _handle_message(self, display: Any, event: Any, injected: bool) -> None:
        if event.type == X.KeyRelease:
            self._down.pop(event.detail, None)
            self._released[event.detail] = event.time
        elif event.type == X.KeyPress and not self._repeats(event.detail, event.time):
            chord = Chord(event.state & RELEVANT, display.keycode_to_keysym(event.detail, 0))
            if pressed := self._chords.get(chord):
                try:
                    pressed()
                except Exception:
                    logging.getLogger(__name__).exception("a hotkey's callback failed")

    def _repeats(self, code: int, at: int) -> bool:
        """Whether a press at server time `at` (32 bits of ms) comes from holding the key; a server may also repeat in
        pairs of release and press at one instant."""
        before = self._down.get(code)
        self._down[code] = at
        held = before is not None and (at - before) % (1 << 32) < REPEAT_MS
        return held or self._released.pop(code, None) == at


class X11Hotkeys:
    """One listener thread for all chords; a chord held down counts once; exact modifiers, locks ignored.

    Callbacks come on the listener's thread and must return at once. Raises UnavailableError without an X server.
    """

    def __init__(self) -> None:
        display = connect()
        if display is None:
            raise UnavailableError("The X server cannot be reached for hotkeys.")
        recordable = display.has_extension("RECORD")
        disconnect(display)
        if not recordable:
            raise UnavailableError("The X server cannot report keys (no RECORD extension).")
        self._listener: _Listener | None = None

    def bind(self, keys: dict[str, Callable[[], None]]) -> list[HotkeyFault]:
        """Replace all bindings; a chord that another program has grabbed is bound all the same and reported as taken."""
        self.close()
        chords: dict[Chord, Callable[[], None]] = {}
        faults: list[HotkeyFault] = []
        for text, pressed in keys.items():
            try:
                chord = parse_chord(text)
            except ValueError as error:
                faults.append(HotkeyFault(text, str(error)))
                continue
            if chord in chords:
                faults.append(HotkeyFault(text, "given twice"))
                continue
            chords[chord] = pressed
            if reason := _conflict(chord):
                faults.append(HotkeyFault(text, reason))
        if chords:
            self._start(chords, faults)
        return faults

    def close(self) -> None:
        """Forget all chords and end the thread with its connections."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(Exception):  # a listener whose server is gone raises what ended it
                listener.stop()
            with contextlib.suppress(Exception):
                listener.join(2.0)

    def _start(self, chords: dict[Chord, Callable[[], None]], faults: list[HotkeyFault]) -> None:
        listener = _Listener(chords)
        listener.start()
        if listener.started.wait(START_LIMIT):
            self._listener = listener
        else:
            faults.extend(HotkeyFault(f"{chord.keysym:#x}", "the X server does not report keys") for chord in chords)


def _conflict(chord: Chord) -> str:
    """Why a chord would not be ours alone: found by grabbing it for a moment, as another program would have."""
    display = connect()
    if display is None:
        return ""
    try:
        code = display.keysym_to_keycode(chord.keysym)
        if not code:
            return "this keyboard has no such key"
        root, refused = display.screen().root, CatchError(BadAccess)
        root.grab_key(code, chord.mask, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        display.sync()
        if refused.get_error():
            return "taken by another program"
        root.ungrab_key(code, chord.mask)
        display.sync()
        return ""
    finally:
        disconnect(display)
