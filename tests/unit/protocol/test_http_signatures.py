"""RFC 9421 signatures: one label, one list of components, every covered part counts, nothing else is taken."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError
from app.protocol.httpsig import (
    MEDIA_NOTHING,
    TAG_OTHER,
    TAG_STREAM,
    TAG_SYNC,
    Answer,
    Header,
    Params,
    Request,
    answer_params,
    authority,
    check_created,
    check_nonce,
    content_digest,
    is_signed,
    parse_request_keyid,
    request_keyid,
    request_params,
    request_signature,
    sign_answer,
    sign_request,
    signature_base,
    verify_answer,
    verify_request,
)
from app.protocol.keys import Ed25519Signer, Signer, public_of
from tests.unit.protocol import samples as s

NAME = "safeseat.example:8443"
KEYID = request_keyid(s.DEVICE, s.STREAM)
CREATED = s.MS // 1000
PLAIN = Request("POST", NAME, "/v1/batch", "", (("Content-Type", "application/vnd.safeseat.batch+zstd"),), b"body")
GET = Request("GET", NAME, "/v1/poll", "after=7", (("Accept", "*/*"), ("content-type", MEDIA_NOTHING)), b"")


def signed(request: Request = PLAIN, signer: Signer = s.SESSION, tag: str = TAG_SYNC) -> Request:
    added = sign_request(request, signer, keyid=KEYID, created=CREATED, beat=s.BEAT, tag=tag)
    return replace(request, headers=(*request.headers, *added))


def changed(request: Request, name: str, value: str | None) -> Request:
    kept = tuple(header for header in request.headers if header[0].lower() != name)
    return replace(request, headers=kept if value is None else (*kept, (name, value)))


def header(request: Request, name: str) -> str:
    return next(value for key, value in request.headers if key.lower() == name)


@pytest.mark.parametrize("signer", [s.SESSION, s.P256])
@pytest.mark.parametrize(("request_", "tag"), [(PLAIN, TAG_SYNC), (GET, TAG_STREAM), (GET, TAG_OTHER)])
def test_a_signed_request_is_taken(signer: Signer, request_: Request, tag: str) -> None:
    params = verify_request(signed(request_, signer, tag), public_of(signer), {NAME})
    assert (params.keyid, params.created, params.nonce, params.tag) == (KEYID, CREATED, s.BEAT, tag)
    assert parse_request_keyid(params.keyid) == (s.DEVICE, s.STREAM)


def test_the_header_has_exactly_the_form_of_the_protocol() -> None:
    assert header(signed(), "signature-input") == (
        'sig=("@method" "@authority" "@path" "@query" "content-type" "content-digest")'
        f';created={CREATED};keyid="{KEYID}";alg="ed25519";nonce="0000000100000001";tag="safeseat-1-sync"'
    )
    assert header(signed(), "content-digest") == content_digest(b"body")
    assert len(base64.b64decode(header(signed(), "signature")[5:-1])) == 64


def test_the_signature_base_is_that_of_the_rfc_own_example() -> None:
    # RFC 9421, B.2.6: the test key, the example request and the signature printed there.
    key = Ed25519Signer(bytes.fromhex("9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5"))
    assert base64.b64encode(key.pub33[1:]) == b"JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
    components = [
        ('"date"', "Tue, 20 Apr 2021 02:07:55 GMT"),
        ('"@method"', "POST"),
        ('"@path"', "/foo"),
        ('"@authority"', "example.com"),
        ('"content-type"', "application/json"),
        ('"content-length"', "18"),
    ]
    names = " ".join(name for name, _ in components)
    base = signature_base(components, f'({names});created=1618884473;keyid="test-key-ed25519"')
    printed = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(key.sign(base)).decode() == printed


def test_the_digest_is_that_of_the_rfc_own_example() -> None:
    # RFC 9530, appendix B: {"hello": "world"} and a line feed.
    assert content_digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


@pytest.mark.parametrize(
    "other",
    [
        replace(signed(), method="PUT"),
        replace(signed(), authority="other.example"),
        replace(signed(), path="/v1/alarm"),
        replace(signed(), query="x=1"),
        replace(signed(), body=b"other"),
        changed(signed(), "content-type", "application/vnd.safeseat.batch+gzip"),
        changed(signed(), "content-digest", content_digest(b"other")),
        changed(signed(), "signature-input", header(signed(), "signature-input").replace("sync", "other")),
        changed(signed(), "signature-input", header(signed(), "signature-input").replace("00000001", "00000002")),
        changed(signed(), "signature-input", header(signed(), "signature-input").replace(str(CREATED), "1")),
        changed(signed(), "signature-input", header(signed(), "signature-input").replace("d0", "d1")),
    ],
)
def test_whatever_is_changed_in_a_request_is_found(other: Request) -> None:
    with pytest.raises(BadSignatureError):
        verify_request(other, public_of(s.SESSION), {NAME, "other.example"})


def test_only_a_configured_name_is_taken_whatever_the_host_header_says() -> None:
    with pytest.raises(ProtocolError, match="not configured"):
        verify_request(signed(), public_of(s.SESSION), {"safeseat.example"})
    assert authority("SafeSeat.Example", 443, tls=True) == "safeseat.example"
    assert authority("SafeSeat.Example", 8443, tls=True) == NAME
    assert authority("127.0.0.1", 80, tls=False) == "127.0.0.1"


def test_the_registered_key_decides_the_algorithm() -> None:
    with pytest.raises(BadSignatureError, match="algorithm"):
        verify_request(signed(), public_of(s.P256), {NAME})
    with pytest.raises(BadSignatureError):
        verify_request(signed(), public_of(s.ANSWER), {NAME})


INPUT = header(signed(), "signature-input")
SIGNATURE = header(signed(), "signature")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sig",
        INPUT.replace("sig=", "sig1=", 1),
        INPUT + ", " + INPUT.replace("sig=", "sig2=", 1),
        INPUT + "," + INPUT,
        INPUT.replace('"@query" ', ""),
        INPUT.replace('"@method" "@authority"', '"@authority" "@method"'),
        INPUT.replace('"content-digest")', '"content-digest" "date")'),
        INPUT.replace(';tag="safeseat-1-sync"', ""),
        INPUT.replace(';nonce="0000000100000001"', ""),
        INPUT.replace("safeseat-1-sync", "safeseat-1-answer"),
        INPUT.replace("0000000100000001", "100000001"),
        INPUT.replace('nonce="0000000100000001"', 'nonce="000000010000000A"'),
        INPUT.replace(f"created={CREATED}", f'created="{CREATED}"'),
        INPUT.replace(f"created={CREATED}", f"created=0{CREATED}"),
        INPUT.replace(f"created={CREATED}", f"created=-{CREATED}"),
        INPUT.replace(f"created={CREATED}", "created=9999999999999"),
        INPUT.replace(f'keyid="{KEYID}"', "keyid=7"),
        INPUT.replace(f'keyid="{KEYID}"', 'keyid=""'),
        INPUT.replace(f'keyid="{KEYID}"', 'keyid="a b"'),
        INPUT + ";expires=1",
        INPUT + f";created={CREATED}",
        INPUT + ";",
        INPUT + " ;x=1",
        INPUT.replace(";created", "; created"),
        INPUT.replace(f';created={CREATED};keyid="{KEYID}"', f';keyid="{KEYID}";created={CREATED}'),
    ],
)
def test_any_other_signature_input_is_refused(value: str) -> None:
    with pytest.raises(ProtocolError):
        request_params(changed(signed(), "signature-input", value).headers)


@pytest.mark.parametrize(
    "value",
    [
        "",
        SIGNATURE.replace("sig=", "sig1="),
        SIGNATURE + ", " + SIGNATURE,
        SIGNATURE + ", sig2=" + SIGNATURE[4:],
        "sig=:AAAA:",
        SIGNATURE.replace("==:", "=:"),
        SIGNATURE[:-4] + "B==:",
        SIGNATURE.replace("sig=:", "sig=: "),
        SIGNATURE + ";x=1",
    ],
)
def test_any_other_signature_field_is_refused(value: str) -> None:
    with pytest.raises(ProtocolError):
        verify_request(changed(signed(), "signature", value), public_of(s.SESSION), {NAME})


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest", "content-type"])
def test_a_missing_or_repeated_field_is_refused(name: str) -> None:
    with pytest.raises(ProtocolError):
        verify_request(changed(signed(), name, None), public_of(s.SESSION), {NAME})
    twice = replace(signed(), headers=(*signed().headers, (name.upper(), header(signed(), name))))
    with pytest.raises(ProtocolError, match="twice"):
        verify_request(twice, public_of(s.SESSION), {NAME})


def test_content_encoding_and_control_characters_are_refused() -> None:
    with pytest.raises(ProtocolError, match="Content-Encoding"):
        verify_request(changed(signed(), "content-encoding", "gzip"), public_of(s.SESSION), {NAME})
    for value in ("a\nb", "a\x00", "é"):
        with pytest.raises(ProtocolError, match="unprintable"):
            verify_request(changed(signed(), "content-type", value), public_of(s.SESSION), {NAME})


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PLAIN, method="post"),
        replace(PLAIN, authority="Host"),
        replace(PLAIN, authority="a\nb"),
        replace(PLAIN, path="v1"),
        replace(PLAIN, path="/v1 x"),
        replace(PLAIN, query='a"b'),
        replace(PLAIN, headers=()),
    ],
)
def test_a_request_that_cannot_be_written_down_is_not_signed(wrong: Request) -> None:
    with pytest.raises(ProtocolError):
        signed(wrong)


def test_only_the_protocols_tags_key_ids_and_beats_are_signed() -> None:
    for change in ({"tag": "other"}, {"keyid": "a b"}, {"beat": -1}, {"beat": 1 << 64}):
        values: dict[str, Any] = {"keyid": KEYID, "created": CREATED, "beat": 1, "tag": TAG_SYNC} | change
        with pytest.raises(ProtocolError):
            sign_request(PLAIN, s.SESSION, **values)
    for keyid in ("", "d0", "D0" * 16 + "." + "50" * 16):
        with pytest.raises(ProtocolError):
            parse_request_keyid(keyid)


def test_created_may_be_300_seconds_off_and_the_nonce_must_rise() -> None:
    for off in (-300, 0, 300):
        check_created(CREATED, CREATED + off)
    for off in (-301, 301):
        with pytest.raises(StaleError):
            check_created(CREATED, CREATED + off)
    params = request_params(signed().headers)
    assert check_nonce(params, None) == check_nonce(params, s.BEAT - 1) == s.BEAT
    for last in (s.BEAT, s.BEAT + 1):
        with pytest.raises(ReplayedError):
            check_nonce(params, last)
    with pytest.raises(ProtocolError, match="no nonce"):
        check_nonce(Params(1, "k", "ed25519", "t"), None)


ANSWERED = Answer(200, (("Content-Type", "application/vnd.safeseat.ack"),), b"ack")


def answered(answer: Answer = ANSWERED, sig: bytes | None = b"\x07" * 64) -> Answer:
    added = sign_answer(answer, sig, s.ANSWER, keyid="answer-1", created=CREATED)
    return replace(answer, headers=(*answer.headers, *added))


@pytest.mark.parametrize("sig", [b"\x07" * 64, None])
def test_a_signed_answer_is_taken_for_its_request(sig: bytes | None) -> None:
    assert answer_params(answered(sig=sig), sig).keyid == "answer-1"
    params = verify_answer(answered(sig=sig), sig, public_of(s.ANSWER))
    assert (params.created, params.tag, params.nonce) == (CREATED, "safeseat-1-answer", None)


def test_an_answer_to_another_request_or_to_none_is_refused() -> None:
    with pytest.raises(BadSignatureError):
        verify_answer(answered(), b"\x08" * 64, public_of(s.ANSWER))
    with pytest.raises(ProtocolError):
        verify_answer(answered(), None, public_of(s.ANSWER))
    with pytest.raises(ProtocolError):
        verify_answer(answered(sig=None), b"\x07" * 64, public_of(s.ANSWER))


def test_whatever_is_changed_in_an_answer_is_found() -> None:
    good = answered()
    for other in (replace(good, status=400), replace(good, body=b"nack")):
        with pytest.raises(BadSignatureError):
            verify_answer(other, b"\x07" * 64, public_of(s.ANSWER))
    with pytest.raises(BadSignatureError, match="algorithm"):
        verify_answer(good, b"\x07" * 64, public_of(s.P256))
    with pytest.raises(ProtocolError):
        verify_answer(ANSWERED, b"\x07" * 64, public_of(s.ANSWER))


def test_a_request_signature_is_no_answer_and_the_other_way_round() -> None:
    for text in (';nonce="0000000100000001";tag="safeseat-1-answer"', ';tag="safeseat-1-sync"'):
        wrong: list[Header] = [
            (name, value.replace(';tag="safeseat-1-answer"', text)) for name, value in answered().headers
        ]
        with pytest.raises(ProtocolError, match="not the signature of an answer"):
            answer_params(Answer(200, tuple(wrong), b"ack"), b"\x07" * 64)


def test_an_answer_key_id_must_be_one() -> None:
    with pytest.raises(ProtocolError, match="key id"):
        sign_answer(ANSWERED, None, s.ANSWER, keyid='"', created=CREATED)


def test_the_alarm_route_can_tell_whether_and_by_what_a_request_is_signed() -> None:
    sig = request_signature(signed().headers)
    assert sig is not None
    assert header(signed(), "signature") == f"sig=:{base64.b64encode(sig).decode()}:"
    assert request_signature(PLAIN.headers) is None
    assert is_signed(signed().headers)
    assert not is_signed(PLAIN.headers)


@settings(max_examples=120)
@given(st.text(max_size=120), st.text(max_size=120))
def test_noise_in_the_headers_is_refused(one: str, two: str) -> None:
    headers = (("content-type", "a"), ("signature-input", one), ("signature", two), ("content-digest", two))
    with pytest.raises(ProtocolError):
        verify_request(replace(PLAIN, headers=headers), public_of(s.SESSION), {NAME})
    with pytest.raises(ProtocolError):
        verify_answer(Answer(200, headers, b""), None, public_of(s.ANSWER))
