"""Carries the desktop's effects out: lock, hotkeys, notices; and brings what the desktop notices to the actor."""

from collections.abc import Callable, Iterable

from app.agent.events import (
    BindHotkeys,
    DoLock,
    HotkeyPressed,
    HotkeysBound,
    LockTried,
    SessionChanged,
    ShowNotice,
    StopWatching,
)
from app.agent.events.microphone import AskMicrophone, MicrophoneChanged, MicrophoneRead
from app.agent.ports import BOARD, NoticeBoard
from app.content.texts import Texts
from app.desktop.ports import Desktop, Locked, LockResult
from app.desktop.windows.clipping import clipped

TITLE_UNITS, TEXT_UNITS = 63, 255
"""UTF-16 units of a Windows notice's title and text (NOTIFYICONDATAW, without the ending NUL)."""

LOCK_TIMEOUT = 8.0
"""Seconds until an unconfirmed lock counts as failed: a locker that fades in slowly is still a lock."""


class Handwork:
    """Owns the desktop's adapters; each method runs in the lane named in `carriers`."""

    def __init__(
        self, desktop: Desktop, texts: Texts, post: Callable[[object], None], board: NoticeBoard = BOARD
    ) -> None:
        self._desktop = desktop
        self._texts = texts
        self._post = post
        self._board = board

    def speak(self, language: str) -> None:
        """Notices are in this language from now on; any thread."""
        self._texts = Texts(language)

    def watch(self) -> None:
        """Start to tell the actor of locks and unlocks by whomever; the present state comes at once."""
        lock = self._desktop.lock
        if lock is not None:
            lock.watch(lambda state: self._post(SessionChanged(state)))
            if lock.state() is Locked.YES:
                self._post(SessionChanged(Locked.YES))
        if self._desktop.microphone is not None:
            self._desktop.microphone.watch(lambda: self._post(MicrophoneChanged()))

    def tell_again(self) -> None:
        """Tell once more whether the session is locked, and that the microphone is to be looked at."""
        self._post(MicrophoneChanged())
        lock = self._desktop.lock
        if lock is not None and (state := lock.state()) is not Locked.UNKNOWN:
            self._post(SessionChanged(state))

    def lock(self, _effect: DoLock) -> Iterable[object]:
        """Lock and say honestly whether it held."""
        lock = self._desktop.lock
        if lock is None:
            return [LockTried(LockResult(confirmed=False, method="none", error="lock_missing"))]
        return [LockTried(lock.lock(LOCK_TIMEOUT))]

    def bind(self, effect: BindHotkeys) -> Iterable[object]:
        """Bind the chords; taken ones are told."""
        hotkeys = self._desktop.hotkeys
        if hotkeys is None:
            return [HotkeysBound(tuple((action, "hotkey_missing") for action, _ in effect.chords))]
        actions = {chord: action for action, chord in effect.chords if chord}
        faults = hotkeys.bind({chord: self._pressed(action) for chord, action in actions.items()})
        return [HotkeysBound(tuple((actions[fault.key], fault.reason) for fault in faults))]

    def _pressed(self, action: str) -> Callable[[], None]:
        clock, post = self._desktop.clock, self._post
        return lambda: post(HotkeyPressed(action, clock.now().boot))

    def notice(self, effect: ShowNotice) -> Iterable[object]:
        """Show a passing notice if the desktop can; on Windows by the tray icon first, which leaves no second icon behind."""
        title, text = self._texts.t("tray.name"), self._texts.t(effect.key)
        if self._desktop.name == "windows" and self._board.show(clipped(title, TITLE_UNITS), clipped(text, TEXT_UNITS)):
            return ()
        if self._desktop.notices is not None:
            self._desktop.notices.show(title, text)
        return ()

    def ask_microphone(self, _effect: AskMicrophone) -> Iterable[object]:
        """Look who records now; a second at most."""
        sense = self._desktop.microphone
        return [MicrophoneRead(None if sense is None else sense.in_use_by())]

    def stop(self, _effect: StopWatching) -> Iterable[object]:
        """Release hotkeys, senses and connections."""
        self._desktop.close()
        return ()
