"""The proxies of Windows' settings, by WinHTTP: auto-detection, a script's address, a fixed list; of the person, then of the machine."""

import ctypes
import sys
from urllib.parse import urlsplit

from app.desktop.windows.proxylist import bypassed, proxies_in

assert sys.platform == "win32"

from app.desktop.windows.winhttp import (  # noqa: E402  # exists on Windows only
    AutoOptions,
    PersonSettings,
    ProxyInfo,
    kernel32,
    winhttp,
)

NO_PROXY, NAMED = 1, 3
DETECT, SCRIPT = 0x1, 0x2
DHCP_AND_DNS = 0x3
LOGIN_FAILURE = 12015
LIMIT_MS = 5000
"""How long one step of fetching a script may take; finding out that no network tells one takes Windows up to 30 s."""


class WinHttpProxies:
    """Asks anew at each call; whoever calls often keeps the answer."""

    def for_url(self, url: str) -> tuple[str, ...]:
        """See the port."""
        settings = PersonSettings()
        if not winhttp.WinHttpGetIEProxyConfigForCurrentUser(ctypes.byref(settings)):
            return _of_the_machine(url)
        script, fixed, exceptions = (_taken(settings, name) for name in ("script", "proxy", "bypass"))
        if settings.detect or script:
            found = _automatic(url, script, detect=bool(settings.detect))
            if found is not None:
                return found
        if fixed:
            return () if bypassed(urlsplit(url).hostname or "", exceptions) else proxies_in(fixed)
        return _of_the_machine(url)


def _automatic(url: str, script: str, *, detect: bool) -> tuple[str, ...] | None:
    """What a script says, empty for the straight way; None where there is none or it cannot be had."""
    session = winhttp.WinHttpOpen("SafeSeat", NO_PROXY, None, None, 0)
    if not session:
        return None
    try:
        winhttp.WinHttpSetTimeouts(session, LIMIT_MS, LIMIT_MS, LIMIT_MS, LIMIT_MS)
        ways = [AutoOptions(SCRIPT, 0, script, None, 0, 0)] if script else []
        if detect:
            ways.insert(0, AutoOptions(DETECT, DHCP_AND_DNS, None, None, 0, 0))
        for options in ways:
            for sign_in in (0, 1):  # the script's server may ask who is there; trying without is quicker
                options.sign_in = sign_in
                info = ProxyInfo()
                if winhttp.WinHttpGetProxyForUrl(session, url, ctypes.byref(options), ctypes.byref(info)):
                    return _said(info, url)
                if ctypes.get_last_error() != LOGIN_FAILURE:
                    break
        return None
    finally:
        winhttp.WinHttpCloseHandle(session)


def _of_the_machine(url: str) -> tuple[str, ...]:
    """What `netsh winhttp` set for every program."""
    info = ProxyInfo()
    if not winhttp.WinHttpGetDefaultProxyConfiguration(ctypes.byref(info)):
        return ()
    return _said(info, url)


def _said(info: ProxyInfo, url: str) -> tuple[str, ...]:
    named, exceptions = _taken(info, "proxy"), _taken(info, "bypass")
    if info.access != NAMED or bypassed(urlsplit(url).hostname or "", exceptions):
        return ()
    return proxies_in(named)


def _taken(holder: ctypes.Structure, name: str) -> str:
    """A text that Windows has allocated for us, given back."""
    address = getattr(holder, name)
    if not address:
        return ""
    text = ctypes.wstring_at(address)
    kernel32.GlobalFree(address)
    setattr(holder, name, None)
    return text


