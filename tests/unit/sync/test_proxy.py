"""Ways through proxies: which one is taken, signing in for real, and that no account is ever locked by it."""

import ssl
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from app.domain.errors import UsageError
from app.sync.errors import NetworkError
from app.sync.http import Connection, TlsSettings
from app.sync.link import Outgoing, parse_address
from app.sync.proxy import AGAIN_S, KEPT_S, Ways, parse_proxy, proxy_from
from app.sync.signin import REFUSED_S, UNANSWERED_S, Proxy, SignIn
from tests.helpers.faults import FaultServer, Peer, certificate, faults, http
from tests.helpers.proxy import NAME, PASSWORD, GuardedProxy, accounts
from tests.helpers.wine import needs_sign_in

GET = Outgoing("GET", "/x", (), b"", None, 0)
SAFE = parse_address("https://safe.example")
SCHEMES = ["Basic", *(pytest.param(scheme, marks=needs_sign_in) for scheme in ("NTLM", "Negotiate"))]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(tls: tuple[Path, ssl.SSLContext]) -> Iterator[FaultServer]:
    def plan(peer: Peer) -> None:
        while True:
            peer.request()
            peer.send(http())

    with faults(plan, context=tls[1]) as server:
        yield server


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def settings(ca: Path, proxy: FaultServer, name: str = "", password: str = "", sign_in: SignIn | None = None) -> TlsSettings:
    who = f"{quote(name)}:{quote(password)}@" if name else ""
    ways = Ways(environ={"HTTPS_PROXY": f"http://{who}127.0.0.1:{proxy.port}"}, sign_in=sign_in)
    return TlsSettings(str(ca), ways=ways)


def asks(server: FaultServer, tls: TlsSettings, *, for_alarms: bool = False, timeout_s: float = 5.0) -> int:
    one = Connection(parse_address(server.url), tls, for_alarms=for_alarms)
    try:
        return one.request(GET, timeout_s).status
    finally:
        one.close()


# --- signing in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closes", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_demands_a_sign_in_lets_the_right_password_through(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext], scheme: str, closes: bool, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    accounts(tmp_path, monkeypatch)
    guard = GuardedProxy(server.port, scheme, closes=closes)
    with faults(guard) as proxy:
        assert asks(server, settings(tls[0], proxy, NAME, PASSWORD)) == 200
    assert guard.granted == guard.tried == 1
    assert "Proxy-Authorization" not in guard.heads[0], "nothing is told before the proxy asks"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_wrong_password_is_tried_once_in_five_minutes_over_all_connections(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext], scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts(tmp_path, monkeypatch)
    guard, watch = GuardedProxy(server.port, scheme), Watch()
    with faults(guard) as proxy:
        one = settings(tls[0], proxy, NAME, "wrong", SignIn(watch))

        def told(_: int) -> str:
            with pytest.raises(NetworkError) as error:
                asks(server, one)
            return f"{error.value.code} {error.value}"

        with ThreadPoolExecutor(4) as lanes:
            texts = set(lanes.map(told, range(8)))
        assert texts == {"proxy.407 the proxy did not accept this account's sign-in; it is not tried again for five minutes"}
        assert guard.tried == 1
        watch.seconds += REFUSED_S - 1
        told(0)
        assert guard.tried == 1
        watch.seconds += 2
        told(0)
        assert guard.tried == 2


def test_a_proxy_that_is_silent_after_the_password_is_asked_ever_more_rarely(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    guard, watch = GuardedProxy(server.port, silent=True), Watch()
    with faults(guard) as proxy:
        one = settings(tls[0], proxy, NAME, "wrong", SignIn(watch))
        for wait, tried in ((0.0, 1), (UNANSWERED_S - 1, 1), (2.0, 2), (2 * UNANSWERED_S - 1, 2), (2.0, 3)):
            watch.seconds += wait
            with pytest.raises(NetworkError):
                asks(server, one, timeout_s=0.3)
            assert guard.tried == tried


def test_once_let_through_the_account_is_free_again(server: FaultServer, tls: tuple[Path, ssl.SSLContext]) -> None:
    guard = GuardedProxy(server.port)
    with faults(guard) as proxy:
        one = settings(tls[0], proxy, NAME, PASSWORD)
        assert [asks(server, one) for _ in range(3)] == [200, 200, 200]
    assert guard.tried == 3


@pytest.mark.skipif(sys.platform == "win32", reason="there the person's own sign-in is tried")
def test_without_a_password_nothing_is_tried_and_the_sentence_says_what_the_proxy_wants(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    guard = GuardedProxy(server.port, "NTLM")
    with faults(guard) as proxy, pytest.raises(NetworkError) as error:
        asks(server, settings(tls[0], proxy))
    assert (error.value.code, guard.tried) == ("proxy.407", 0)
    assert str(error.value) == "the proxy asks for a sign-in that this PC cannot give (it offers ntlm)"


@needs_sign_in
@pytest.mark.parametrize("challenge", ["NTLM !!!", "NTLM bm8=", "NTLM"])
def test_nonsense_instead_of_a_challenge_is_one_sentence(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext], challenge: str
) -> None:
    def plan(peer: Peer) -> None:
        peer.request()
        peer.send(http(407, b"", ("Proxy-Authenticate", "NTLM")))
        while True:
            peer.request()
            peer.send(http(407, b"", ("Proxy-Authenticate", challenge)))

    with faults(plan) as proxy, pytest.raises(NetworkError) as error:
        asks(server, settings(tls[0], proxy, NAME, PASSWORD))
    assert error.value.code == "proxy.407"


def test_an_installation_without_the_sign_in_says_so(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spnego.exceptions", None)
    with faults(GuardedProxy(server.port, "NTLM")) as proxy, pytest.raises(NetworkError) as error:
        asks(server, settings(tls[0], proxy, NAME, PASSWORD))
    assert str(error.value) == "the proxy asks for a sign-in that this installation lacks"


@pytest.mark.skipif(sys.platform == "win32", reason="there the person's own sign-in is tried")
def test_a_name_without_a_password_is_one_sentence(server: FaultServer, tls: tuple[Path, ssl.SSLContext]) -> None:
    guard = GuardedProxy(server.port, "NTLM")
    with faults(guard) as proxy, pytest.raises(NetworkError) as error:
        asks(server, settings(tls[0], proxy, NAME, ""))
    assert (error.value.code, guard.tried) == ("proxy.407", 0)


def test_nobody_waits_longer_for_anothers_sign_in_than_his_own_time(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    guard = GuardedProxy(server.port, silent=True)
    with faults(guard) as proxy, ThreadPoolExecutor(1) as lane:
        one = settings(tls[0], proxy, NAME, "wrong")

        def slow() -> str:
            with pytest.raises(NetworkError) as error:
                asks(server, one, timeout_s=1.5)
            return error.value.code

        first = lane.submit(slow)
        end = time.monotonic() + 5
        while not guard.tried and time.monotonic() < end:
            time.sleep(0.001)  # poll: the proxy tells nobody of a password
        with pytest.raises(NetworkError) as error:
            asks(server, one, timeout_s=0.2)
        assert (error.value.code, first.result(10), guard.tried) == ("mute", "mute", 1)


@pytest.mark.parametrize("status", [403, 502])
def test_a_proxy_that_refuses_is_told_with_its_status(status: int) -> None:
    def plan(peer: Peer) -> None:
        peer.request()
        peer.send(http(status, b"<html>"))

    with faults(plan) as proxy:
        tls = TlsSettings(environ={"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"})
        with pytest.raises(NetworkError) as error:
            Connection(SAFE, tls).request(GET, 5)
    assert error.value.code == f"proxy.{status}"


# --- an alarm's way ---------------------------------------------------------------------------------------------------


def mute(peer: Peer) -> None:
    peer.request()
    peer.wait()


def test_an_alarm_goes_straight_within_a_second_where_the_proxy_is_mute(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    with faults(mute) as proxy:
        one = settings(tls[0], proxy)
        assert asks(server, one, for_alarms=True, timeout_s=1.0) == 200
        with pytest.raises(NetworkError):
            asks(server, one, timeout_s=0.3)


def test_an_alarm_goes_straight_where_the_proxy_wants_a_sign_in(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    guard = GuardedProxy(server.port)
    with faults(guard) as proxy:
        assert asks(server, settings(tls[0], proxy), for_alarms=True, timeout_s=1.0) == 200
    assert guard.granted == 0


def test_an_alarm_leaves_a_proxy_that_lets_it_in_and_carries_nothing(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    def pretends(peer: Peer) -> None:
        peer.request()
        peer.send(http(200, b""))
        peer.wait()

    with faults(pretends) as proxy:
        one = Connection(parse_address(server.url), settings(tls[0], proxy), for_alarms=True)
        assert one.request(GET, 1.0).status == 200
        one.close()


def test_an_alarm_does_not_wait_for_a_network_that_does_not_tell_its_proxies(
    server: FaultServer, tls: tuple[Path, ssl.SSLContext]
) -> None:
    told = threading.Event()

    def find(_: str) -> Sequence[str]:
        told.wait(20)
        return ()

    one = TlsSettings(str(tls[0]), ways=Ways(find, environ={}))
    try:
        assert asks(server, one, for_alarms=True, timeout_s=1.0) == 200
    finally:
        told.set()


# --- which way --------------------------------------------------------------------------------------------------------


def environments() -> Iterator[tuple[dict[str, str], str, Proxy | None]]:
    proxy = Proxy("proxy.example", 3128)
    named = {"HTTPS_PROXY": "http://proxy.example:3128"}
    yield {}, "https://safe.example", None
    yield named, "https://safe.example", proxy
    yield {"https_proxy": "proxy.example:3128"}, "https://safe.example", proxy
    yield named, "http://127.0.0.1:8000", None
    yield {**named, "NO_PROXY": "other, .example"}, "https://safe.example", None
    yield {**named, "no_proxy": "safe.example"}, "https://SAFE.example", None
    yield {**named, "NO_PROXY": "*.corp, afe.example"}, "https://safe.example", proxy
    yield {**named, "NO_PROXY": "*"}, "https://safe.example", None


@pytest.mark.parametrize(("environ", "url", "expected"), list(environments()))
def test_the_environment_names_the_proxy(environ: dict[str, str], url: str, expected: Proxy | None) -> None:
    address = parse_address(url)
    assert proxy_from(environ, address) == expected
    assert Ways(environ=environ).routes(address, 0) == (expected,)


def test_what_is_given_goes_before_the_environment_and_that_before_the_system() -> None:
    environ = {"HTTPS_PROXY": "http://one:1"}
    assert Ways(environ=environ, proxy="http://two").routes(SAFE, 0) == (Proxy("two", 8080),)
    assert Ways(environ=environ, proxy="").routes(SAFE, 0) == (None,)
    assert Ways(lambda _: ["three:3"], environ=environ).routes(SAFE, 5) == (Proxy("one", 1),)
    assert Ways(lambda _: ["three:3", "four"], environ={}).routes(SAFE, 5) == (Proxy("three", 3), Proxy("four", 8080))
    assert Ways(lambda _: [], environ={}).routes(SAFE, 5) == (None,)
    assert Ways(lambda _: ["socks5://h:1"], environ={}).routes(SAFE, 5) == (None,)
    assert "secret" not in repr(parse_proxy("http://u:secret@h:1"))


def test_the_system_is_asked_once_and_again_after_ten_minutes_or_a_failure() -> None:
    watch, asked = Watch(), threading.Semaphore(0)
    urls: list[str] = []

    def find(url: str) -> Sequence[str]:
        urls.append(url)
        asked.release()
        return [f"p:{len(urls)}"]

    ways = Ways(find, environ={}, now=watch)
    for _ in range(3):
        assert ways.routes(SAFE, 5) == (Proxy("p", 1),)
    ways.failed(SAFE)
    assert urls == ["https://safe.example/"]
    watch.seconds += AGAIN_S
    for more, wait in ((2, 0.0), (3, KEPT_S)):
        watch.seconds += wait
        ways.failed(SAFE)
        assert settled(ways) == (Proxy("p", more),)
    assert asked.acquire(blocking=False)


def test_while_the_system_thinks_nobody_asks_it_a_second_time() -> None:
    told, asked = threading.Event(), []

    def find(url: str) -> Sequence[str]:
        asked.append(url)
        told.wait(20)
        return ["p:1"]

    ways = Ways(find, environ={})
    try:
        assert [ways.routes(SAFE, 0), ways.routes(SAFE, 0)] == [(None,), (None,)]
    finally:
        told.set()
    assert settled(ways) == (Proxy("p", 1),)
    assert asked == ["https://safe.example/"]


def settled(ways: Ways) -> tuple[Proxy | None, ...]:
    """The ways once nobody searches any more."""
    end = time.monotonic() + 5
    while any(known.searching for known in ways._known.values()) and time.monotonic() < end:
        time.sleep(0.001)  # poll: a search in the background tells nobody
    return ways.routes(SAFE, 0)


def test_a_failure_of_a_server_that_was_never_looked_for_asks_nobody() -> None:
    ways = Ways(lambda _: pytest.fail("asked"), environ={})
    ways.failed(SAFE)


@pytest.mark.parametrize("url", ["socks5://h:1", "https://h:1", "http://", "http://h:x"])
def test_other_proxies_are_refused(url: str) -> None:
    with pytest.raises(UsageError):
        parse_proxy(url)
