"""Whether the tests run under Wine, and what is left out there."""

import ctypes
import sys

import pytest

ON_WINE = sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")

needs_sign_in = pytest.mark.skipif(
    ON_WINE, reason="Wine 8 without winbind has no NTLM, falls over when asked for it, and its debugger then waits for ever"
)
"""For what signs in by Windows' own way: seen as a page fault in AcquireCredentialsHandle, in Wine's own code."""
