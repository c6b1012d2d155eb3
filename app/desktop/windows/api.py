"""Windows' functions and structures that the adapters call, declared once with their types."""

import ctypes
import sys
from ctypes import wintypes

assert sys.platform == "win32"

user32 = ctypes.WinDLL("user32", use_last_error=True)
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
wtsapi32 = ctypes.WinDLL("wtsapi32", use_last_error=True)

LRESULT = ctypes.c_ssize_t
WNDPROC = ctypes.WINFUNCTYPE(LRESULT, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)

WM_QUIT, WM_TIMER, WM_POWERBROADCAST, WM_WTSSESSION_CHANGE, WM_HOTKEY = 0x0012, 0x0113, 0x0218, 0x02B1, 0x0312


class LastInputInfo(ctypes.Structure):
    """LASTINPUTINFO."""

    _fields_ = (("size", wintypes.UINT), ("time", wintypes.DWORD))


class WindowClass(ctypes.Structure):
    """WNDCLASSEXW."""

    _fields_ = (
        ("size", wintypes.UINT), ("style", wintypes.UINT), ("procedure", WNDPROC), ("class_extra", ctypes.c_int),
        ("window_extra", ctypes.c_int), ("instance", wintypes.HINSTANCE), ("icon", wintypes.HANDLE),
        ("cursor", wintypes.HANDLE), ("background", wintypes.HANDLE), ("menu", wintypes.LPCWSTR),
        ("name", wintypes.LPCWSTR), ("small_icon", wintypes.HANDLE),
    )  # fmt: skip


class SessionInfo(ctypes.Structure):
    """The beginning of WTSINFOEXW: its level, then WTSINFOEX_LEVEL1_W, which starts on a multiple of 8 bytes."""

    _fields_ = (
        ("level", wintypes.DWORD), ("padding", wintypes.DWORD), ("session", wintypes.ULONG), ("state", ctypes.c_int),
        ("flags", wintypes.LONG),
    )  # fmt: skip


def _declare(library: ctypes.WinDLL, name: str, result: object, *arguments: object) -> None:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


_declare(kernel32, "GetTickCount64", ctypes.c_ulonglong)
_declare(kernel32, "QueryUnbiasedInterruptTime", wintypes.BOOL, ctypes.POINTER(ctypes.c_ulonglong))
_declare(kernel32, "GetCurrentThreadId", wintypes.DWORD)
_declare(kernel32, "GetModuleHandleW", wintypes.HMODULE, wintypes.LPCWSTR)
_declare(kernel32, "K32EnumProcesses", wintypes.BOOL, wintypes.LPVOID, wintypes.DWORD, ctypes.POINTER(wintypes.DWORD))
_declare(kernel32, "OpenProcess", wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
_declare(kernel32, "CloseHandle", wintypes.BOOL, wintypes.HANDLE)
_declare(
    kernel32, "QueryFullProcessImageNameW", wintypes.BOOL, wintypes.HANDLE, wintypes.DWORD, wintypes.LPWSTR,
    ctypes.POINTER(wintypes.DWORD),
)  # fmt: skip
_declare(kernel32, "GetProcessTimes", wintypes.BOOL, wintypes.HANDLE, *[ctypes.POINTER(wintypes.FILETIME)] * 4)
_declare(user32, "GetLastInputInfo", wintypes.BOOL, ctypes.POINTER(LastInputInfo))
_declare(user32, "LockWorkStation", wintypes.BOOL)
_declare(user32, "OpenInputDesktop", wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
_declare(user32, "CloseDesktop", wintypes.BOOL, wintypes.HANDLE)
_declare(
    user32, "GetUserObjectInformationW", wintypes.BOOL, wintypes.HANDLE, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD,
    ctypes.POINTER(wintypes.DWORD),
)  # fmt: skip
_declare(user32, "RegisterHotKey", wintypes.BOOL, wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT)
_declare(user32, "UnregisterHotKey", wintypes.BOOL, wintypes.HWND, ctypes.c_int)
_declare(user32, "VkKeyScanW", ctypes.c_short, wintypes.WCHAR)
_declare(
    user32, "GetMessageW", ctypes.c_int, ctypes.POINTER(wintypes.MSG), wintypes.HWND, wintypes.UINT, wintypes.UINT
)
_declare(
    user32, "PeekMessageW", wintypes.BOOL, ctypes.POINTER(wintypes.MSG), wintypes.HWND, wintypes.UINT, wintypes.UINT,
    wintypes.UINT,
)  # fmt: skip
_declare(user32, "DispatchMessageW", LRESULT, ctypes.POINTER(wintypes.MSG))
_declare(user32, "PostThreadMessageW", wintypes.BOOL, wintypes.DWORD, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
_declare(user32, "PostQuitMessage", None, ctypes.c_int)
_declare(user32, "SetTimer", ctypes.c_size_t, wintypes.HWND, ctypes.c_size_t, wintypes.UINT, ctypes.c_void_p)
_declare(user32, "RegisterClassExW", wintypes.ATOM, ctypes.POINTER(WindowClass))
_declare(user32, "UnregisterClassW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.HINSTANCE)
_declare(
    user32, "CreateWindowExW", wintypes.HWND, wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD,
    ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int, wintypes.HWND, wintypes.HMENU, wintypes.HINSTANCE,
    wintypes.LPVOID,
)  # fmt: skip
_declare(user32, "DestroyWindow", wintypes.BOOL, wintypes.HWND)
_declare(user32, "DefWindowProcW", LRESULT, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
_declare(
    wtsapi32, "WTSQuerySessionInformationW", wintypes.BOOL, wintypes.HANDLE, wintypes.DWORD, ctypes.c_int,
    ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(wintypes.DWORD),
)  # fmt: skip
_declare(wtsapi32, "WTSFreeMemory", None, ctypes.c_void_p)
_declare(wtsapi32, "WTSRegisterSessionNotification", wintypes.BOOL, wintypes.HWND, wintypes.DWORD)
_declare(wtsapi32, "WTSUnRegisterSessionNotification", wintypes.BOOL, wintypes.HWND)
