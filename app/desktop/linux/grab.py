"""Whether some program holds the keyboard: the sign that a locker (or an open menu) is up."""

import contextlib


def keyboard_held(display_name: str | None = None) -> bool | None:
    """True if another program holds a keyboard grab now, False if none does, None if it cannot be told.

    Takes the keyboard for a moment when it is free, so it belongs into the moments around a lock only. Blocking.
    """
    from Xlib import X
    from Xlib.display import Display

    try:
        display = Display(display_name)
    except Exception:  # Xlib raises its own kinds and socket errors
        return None
    try:
        status = display.screen().root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        if status == X.GrabSuccess:
            display.ungrab_keyboard(X.CurrentTime)
            display.sync()
        return bool(status == X.AlreadyGrabbed)
    except Exception:  # as above
        return None
    finally:
        with contextlib.suppress(Exception):
            display.close()
