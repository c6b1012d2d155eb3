"""WinHTTP's functions and structures for proxy settings, declared once with their types."""

import ctypes
import sys
from ctypes import wintypes

assert sys.platform == "win32"

winhttp = ctypes.WinDLL("winhttp", use_last_error=True)
kernel32 = ctypes.WinDLL("kernel32")


class PersonSettings(ctypes.Structure):
    """WINHTTP_CURRENT_USER_IE_PROXY_CONFIG; the texts are pointers, because they have to be given back."""

    _fields_ = (
        ("detect", wintypes.BOOL), ("script", ctypes.c_void_p), ("proxy", ctypes.c_void_p), ("bypass", ctypes.c_void_p),
    )  # fmt: skip


class AutoOptions(ctypes.Structure):
    """WINHTTP_AUTOPROXY_OPTIONS."""

    _fields_ = (
        ("flags", wintypes.DWORD), ("detect_flags", wintypes.DWORD), ("script", wintypes.LPCWSTR),
        ("reserved", wintypes.LPVOID), ("reserved_too", wintypes.DWORD), ("sign_in", wintypes.BOOL),
    )  # fmt: skip


class ProxyInfo(ctypes.Structure):
    """WINHTTP_PROXY_INFO."""

    _fields_ = (("access", wintypes.DWORD), ("proxy", ctypes.c_void_p), ("bypass", ctypes.c_void_p))


winhttp.WinHttpGetIEProxyConfigForCurrentUser.argtypes = (ctypes.POINTER(PersonSettings),)
winhttp.WinHttpOpen.restype = ctypes.c_void_p
winhttp.WinHttpOpen.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD)
winhttp.WinHttpSetTimeouts.argtypes = (ctypes.c_void_p, *[ctypes.c_int] * 4)
winhttp.WinHttpCloseHandle.argtypes = (ctypes.c_void_p,)
winhttp.WinHttpGetProxyForUrl.argtypes = (
    ctypes.c_void_p, wintypes.LPCWSTR, ctypes.POINTER(AutoOptions), ctypes.POINTER(ProxyInfo),
)  # fmt: skip
winhttp.WinHttpGetDefaultProxyConfiguration.argtypes = (ctypes.POINTER(ProxyInfo),)
kernel32.GlobalFree.argtypes = (ctypes.c_void_p,)
