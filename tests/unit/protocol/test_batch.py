"""Batches: three packings, limits, order of checks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.batch import (
    RECORDS_MAX,
    SENT_BUDGET,
    Batch,
    Entry,
    Status,
    decode_batch,
    encode_batch,
    fits,
    media_type,
    packing_of,
)
from app.protocol.chain import RECORD_MAX
from app.protocol.compression import SENT_MAX, Packing, compress
from app.protocol.errors import BadSignatureError, ProtocolError, StaleError, TooLargeError
from app.protocol.keys import public_of
from app.protocol.pins import sign_head
from app.protocol.wire import u32
from tests.unit.protocol import samples as s

HEAD, SIG = s.HEAD.pack(), sign_head(s.HEAD, s.SESSION)
ENTRIES = st.lists(st.builds(Entry, st.binary(min_size=16, max_size=16), st.binary(max_size=300)), max_size=20)
STATUSES = st.builds(
    Status,
    armed=st.booleans(),
    app=st.text(max_size=32),
    errors=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_.]{0,10}", fullmatch=True),
        st.from_regex(r"[a-z][a-z0-9_.]{0,10}", fullmatch=True),
        max_size=5,
    ),
)
PACKINGS = st.sampled_from(list(Packing))


def _encode(entries: list[Entry], packing: Packing = Packing.ZSTD, status: Status = s.STATUS) -> bytes:
    return encode_batch(HEAD, SIG, s.VOUCH, status, entries, packing=packing)


def _decode(body: bytes, packing: Packing = Packing.ZSTD) -> Batch:
    return decode_batch(body, media_type(packing))


@settings(max_examples=80)
@given(ENTRIES, STATUSES, PACKINGS)
def test_a_batch_comes_back_as_it_was(entries: list[Entry], status: Status, packing: Packing) -> None:
    batch = _decode(_encode(entries, packing, status), packing)
    assert batch == Batch(HEAD, SIG, s.VOUCH, status, tuple(entries))
    assert (batch.head, batch.vouch.key) == (s.HEAD, public_of(s.SESSION))


def test_an_empty_batch_is_a_heartbeat() -> None:
    batch = _decode(_encode([]))
    assert batch.entries == ()
    assert batch.chain_from(s.CHAIN) == s.CHAIN


def test_the_records_of_a_batch_continue_the_chain_to_its_head() -> None:
    assert _decode(_encode([Entry(s.SALT, s.RECORD)])).chain_from(s.EMPTY).h == s.HEAD.h


def test_a_batch_is_believed_only_with_vouch_head_signature_and_server() -> None:
    batch, machine = _decode(_encode([])), public_of(s.MACHINE)
    assert batch.verify(s.SERVER, machine, s.MS) == s.HEAD
    with pytest.raises(BadSignatureError):
        batch.verify(s.SERVER, public_of(s.ANSWER), s.MS)
    with pytest.raises(StaleError):
        batch.verify(s.SERVER, machine, s.MS + 10**9)
    with pytest.raises(ProtocolError, match="another server"):
        batch.verify(s.DEVICE, machine, s.MS)
    forged = _decode(encode_batch(HEAD, SIG[::-1], s.VOUCH, s.STATUS))
    with pytest.raises(BadSignatureError):
        forged.verify(s.SERVER, machine, s.MS)


def test_the_media_type_says_how_a_batch_is_packed_in_one_spelling_only() -> None:
    assert [packing_of(media_type(one)) for one in Packing] == list(Packing)
    for wrong in ("application/vnd.safeseat.batch", "application/vnd.safeseat.batch+ZSTD", "text/plain", ""):
        with pytest.raises(ProtocolError, match="media type"):
            packing_of(wrong)
    with pytest.raises(ProtocolError):
        decode_batch(_encode([]), media_type(Packing.GZIP))


@pytest.mark.parametrize("packing", list(Packing))
def test_500_records_go_into_a_batch_and_501_do_not(packing: Packing) -> None:
    full = [Entry(s.SALT, b"{}")] * RECORDS_MAX
    assert len(_decode(_encode(full, packing), packing).entries) == RECORDS_MAX
    with pytest.raises(TooLargeError):
        _encode([*full, full[0]], packing)


def test_a_count_above_the_limit_is_refused_before_anything_is_read() -> None:
    body = _plain(count=RECORDS_MAX + 1)
    with pytest.raises(TooLargeError, match="500 records"):
        _decode(compress(body, Packing.ZSTD))


def test_a_json_batch_with_too_many_records_is_refused() -> None:
    one = b'{"salt":"AAECAwQFBgcICQoLDA0ODw==","record":""}'
    body = _encode([], Packing.NONE).replace(b'"entries":[]', b'"entries":[' + b",".join([one] * 501) + b"]")
    with pytest.raises(TooLargeError):
        _decode(body, Packing.NONE)


@pytest.mark.parametrize("packing", list(Packing))
def test_a_record_above_64_kib_is_neither_packed_nor_opened(packing: Packing) -> None:
    with pytest.raises(TooLargeError):
        _encode([Entry(s.SALT, bytes(RECORD_MAX + 1))], packing)
    body = _plain(entries=u32(RECORD_MAX + 1) + s.SALT + bytes(RECORD_MAX + 1), count=1)
    with pytest.raises(TooLargeError):
        _decode(compress(body, Packing.GZIP), Packing.GZIP)


def _plain(*, status: bytes = b'{"armed":true,"app":"1"}', count: int = 0, entries: bytes = b"") -> bytes:
    return HEAD + SIG + s.VOUCH + u32(len(status)) + status + u32(count) + entries


@pytest.mark.parametrize(
    "body",
    [
        _plain(status=b"{}"),
        _plain(status=b'{"armed":true,"app":"1","person":"x"}'),
        _plain(status=b'{"armed":true,"app":"1","errors":{"a":"Free text"}}'),
        _plain(status=b"\xff"),
        _plain(status=b" " * 5000),
        _plain(count=1),
        _plain(count=1, entries=u32(5) + s.SALT + b"1234"),
        _plain(count=1, entries=u32(5) + s.SALT + b"123456"),
        _plain(entries=b"\0"),
        _plain()[:300],
        b"",
    ],
)
def test_a_malformed_batch_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        _decode(compress(body, Packing.ZSTD))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"head":"AA=="}', b"[" * 100_000])
def test_a_malformed_json_batch_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        _decode(body, Packing.NONE)


def test_wrong_lengths_are_refused_when_packing() -> None:
    with pytest.raises(ProtocolError, match="a head"):
        encode_batch(HEAD[1:], SIG, s.VOUCH, s.STATUS)
    with pytest.raises(ProtocolError, match="a vouch"):
        encode_batch(HEAD, SIG, b"", s.STATUS)
    with pytest.raises(ProtocolError, match="a salt"):
        _encode([Entry(b"", b"")])


def test_as_many_records_are_chosen_as_fit_whatever_they_compress_to() -> None:
    small, big = Entry(s.SALT, b"x" * 100), Entry(s.SALT, b"x" * RECORD_MAX)
    assert fits([small] * 600) == RECORDS_MAX
    assert fits([]) == 0
    count = fits([big] * 100)
    assert count == SENT_BUDGET // (RECORD_MAX + 20)
    noise = _noise(RECORD_MAX)
    assert len(_encode([Entry(s.SALT, noise)] * count, Packing.ZSTD)) <= SENT_MAX


def _noise(size: int) -> bytes:
    from hashlib import shake_256

    return shake_256(b"noise").digest(size)


@settings(max_examples=100)
@given(st.binary(max_size=600))
def test_noise_is_refused_as_a_batch(noise: bytes) -> None:
    for body in (noise, HEAD + SIG + s.VOUCH + noise):
        with pytest.raises(ProtocolError):
            _decode(compress(body, Packing.GZIP), Packing.GZIP)
        with pytest.raises(ProtocolError):
            _decode(body, Packing.NONE)
