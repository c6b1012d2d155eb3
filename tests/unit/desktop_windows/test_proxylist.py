"""Windows' proxy lists and exceptions, as netsh, the settings' page and scripts write them."""

import pytest

from app.desktop.windows.proxylist import bypassed, proxies_in
from app.desktop.windows.sleeping import asleep


@pytest.mark.parametrize(
    ("text", "proxies"),
    [
        ("", ()),
        ("proxy.corp:3128", ("proxy.corp:3128",)),
        ("proxy.corp", ("proxy.corp:80",)),
        ("http=a:80;https=b:81;ftp=c:82", ("b:81",)),
        ("http=a:80", ()),
        ("HTTPS=http://b:81/", ("b:81",)),
        ("a:1;b:2 c:3", ("a:1", "b:2", "c:3")),
        ("socks=s:1080;d:4", ("d:4",)),
        ("socks5://s:1080", ()),
        ("[fe80::1]:8080;[fe80::2]", ("[fe80::1]:8080", "[fe80::2]:80")),
        (";;https=", ()),
    ],
)
def test_a_list_names_the_proxies_for_https(text: str, proxies: tuple[str, ...]) -> None:
    assert proxies_in(text) == proxies


@pytest.mark.parametrize(
    ("host", "exceptions", "straight"),
    [
        ("safe.example", "", False),
        ("safe.example", "*.example", True),
        ("SAFE.example", "a.b;safe.EXAMPLE", True),
        ("safe.example", "afe.example", False),
        ("10.1.2.3", "10.*", True),
        ("server", "<local>", True),
        ("safe.example", "<local>", False),
        ("safe.example", "https://safe.example:8443", True),
        ("::1", "[::1]", True),
    ],
)
def test_an_exception_goes_straight(host: str, exceptions: str, straight: bool) -> None:
    assert bypassed(host, exceptions) is straight


def test_only_sleep_and_waking_are_taken_from_the_power_messages() -> None:
    assert [asleep(event) for event in (0x4, 0x12, 0x7, 0xA, 0x8013)] == [True, False, False, None, None]
