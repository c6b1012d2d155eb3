"""Signed documents: who may sign what, versions that only rise, and what happens past their time."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.document import (
    DOCUMENT_MAX,
    DocKind,
    Document,
    Held,
    Validity,
    Verified,
    accept,
    held_of,
    make_document,
    open_document,
    validity,
)
from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError, TooLargeError
from app.protocol.keys import Signer
from app.protocol.keyset import Use
from tests.unit.protocol import samples as s

DOC = s.POLICY_DOC
WIRE = make_document(DOC, s.POLICY)


@pytest.mark.parametrize(
    ("kind", "signer", "use"),
    [
        (DocKind.POLICY, s.POLICY, "policy"),
        (DocKind.POLICY, s.ANSWER, "answer"),
        (DocKind.CONTENT, s.CONTENT, "content"),
        (DocKind.ROSTER, s.ANSWER, "answer"),
        (DocKind.RELEASE, s.RELEASE, "release"),
    ],
)
def test_a_document_opens_if_a_key_of_its_use_signed_it(kind: DocKind, signer: Signer, use: Use) -> None:
    document = replace(DOC, kind=kind)
    found = open_document(make_document(document, signer), kind, s.KEYSET, s.MS)
    assert found == Verified(document, use, f"{use}-1")


@pytest.mark.parametrize(
    ("kind", "signer"),
    [
        (DocKind.POLICY, s.CONTENT),
        (DocKind.CONTENT, s.ANSWER),
        (DocKind.ROSTER, s.POLICY),
        (DocKind.RELEASE, s.ANSWER),
        (DocKind.POLICY, s.SESSION),
    ],
)
def test_a_document_signed_by_a_key_of_another_use_is_refused(kind: DocKind, signer: Signer) -> None:
    with pytest.raises(BadSignatureError):
        open_document(make_document(replace(DOC, kind=kind), signer), kind, s.KEYSET, s.MS)


def test_a_document_whose_key_is_over_is_refused() -> None:
    with pytest.raises(StaleError):
        open_document(WIRE, DocKind.POLICY, s.KEYSET, s.MS + 366 * 86_400_000)


def test_every_flipped_bit_of_a_document_is_refused() -> None:
    for bit in range(8 * len(WIRE)):
        changed = bytearray(WIRE)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProtocolError):
            open_document(bytes(changed), DocKind.POLICY, s.KEYSET, s.MS)


def test_a_document_of_another_kind_or_size_is_refused() -> None:
    with pytest.raises(ProtocolError):
        open_document(WIRE, DocKind.CONTENT, s.KEYSET, s.MS)
    big = replace(DOC, body=bytes(DOCUMENT_MAX + 1))
    with pytest.raises(TooLargeError):
        make_document(big, s.POLICY)
    with pytest.raises(TooLargeError):
        open_document(bytes(DOCUMENT_MAX + 257), DocKind.POLICY, s.KEYSET, s.MS)


def test_a_document_whose_time_is_empty_is_neither_made_nor_opened() -> None:
    empty = replace(DOC, not_after=DOC.not_before)
    with pytest.raises(ProtocolError, match="time is empty"):
        make_document(empty, s.POLICY)
    when = WIRE[25:33] * 2
    wire = WIRE[:25] + when + s.POLICY.sign(empty.message()) + DOC.body
    with pytest.raises(ProtocolError, match="time is empty"):
        open_document(wire, DocKind.POLICY, s.KEYSET, s.MS)


def test_versions_only_rise() -> None:
    held = accept(DOC, None, s.SITE, s.MS)
    assert held == held_of(DOC)
    assert accept(DOC, held, s.SITE, s.MS) == held
    newer = replace(DOC, version=4, body=b"{}")
    assert accept(newer, held, s.SITE, s.MS) == held_of(newer)
    with pytest.raises(ReplayedError, match="version 3, 4 is already in force"):
        accept(DOC, held_of(newer), s.SITE, s.MS)
    with pytest.raises(ReplayedError, match="two different documents"):
        accept(replace(DOC, body=b"{}"), held, s.SITE, s.MS)
    with pytest.raises(ReplayedError, match="two different documents"):
        accept(replace(DOC, not_after=DOC.not_after + 1), held, s.SITE, s.MS)


@given(st.lists(st.integers(0, 6), max_size=12))
def test_whatever_arrives_the_version_in_force_never_goes_back(versions: list[int]) -> None:
    held: Held | None = None
    for version in versions:
        before = held.version if held else -1
        try:
            held = accept(replace(DOC, version=version), held, s.SITE, s.MS)
        except ReplayedError:
            assert version < before
        assert held is not None
        assert held.version == max(before, version)


def test_a_document_of_another_site_is_refused() -> None:
    with pytest.raises(ProtocolError, match="another site"):
        accept(DOC, None, s.SERVER, s.MS)


def test_a_new_document_must_be_in_its_time_but_the_one_in_force_may_be_stale() -> None:
    for now, name in ((DOC.not_before - 1, "early"), (DOC.not_after, "stale")):
        assert validity(DOC, now) is Validity(name)
        with pytest.raises(ProtocolError, match=name):
            accept(DOC, None, s.SITE, now)
        assert accept(DOC, held_of(DOC), s.SITE, now) == held_of(DOC)
    assert validity(DOC, DOC.not_before) is validity(DOC, DOC.not_after - 1) is Validity.VALID


@settings(max_examples=100)
@given(st.binary(max_size=300), st.sampled_from(DocKind))
def test_noise_is_no_document(noise: bytes, kind: DocKind) -> None:
    for data in (noise, bytes([kind]) + noise):
        with pytest.raises(ProtocolError):
            open_document(data, kind, s.KEYSET, s.MS)


def test_a_document_with_an_empty_body_is_one() -> None:
    empty = Document(DocKind.CONTENT, s.SITE, 1, s.MS, s.MS + 1, b"")
    assert open_document(make_document(empty, s.CONTENT), DocKind.CONTENT, s.KEYSET, s.MS).document == empty
