"""Links: addresses, what is believed, key sets, the server's clock; and enrolment, which makes a link possible."""

from dataclasses import replace
from typing import Literal

import pytest

from app.domain.errors import UsageError
from app.protocol import api
from app.protocol.enrol import MEDIA_ENROL, Token, open_request
from app.protocol.httpsig import TAG_OTHER, Answer, Request, verify_request
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.keyset import sign_keyset
from app.sync import enrol
from app.sync.errors import EnrolError, NetworkError
from app.sync.link import Link, parse_address
from tests.helpers.journal import DEVICE, SERVER, START, START_MS, STREAM
from tests.helpers.sync import (
    MACHINE,
    SESSION,
    STRANGER,
    fingerprint,
    key_set,
    key_set_wire,
    make_link,
    make_me,
    refusal,
    signed,
    unsigned,
)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Safe.Example", "safe.example"),
        ("https://safe.example:8443/", "safe.example:8443"),
        ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://[::1]:9000", "[::1]:9000"),
        (" http://localhost:8000 ", "localhost:8000"),
    ],
)
def test_addresses_become_the_name_that_signatures_cover(url: str, authority: str) -> None:
    assert parse_address(url).authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "safe.example",
        "ftp://a",
        "https://",
        "https://a/path",
        "https://a?x=1",
        "https://u@a",
        "https://a:x",
        "http://safe.example",
        "https://[::1",
    ],
)
def test_other_addresses_are_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(UsageError):
        parse_address(url)


def test_requests_verify_with_the_session_key() -> None:
    link, me = make_link(), make_me()
    sent = link.sign(me, START, TAG_OTHER, "POST", "/v1/say", body=b"{}", media=api.MEDIA_JSON, query="a=1")
    request = Request("POST", link.address.authority, "/v1/say", "a=1", sent.headers, b"{}")
    params = verify_request(request, public_of(SESSION), {"127.0.0.1:8765"})
    assert (params.nonce, params.created, sent.target) == (sent.beat, START_MS // 1000, "/v1/say?a=1")


def test_the_servers_clock_is_taken_from_signed_answers_only() -> None:
    link, me = make_link(), make_me()
    sent = link.sign(me, START, TAG_OTHER, "GET", "/v1/keys")
    ahead = START_MS // 1000 + 90
    assert link.believe(sent, signed(sent, 200, created=ahead, signer=STRANGER), START) is None
    assert link.server_ms(START) == START_MS
    assert link.believe(sent, signed(sent, 200, created=ahead), START) is not None
    assert link.server_ms(START) == START_MS + 90_000
    link.believe(sent, signed(sent, 200, created=ahead + 1), START)
    assert link.clock_offset_ms == 90_000


def test_an_answer_is_believed_only_whole() -> None:
    link, me = make_link(), make_me()
    sent = link.sign(me, START, TAG_OTHER, "GET", "/v1/keys")
    good = signed(sent, 400, refusal("why"))
    believed = link.believe(sent, good, START)
    assert believed is not None
    assert (believed.status, believed.refusal().code) == (400, "why")
    for changed in (
        Answer(200, good.headers, good.body),
        Answer(400, good.headers, good.body + b" "),
        Answer(
            400,
            tuple((name, "text/html" if name == "content-type" else value) for name, value in good.headers),
            good.body,
        ),
        Answer(400, (), good.body),
        unsigned(400, good.body),
    ):
        assert link.believe(sent, changed, START) is None


def test_a_signed_no_without_words_is_still_a_no() -> None:
    link, me = make_link(), make_me()
    sent = link.sign(me, START, TAG_OTHER, "GET", "/v1/keys")
    believed = link.believe(sent, signed(sent, 400, b"?"), START)
    assert believed is not None
    assert believed.refusal().code == "none"


def test_an_expired_key_set_believes_nothing() -> None:
    link, me = make_link(), make_me()
    late = START.later(301 * 24 * 3600 * 10**9)
    sent = link.sign(me, late, TAG_OTHER, "GET", "/v1/keys")
    assert link.believe(sent, signed(sent, 200, created=late.wall_ms // 1000), late) is None


def test_only_a_newer_key_set_of_the_same_root_and_server_is_taken() -> None:
    link = make_link()
    kept: list[bytes] = []
    link.keys_changed = kept.append
    newer = Ed25519Signer(b"\x22" * 32)
    for wire in (
        key_set_wire(),
        sign_keyset(key_set(generation=2), STRANGER),
        key_set_wire(key_set(b"\xa9" * 16, generation=2)),
        b"garbage",
    ):
        assert not link.take_keys(wire, START)
    wire = key_set_wire(key_set(generation=2, answer=newer))
    assert link.take_keys(wire, START)
    assert (link.keys.generation, kept) == (2, [wire])
    assert not link.take_keys(wire, START)
    link.keys_changed = None
    assert link.take_keys(key_set_wire(key_set(generation=3)), START)


# --- enrolment --------------------------------------------------------------------------------------------------------

BODY = api.EnrolBody(stream=STREAM, account=bytes(32), host="pc-17", os="Debian 12", app="0.1.0")


def token() -> Token:
    return Token(b"\x01" * 8, b"\x02" * 20, fingerprint())


def said(
    state: Literal["enrolled", "pending"] = "enrolled",
    code: str = "",
    server: bytes = SERVER,
    keys: bytes | None = None,
) -> bytes:
    wire = key_set_wire() if keys is None else keys
    answer = api.EnrolAnswer(state=state, server=server, site=b"\x51" * 16, keys=wire, code=code)
    return api.encode_message(answer)


def test_an_enrolment_proves_the_token_and_the_server_by_its_root() -> None:
    asked = enrol.ask(MACHINE, DEVICE, BODY, token_text=token().text())
    assert dict(asked.request.headers)["content-type"] == MEDIA_ENROL
    request = open_request(asked.request.body, fingerprint())
    request.check_mac(token().mac_key())
    assert request.code() == asked.code
    assert token().secret not in asked.request.body
    done = enrol.take(asked, signed(asked.request, 200, said()), START)
    assert (done.server, done.site, done.pending) == (SERVER, b"\x51" * 16, False)
    assert Link(parse_address("https://a"), done.keys, done.fingerprint).server == SERVER


def test_without_a_token_it_is_pending_until_it_compared_the_code() -> None:
    asked = enrol.ask(MACHINE, DEVICE, BODY, token_text=None, pinned=fingerprint())
    done = enrol.take(asked, signed(asked.request, 200, said("pending", asked.code)), START)
    assert done.pending
    assert done.code == asked.code
    with pytest.raises(EnrolError, match="code"):
        enrol.take(asked, signed(asked.request, 200, said("pending", "AAAA-BBBB-CCCC")), START)


@pytest.mark.parametrize(
    ("text", "pinned"),
    [(None, None), ("nonsense", None), (token().text(), b"x" * 20), (token().text()[:-2], None)],
)
def test_a_useless_token_is_one_sentence(text: str | None, pinned: bytes | None) -> None:
    with pytest.raises(EnrolError):
        enrol.ask(MACHINE, DEVICE, BODY, token_text=text, pinned=pinned)


def test_another_server_is_refused_whatever_it_says() -> None:
    asked = enrol.ask(MACHINE, DEVICE, BODY, token_text=token().text())
    strange = sign_keyset(key_set(), STRANGER)
    for answer in (
        signed(asked.request, 200, said(keys=strange)),
        signed(asked.request, 200, said(server=b"\xa7" * 16)),
        signed(asked.request, 200, said(), signer=STRANGER),
        unsigned(200, said()),
    ):
        with pytest.raises(EnrolError):
            enrol.take(asked, answer, START)


def test_a_refusal_is_told_and_noise_is_the_network() -> None:
    asked = enrol.ask(MACHINE, DEVICE, BODY, token_text=token().text())
    with pytest.raises(EnrolError, match=r"token\.used"):
        enrol.take(asked, signed(asked.request, 403, refusal("token.used")), START)
    for status in (200, 302, 407, 502):
        with pytest.raises(NetworkError):
            enrol.take(asked, unsigned(status), START)


def test_a_changed_device_key_is_signed_by_the_old_one() -> None:
    asked = enrol.ask(STRANGER, DEVICE, BODY, token_text=token().text(), old=MACHINE)
    open_request(asked.request.body, fingerprint()).check_old(public_of(MACHINE))


def test_replace_is_not_needed_to_renew_a_vouch() -> None:
    me = make_me()
    assert replace(me, vouch=lambda _ms: b"v" * 106).vouch(0) == b"v" * 106


DAY_MS = 24 * 3600 * 1000


def test_a_pc_that_is_weeks_behind_learns_the_time_from_a_signed_answer() -> None:
    link, me = make_link(), make_me()
    behind = replace(START, wall=START.wall - 30 * DAY_MS * 1_000_000)
    sent = link.sign(me, behind, TAG_OTHER, "GET", "/v1/keys")
    assert link.believe(sent, signed(sent, 200, created=START_MS // 1000), behind) is not None
    assert abs(link.server_ms(behind) - START_MS) < 2000


def test_an_answer_to_an_unsigned_request_tells_nothing_about_time() -> None:
    link = make_link()
    sent = replace(link.sign(make_me(), START, TAG_OTHER, "GET", "/v1/keys"), sig=None)
    assert link.believe(sent, signed(sent, 200, created=START_MS // 1000 - 3600), START) is not None
    assert link.server_ms(START) == START_MS


def test_a_no_counts_as_the_servers_when_its_root_vouches_for_the_key() -> None:
    asked = enrol.ask(MACHINE, DEVICE, BODY, token_text=token().text())
    no = signed(asked.request, 401, refusal("token_used"))
    with pytest.raises(enrol.RefusedError) as told:
        enrol.take(asked, no, START)
    assert told.value.code == "token_used"
    assert enrol.proved(no, key_set_wire(), fingerprint(), START)
    assert not enrol.proved(no, key_set_wire(), b"\x07" * 20, START)
    assert not enrol.proved(unsigned(401, refusal("token_used")), key_set_wire(), fingerprint(), START)
    assert not enrol.proved(signed(asked.request, 401, refusal("token_used"), signer=STRANGER), key_set_wire(), fingerprint(), START)


def test_a_pc_without_code_or_key_takes_the_root_that_is_shown_for_comparison() -> None:
    assert enrol.shown_root(key_set_wire()) == fingerprint()
    for other in (b"", key_set_wire()[:31], b"\x00" + key_set_wire()[1:]):
        with pytest.raises(NetworkError):
            enrol.shown_root(other)
