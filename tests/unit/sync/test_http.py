"""The transport against servers that misbehave: every fault becomes one NetworkError with its word, in bounded time."""

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.sync.errors import NetworkError
from app.sync.http import ANSWER_MAX, Connection, TlsSettings
from app.sync.link import Outgoing, parse_address
from tests.helpers.faults import FaultServer, Peer, Plan, certificate, faults, http

GET = Outgoing("GET", "/x?y=1", (("content-type", "text/plain"),), b"", None, 0)
POST = Outgoing("POST", "/x", (("content-type", "text/plain"), ("x-more", "1")), b"body", None, 0)
PLAIN = TlsSettings(environ={})


def connection(server: FaultServer, tls: TlsSettings = PLAIN) -> Connection:
    return Connection(parse_address(server.url), tls)


def answering(*answers: bytes) -> Plan:
    def plan(peer: Peer) -> None:
        for answer in answers:
            peer.request()
            peer.send(answer)
        peer.wait()

    return plan


def fails(server: FaultServer, code: str, timeout_s: float = 5.0) -> None:
    one = connection(server)
    try:
        with pytest.raises(NetworkError) as error:
            one.request(GET, timeout_s)
        assert error.value.code == code
    finally:
        one.close()


def test_requests_go_over_one_kept_connection() -> None:
    heads: list[tuple[str, bytes]] = []

    def plan(peer: Peer) -> None:
        for _ in range(3):
            heads.append(peer.request())
            peer.send(http(200, b"yes", ("X-Y", "1")))

    with faults(plan) as server:
        one = connection(server)
        answers = [one.request(sent, 5) for sent in (GET, POST, GET)]
        one.close()
        assert server.connections == 1
        authority = f"127.0.0.1:{server.port}"
    assert [(answer.status, answer.body, dict(answer.headers)["x-y"]) for answer in answers] == [(200, b"yes", "1")] * 3
    assert heads[0][0].split("\r\n")[:3] == ["GET /x?y=1 HTTP/1.1", f"Host: {authority}", "content-type: text/plain"]
    assert heads[1][1] == b"body"


def test_a_connection_that_was_closed_while_idle_is_made_anew() -> None:
    closed = threading.Event()

    def once(peer: Peer) -> None:
        peer.request()
        peer.send(http())
        peer.sock.shutdown(socket.SHUT_RDWR)
        closed.set()

    with faults(once, answering(http())) as server:
        one = connection(server)
        one.request(GET, 5)
        assert closed.wait(5)
        deadline = time.monotonic() + 5
        while one._wire is not None and not one._wire.stale() and time.monotonic() < deadline:
            closed.wait(0.001)
        assert one.request(GET, 5).status == 200
        one.close()
        assert server.connections == 2


def test_an_answer_that_closes_is_read_whole() -> None:
    def plan(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"z" * 200_000)

    with faults(plan) as server:
        one = connection(server)
        assert one.request(GET, 5).body == b"z" * 200_000
        assert one.request(GET, 5).status == 200
        one.close()


def test_chunked_answers_are_read() -> None:
    with faults(
        answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    ) as server:
        one = connection(server)
        assert one.request(GET, 5).body == b"abc"
        one.close()


def cut_before(peer: Peer) -> None:
    peer.request()
    peer.cut()


def cut_body(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def garbage(peer: Peer) -> None:
    peer.request()
    peer.send(b"\x00\xff\x17\x03 what is this\r\n\r\n")


def endless_headers(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n" + b"".join(b"x-%d: y\r\n" % number for number in range(300)))
    peer.wait()


def long_line(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n")
    peer.wait()


def too_long(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (ANSWER_MAX + 1) + bytes(ANSWER_MAX + 1))


def mute(peer: Peer) -> None:
    peer.request()
    peer.wait()


def half_open(peer: Peer) -> None:
    peer.wait()


def drip(peer: Peer) -> None:
    peer.request()
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + bytes(100_000):
        peer.send(bytes([byte]))
        if peer.over.wait(0.02):
            return


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (cut_before, "closed"),
        (cut_body, "http"),
        (garbage, "http"),
        (endless_headers, "http"),
        (long_line, "http"),
        (too_long, "http"),
    ],
)
def test_broken_answers_are_the_network(plan: Plan, code: str) -> None:
    with faults(plan) as server:
        fails(server, code)


@pytest.mark.parametrize("plan", [mute, half_open, drip])
def test_silence_and_dripping_end_at_the_deadline(plan: Plan) -> None:
    with faults(plan) as server:
        fails(server, "mute", 0.3)


def test_after_a_fault_the_next_request_connects_anew() -> None:
    with faults(cut_before, garbage, answering(http())) as server:
        one = connection(server)
        for _ in range(2):
            with pytest.raises(NetworkError):
                one.request(GET, 5)
        assert one.request(GET, 5).body == b"yes"
        one.close()


def test_nobody_listening_is_refused_and_an_unknown_name_is_a_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NetworkError) as refused:
        Connection(parse_address(f"http://127.0.0.1:{port}"), PLAIN).request(GET, 5)
    assert refused.value.code == "refused"
    with pytest.raises(NetworkError) as unknown:
        Connection(parse_address("https://no-such-name.invalid"), PLAIN).request(GET, 5)
    assert unknown.value.code == "name"


@pytest.mark.parametrize("forever", [False, True])
def test_another_thread_can_end_what_is_under_way(forever: bool) -> None:
    reached = threading.Event()

    def plan(peer: Peer) -> None:
        peer.request()
        reached.set()
        peer.wait()

    with faults(plan, answering(http())) as server:
        one = connection(server)
        codes: list[str] = []

        def work() -> None:
            try:
                one.request(GET, 20)
            except NetworkError as error:
                codes.append(error.code)

        thread = threading.Thread(target=work)
        thread.start()
        assert reached.wait(5)
        (one.close if forever else one.abort)()
        thread.join(5)
        assert not thread.is_alive()
        assert codes in (["closed"], ["http"])
        if forever:
            with pytest.raises(NetworkError):
                one.request(GET, 5)
        else:
            assert one.request(GET, 5).status == 200
            one.close()
        one.abort()


def test_a_first_request_without_time_is_mute() -> None:
    with faults(answering(http())) as server:
        fails(server, "mute", 0)
        assert server.connections == 0


def test_a_request_without_time_is_mute() -> None:
    with faults(answering(http(), http())) as server:
        one = connection(server)
        one.request(GET, 5)
        with pytest.raises(NetworkError) as error:
            one.request(GET, 0)
        assert error.value.code == "mute"
        one.close()


def test_a_socket_that_the_system_took_away_is_made_anew() -> None:
    with faults(answering(http(), http())) as server:
        one = connection(server)
        one.request(GET, 5)
        assert one._wire is not None
        one._wire.sock.close()
        one.abort()
        assert one.request(GET, 5).status == 200
        one.close()


def test_a_way_that_does_not_exist_is_the_network() -> None:
    with pytest.raises(NetworkError) as error:
        Connection(parse_address("https://255.255.255.255"), PLAIN).request(GET, 5)
    assert error.value.code == "network"


# --- streams ----------------------------------------------------------------------------------------------------------

STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_a_stream_gives_bytes_as_they_come() -> None:
    more = threading.Event()

    def plan(peer: Peer) -> None:
        peer.request()
        peer.send(STREAM_HEAD + chunk(b"one"))
        more.wait(5)
        peer.send(chunk(b"two") + b"0\r\n\r\n")

    with faults(plan) as server:
        one = connection(server)
        with one.stream(GET, 5) as live:
            assert live.answer.status == 200
            bytes_of = iter(live)
            assert next(bytes_of) == b"one"
            more.set()
            assert list(bytes_of) == [b"two"]
        one.close()


def test_a_muted_stream_is_told_as_mute() -> None:
    def plan(peer: Peer) -> None:
        peer.request()
        peer.send(STREAM_HEAD + chunk(b"one"))
        peer.wait()

    with faults(plan) as server:
        one = connection(server)
        with one.stream(GET, 0.3) as live:
            bytes_of = iter(live)
            assert next(bytes_of) == b"one"
            with pytest.raises(NetworkError) as error:
                next(bytes_of)
        assert error.value.code == "mute"
        one.close()


def test_a_stream_ends_when_another_thread_closes() -> None:
    def plan(peer: Peer) -> None:
        peer.request()
        peer.send(STREAM_HEAD + chunk(b"one"))
        peer.wait()

    with faults(plan) as server:
        one = connection(server)
        live = one.stream(GET, 20)
        bytes_of = iter(live)
        assert next(bytes_of) == b"one"
        one.close()
        with pytest.raises(NetworkError):
            next(bytes_of)


# --- TLS --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


def test_its_own_certificate_file_is_trusted(tls: tuple[Path, ssl.SSLContext]) -> None:
    with faults(answering(http(), http()), context=tls[1]) as server:
        one = connection(server, TlsSettings(str(tls[0]), environ={}))
        assert [one.request(GET, 5).status for _ in range(2)] == [200, 200]
        one.close()
        assert server.connections == 1


def test_a_certificate_that_nobody_trusts_is_refused(tls: tuple[Path, ssl.SSLContext]) -> None:
    with faults(answering(http()), context=tls[1]) as server:
        fails(server, "tls.certificate")


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    cert, context = certificate(tmp_path, "localhost")
    with faults(answering(http()), context=context) as server:
        one = connection(server, TlsSettings(str(cert), environ={}))
        with pytest.raises(NetworkError) as error:
            one.request(GET, 5)
        assert error.value.code == "tls.certificate"


def test_a_server_without_tls_is_told_as_tls(tls: tuple[Path, ssl.SSLContext]) -> None:
    with faults(lambda peer: peer.send(b"HTTP/1.1 400 plain\r\n\r\n")) as server:
        address = parse_address(server.url.replace("http:", "https:"))
        with pytest.raises(NetworkError) as error:
            Connection(address, TlsSettings(str(tls[0]), environ={})).request(GET, 5)
        assert error.value.code == "tls"


def test_a_useless_certificate_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    for name in ("bad.pem", "none.pem"):
        with pytest.raises(UnavailableError):
            TlsSettings(str(tmp_path / name)).context()
    address = parse_address("https://127.0.0.1:1")
    with faults(half_open) as server, pytest.raises(NetworkError) as error:
        Connection(
            parse_address(server.url.replace("http:", "https:")), TlsSettings(str(tmp_path / "none.pem"), environ={})
        ).request(GET, 5)
    assert error.value.code == "settings"
    assert address.tls


def test_an_alarm_goes_where_the_certificate_cannot_be_checked(tls: tuple[Path, ssl.SSLContext]) -> None:
    with faults(answering(http(), http()), context=tls[1]) as server:
        one = Connection(parse_address(server.url), TlsSettings(environ={}), for_alarms=True)
        assert [one.request(GET, 5).status for _ in range(2)] == [200, 200]
        one.close()


def test_an_alarm_goes_without_the_file_of_certificates(tls: tuple[Path, ssl.SSLContext], tmp_path: Path) -> None:
    with faults(answering(http()), context=tls[1]) as server:
        one = Connection(parse_address(server.url), TlsSettings(str(tmp_path / "gone.pem"), environ={}), for_alarms=True)
        assert one.request(GET, 5).status == 200
        one.close()


def test_an_alarms_connection_is_proved_again_each_time(tls: tuple[Path, ssl.SSLContext]) -> None:
    with faults(answering(http()), context=tls[1]) as server:
        one = Connection(parse_address(server.url), TlsSettings(environ={}), for_alarms=True)
        for _ in range(2):
            assert one.request(GET, 5).status == 200
            one.drop()
        one.close()
        assert server.connections == 4, "each time the proof was tried first"
