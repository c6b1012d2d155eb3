# ruff: noqa: E402
# what follows the assert exists on Windows only, and mypy skips it elsewhere
"""WinHTTP's word on proxies, out of the person's own settings in the registry."""

import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

assert sys.platform == "win32"

import winreg

from app.desktop.windows.proxy import WinHttpProxies

SETTINGS = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
VALUE = "DefaultConnectionSettings"
DIRECT, FIXED, BY_SCRIPT = 1, 2, 4
SCRIPT = b"""function FindProxyForURL(url, host) {
  if (host == "straight.example") return "DIRECT";
  return "PROXY one.corp:3128; PROXY two.corp:8080";
}"""


@contextmanager
def settings(proxy: str = "", exceptions: str = "", script: str = "") -> Iterator[None]:
    """The person's proxy settings as the settings' page keeps them; those of before come back."""
    flags = DIRECT | (FIXED if proxy else 0) | (BY_SCRIPT if script else 0)
    blob = struct.pack("<III", 0x46, 1, flags)
    for text in (proxy, exceptions, script):
        blob += struct.pack("<I", len(text)) + text.encode("ascii")
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, SETTINGS, 0, winreg.KEY_READ | winreg.KEY_WRITE) as key:
        try:
            before = winreg.QueryValueEx(key, VALUE)[0]
        except FileNotFoundError:
            before = None
        winreg.SetValueEx(key, VALUE, 0, winreg.REG_BINARY, blob + bytes(32))
        try:
            yield
        finally:
            if before is None:
                winreg.DeleteValue(key, VALUE)
            else:
                winreg.SetValueEx(key, VALUE, 0, winreg.REG_BINARY, before)


@contextmanager
def script() -> Iterator[str]:
    """The address of a proxy script on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ns-proxy-autoconfig")
            self.send_header("Content-Length", str(len(SCRIPT)))
            self.end_headers()
            self.wfile.write(SCRIPT)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/proxy.pac"
        server.shutdown()
        thread.join(5)


def test_a_fixed_proxy_and_its_exceptions_are_told() -> None:
    with settings("http=a:80;https=proxy.corp:3128", "*.inside;<local>"):
        ways = WinHttpProxies()
        assert ways.for_url("https://safe.example:8443/") == ("proxy.corp:3128",)
        assert ways.for_url("https://safe.inside/") == ()
        assert ways.for_url("https://server:8443/") == ()


def test_without_settings_the_way_is_straight() -> None:
    with settings():
        assert WinHttpProxies().for_url("https://safe.example/") == ()


def test_a_script_is_fetched_and_asked() -> None:
    with script() as address, settings(script=address):
        ways = WinHttpProxies()
        found = ways.for_url("https://safe.example/")
        assert ways.for_url("https://straight.example/") == ()
    assert found[0] == "one.corp:3128"  # Wine keeps the first of several


def test_a_script_that_cannot_be_fetched_leaves_the_fixed_proxy() -> None:
    with settings("proxy.corp:3128", script="http://127.0.0.1:9/none.pac"):
        assert WinHttpProxies().for_url("https://safe.example/") == ("proxy.corp:3128",)


def test_the_certificate_store_and_the_persons_sign_in_can_be_loaded() -> None:
    import ssl

    import sspilib
    import truststore

    assert truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).verify_mode is ssl.CERT_REQUIRED
    assert sspilib.raw is not None
