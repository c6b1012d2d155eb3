"""The words of Windows for a session's lock; pure."""

from app.desktop.ports import Locked

LOCK_FLAG, UNLOCK_FLAG = 0, 1
"""WTS_SESSIONSTATE_LOCK and _UNLOCK (Windows 7 had them the other way round; Python 3.11 does not run there)."""

LOCK_MESSAGE, UNLOCK_MESSAGE = 7, 8
"""WTS_SESSION_LOCK and _UNLOCK in WM_WTSSESSION_CHANGE."""

DESKTOP_OF_PERSON = "Default"


def judged(flags: int | None, desktop: str | None) -> Locked:
    """The lock's state from WTSINFOEX's SessionFlags; without them from the name of the desktop that has the input.

    A desktop that Windows refuses to open (None) is the lock's or an elevation prompt's: that alone proves neither.
    """
    if flags == LOCK_FLAG:
        return Locked.YES
    if flags == UNLOCK_FLAG or desktop == DESKTOP_OF_PERSON:
        return Locked.NO
    return Locked.UNKNOWN


def told(message: int) -> Locked | None:
    """What a session message says about the lock, None if it is about something else."""
    return {LOCK_MESSAGE: Locked.YES, UNLOCK_MESSAGE: Locked.NO}.get(message)


SIGNS_OFF = 0x80000000
"""ENDSESSION_LOGOFF in the lParam of WM_ENDSESSION, which comes with its sign."""


def end_cause(flags: int) -> str:
    """Why the session ends: a person signs off, or the machine shuts down or starts anew."""
    return "signed_off" if flags & SIGNS_OFF else "shutdown"
