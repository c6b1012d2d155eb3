"""Who may speak to the server: signed, for its own name, in time, never twice; every no is signed and one sentence."""

import http.client
import secrets
import socket
import time

import pytest

from app.protocol import api, httpsig
from app.protocol.chain import beat_of
from app.protocol.keys import Ed25519Signer
from tests.helpers.server_client import Pc, Reply
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc, where_of


def ask(pc: Pc, **changes: object) -> Reply:
    path = "/v1/doc/policy"
    return pc.send("GET", path, b"", pc.headers("GET", path, b"", httpsig.MEDIA_NOTHING, httpsig.TAG_OTHER, **changes))  # type: ignore[arg-type]  # what a test changes


def test_a_signed_request_is_answered_and_the_answer_is_bound_to_it(make_pc: MakePc) -> None:
    reply = ask(make_pc())
    assert (reply.status, reply.refusal().code) == (404, "no_such_document")


def test_the_key_set_is_for_everybody(make_pc: MakePc, server: ServerThread) -> None:
    reply = make_pc(enrolled=False).plain("GET", api.ROUTE_KEYS, b"", httpsig.MEDIA_NOTHING)
    assert (reply.status, reply.body) == (200, server.keys.keyset_bytes)


def test_an_unsigned_request_is_refused(make_pc: MakePc) -> None:
    assert make_pc().plain("GET", "/v1/doc/policy", b"", httpsig.MEDIA_NOTHING).status == 400


def test_another_key_is_refused(make_pc: MakePc) -> None:
    reply = ask(make_pc(), signer=Ed25519Signer(secrets.token_bytes(32)))
    assert (reply.status, reply.refusal().code) == (401, "signature")


def test_a_name_that_is_not_configured_is_refused_whatever_host_says(make_pc: MakePc) -> None:
    pc = make_pc()
    assert ask(pc, name="evil.example:443").refusal().code == "signature"
    pc.where.headers["Host"] = "evil.example"
    assert ask(pc, name="evil.example").refusal().code == "signature"
    pc.where.headers["Host"] = "a-proxy.example"
    assert ask(pc).status == 404, "a proxy may write what it likes into Host"


def test_a_clock_that_is_off_is_refused_with_a_signed_time(make_pc: MakePc) -> None:
    pc = make_pc()
    for created in (int(time.time()) - 400, int(time.time()) + 400):
        assert ask(pc, created=created).refusal().code == "clock"
    assert ask(pc, created=int(time.time()) - 200).status == 404


def test_a_replayed_request_is_dropped(make_pc: MakePc) -> None:
    pc = make_pc()
    headers = pc.headers("GET", "/v1/doc/policy", b"", httpsig.MEDIA_NOTHING, httpsig.TAG_OTHER)
    assert pc.send("GET", "/v1/doc/policy", b"", headers).status == 404
    reply = pc.send("GET", "/v1/doc/policy", b"", headers)
    assert (reply.status, reply.refusal().code) == (401, "replayed")


def test_a_replayed_heartbeat_is_dropped_also_after_a_restart(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    pc.deliver()
    head = pc.head()
    assert pc.batch(head=head).status == 200
    assert pc.batch(head=head).refusal().code == "replayed"
    pc.close()
    server.stop()
    again = ServerThread(server.folder, server._database, port=server.port)
    try:
        assert pc.batch(head=head).refusal().code == "replayed"
        assert pc.batch().status == 200
    finally:
        pc.close()
        again.stop()
        server.stop = lambda: None  # type: ignore[method-assign]  # it is stopped already


def test_a_tag_of_another_route_is_refused(make_pc: MakePc) -> None:
    pc = make_pc()
    headers = pc.headers("GET", "/v1/doc/policy", b"", httpsig.MEDIA_NOTHING, httpsig.TAG_SYNC)
    assert pc.send("GET", "/v1/doc/policy", b"", headers).status == 400


def test_a_pc_that_nobody_knows_is_told_so(make_pc: MakePc, server: ServerThread) -> None:
    stranger = Pc(where_of(server))
    stranger.keys = server.keys.keyset
    reply = ask(stranger)
    assert (reply.status, reply.refusal().code) == (401, "unknown_device")
    stranger.close()


def test_an_unknown_route_and_a_wrong_method_get_a_signed_no(make_pc: MakePc) -> None:
    pc = make_pc()
    assert pc.signed("GET", "/v1/nothing").status == 404
    assert pc.signed("GET", "/v1/alarm").status == 405


def test_a_body_over_the_limit_is_refused_without_reading_it(make_pc: MakePc) -> None:
    reply = make_pc().plain("POST", api.ROUTE_ALARM, bytes(400), api.MEDIA_ALARM)
    assert (reply.status, reply.refusal().code) == (413, "too_large")


def test_floods_of_garbage_are_slowed_down(make_pc: MakePc) -> None:
    pc = make_pc()
    seen = {pc.plain("POST", api.ROUTE_ALARM, bytes(345), api.MEDIA_ALARM).status for _ in range(40)}
    assert seen == {422, 429}


@pytest.mark.parametrize(
    "packet",
    [
        b"\x00" * 64 + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/alarm HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"POST /v1/alarm HTTP/1.1\r\nhost: x\r\ncontent-length: -4\r\n\r\n",
        b"POST /v1/alarm HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /v1/keys HTTP/1.1\r\nhost: x\r\n" + b"x-much: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET /v1/\xff\xfe HTTP/1.1\r\nhost: \xff\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_a_packet_never_crashes_a_worker(make_pc: MakePc, server: ServerThread, packet: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(packet)
        sock.shutdown(socket.SHUT_WR)
        answer = sock.recv(4096)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert ask(make_pc()).status == 404


def test_damaged_signatures_and_headers_are_refused_one_by_one(make_pc: MakePc) -> None:
    pc = make_pc()
    path = "/v1/doc/policy"
    for name in ("signature", "signature-input", "content-digest", "content-type", api.HEADER_VOUCH):
        for value in ("", "sig=::", "\x7f", "a" * 5000, "sig=:" + "A" * 88 + ":"):
            headers = pc.headers("GET", path, b"", httpsig.MEDIA_NOTHING, httpsig.TAG_OTHER)
            headers[name] = value
            conn = pc.where.connect()
            conn.request("GET", path, headers=headers)
            status = conn.getresponse().status
            conn.close()
            assert status in (400, 401, 429), (name, value[:9])


def test_a_content_encoding_is_refused(make_pc: MakePc) -> None:
    pc = make_pc()
    headers = pc.headers("GET", "/v1/doc/policy", b"", httpsig.MEDIA_NOTHING, httpsig.TAG_OTHER)
    headers["content-encoding"] = "gzip"
    conn = pc.where.connect()
    conn.request("GET", "/v1/doc/policy", headers=headers)
    assert conn.getresponse().status == 400
    conn.close()


def test_tls_with_its_own_authority_works_end_to_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    running = ServerThread(tmp_path_factory.mktemp("tls"), tls=True)
    pc = Pc(where_of(running))
    try:
        pc.enrol(running.code("王芳"))
        assert pc.deliver().ack().n == 1
        assert isinstance(pc._conn, http.client.HTTPSConnection)
    finally:
        pc.close()
        running.stop()


def test_beats_of_a_new_start_are_above_those_of_the_one_before(make_pc: MakePc) -> None:
    pc = make_pc()
    pc.counter = 4_000_000
    assert pc.deliver().status == 200
    pc.starts, pc.counter = 2, 0
    assert pc.batch().ack().beat == beat_of(2, 1)
