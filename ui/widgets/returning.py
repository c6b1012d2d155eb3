"""Gives the keyboard back to the program that had it before a person opened one of our windows.

X11 window managers do so by themselves when a window goes; Windows would activate whichever window lies next.
"""

import ctypes
import sys


class Returning:
    """Remembers one foreign window; Qt thread."""

    def __init__(self) -> None:
        self._window = 0

    def remember(self) -> None:
        """Call before our window takes the focus."""
        if sys.platform == "win32":
            self._window = int(ctypes.WinDLL("user32").GetForegroundWindow() or 0)

    def give_back(self) -> None:
        """Call while our window still has the focus: only then does Windows let a program pass it on."""
        window, self._window = self._window, 0
        if sys.platform == "win32" and window:
            ctypes.WinDLL("user32").SetForegroundWindow(ctypes.c_void_p(window))
