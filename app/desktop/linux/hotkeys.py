"""System-wide chords under X11, heard through pynput's keyboard listener (no mouse: it costs per motion).

Importing this module needs a display; `app.desktop.linux.assemble` does it guarded.
"""

import contextlib
import logging
import struct
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
LOCKS = (0, X.LockMask, X.Mod2Mask, X.LockMask | X.Mod2Mask)
"""Caps Lock and Num Lock, which are modifiers to the X server."""

START_LIMIT = 3.0

EVENT = struct.Struct("=BB2xI20xH2x")
"""Kind, key code, server time in ms and modifiers of an X key event."""

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
    """Hears keys through pynput's recording, but reads key code, modifiers and the server's own time by itself.

    pynput's translation makes "!" out of Shift+1 and forgets the time, and both are needed: the chord is the key on its
    place, and a key that is held repeats itself, which is not a second press. It also costs most of each keystroke.

    The chords are grabbed besides. A recorded key stays in the server until it has something to send to any program,
    so a key that no window takes was heard seconds late (measured: 1.9 s with the focus on no window, 0.7 ms with
    the grab). While another program holds the keyboard (a locker) no grab works, but the recording does.
    """

    def __init__(self, chords: dict[Chord, Callable[[], None]]) -> None:
        super().__init__()
        self._chords = chords
        self._masks = {chord.mask for chord in chords}
        self._keys: dict[tuple[int, int], Callable[[], None]] = {}
        self._down: dict[int, int] = {}
        self.refused: dict[Chord, str] = {}
        self.started = threading.Event()

    def _initialize(self, display: Any) -> None:
        self.refused = {chord: reason for chord in self._chords if (reason := self._grab(display, chord))}

    def _grab(self, display: Any, chord: Chord) -> str:
        """Reserve a chord under every state of the locks; empty, or why it is not ours alone."""
        code = display.keysym_to_keycode(chord.keysym)
        if not code:
            return "this keyboard has no such key"
        self._keys[chord.mask, code] = self._chords[chord]
        taken = CatchError(BadAccess)
        for locks in LOCKS:
            display.screen().root.grab_key(
                code, chord.mask | locks, True, X.GrabModeAsync, X.GrabModeAsync, onerror=taken
            )
        display.sync()
        return "taken by another program" if taken.get_error() else ""

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
        """Called by Xlib with what the server recorded: X events of 32 bytes each, in this machine's byte order."""
        self.started.set()
        if not self.running:
            raise self.StopException
        for kind, code, at, state in EVENT.iter_unpack(events.data[: len(events.data) // EVENT.size * EVENT.size]):
            if kind & 0x7F == X.KeyRelease:
                self._down.pop(code, None)
            elif kind & 0x7F == X.KeyPress and not self._repeats(code, at):
                self._press(code, state & RELEVANT)

    def _press(self, code: int, mask: int) -> None:
        if mask not in self._masks:
            return  # ordinary typing ends here
        self._read_own_events()
        pressed = self._keys.get((mask, code))
        if pressed is not None:
            try:
                pressed()
            except Exception:
                logging.getLogger(__name__).exception("a hotkey's callback failed")

    def _read_own_events(self) -> None:
        """Take in what the grabs brought; a changed keyboard layout puts the chords on other key codes."""
        display, changed = self._display_stop, False
        while display.pending_events():
            event = display.next_event()
            if event.type == X.MappingNotify and event.request == X.MappingKeyboard:
                display.refresh_keyboard_mapping(event)
                changed = True
        if changed:
            display.screen().root.ungrab_key(X.AnyKey, X.AnyModifier)
            self._keys.clear()
            self._initialize(display)

    def _repeats(self, code: int, at: int) -> bool:
        """Whether a press at server time `at` (32 bits of ms) comes from holding the key: no release was recorded."""
        before = self._down.get(code)
        self._down[code] = at
        return before is not None and (at - before) % (1 << 32) < REPEAT_MS


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
        names: dict[Chord, str] = {}
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
            names[chord] = text
        if chords:
            refused = self._start(chords)
            faults.extend(HotkeyFault(names[chord], reason) for chord, reason in refused.items())
        return faults

    def close(self) -> None:
        """Forget all chords and end the thread with its connections."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(Exception):  # a listener whose server is gone raises what ended it
                listener.stop()
            with contextlib.suppress(Exception):
                listener.join(2.0)

    def _start(self, chords: dict[Chord, Callable[[], None]]) -> dict[Chord, str]:
        listener = _Listener(chords)
        listener.start()
        if listener.started.wait(START_LIMIT):
            self._listener = listener
            return listener.refused
        return dict.fromkeys(chords, "the X server does not report keys")
