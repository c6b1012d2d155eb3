"""Whether some program holds the keyboard: the sign that a locker (or an open menu) is up."""

from Xlib import X

from app.desktop.linux.xorg import connect, disconnect


def keyboard_held(display_name: str | None = None) -> bool | None:
    """True if another program holds a keyboard grab now, False if none does, None if it cannot be told.

    Takes the keyboard for a moment when it is free, so it belongs into the moments around a lock only. Blocking.
    """
    display = connect(display_name)
    if display is None:
        return None
    try:
        status = display.screen().root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        if status == X.GrabSuccess:
            display.ungrab_keyboard(X.CurrentTime)
            display.sync()
        return bool(status == X.AlreadyGrabbed)
    except Exception:  # Xlib raises its own kinds and socket errors
        return None
    finally:
        disconnect(display)
