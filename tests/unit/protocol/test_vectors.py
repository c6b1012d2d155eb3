"""The vectors that the protocol prints: whoever computes them from its text alone gets the same bytes."""

from typing import Any

import pytest

from app.protocol.chain import Epoch, audit_first_hash, first_hash, leaf_hash, next_hash
from app.protocol.keys import root_fingerprint
from app.protocol.pins import sign_ack, sign_head
from app.protocol.wire import sha256, tag
from tests.unit.protocol import samples as s

H_0 = "f3ca29abf3b767908c6c25847a448211839047d13f58a75e6952d4e1bf0a2196"
LEAF_1 = "01b5d981421a3e37214690f2294fd88aaa6c794b81fd78736c6090a06c63e0e8"
H_1 = "ab3243329591a50c85fd42f8f98e067960abbdf0f23c3201da756f4bbe895047"


def test_first_hash_leaf_and_next_hash_are_the_printed_ones() -> None:
    h_0 = first_hash(Epoch(s.DEVICE, s.STREAM, s.EPOCH))
    leaf = leaf_hash(s.SALT, s.RECORD)
    assert (h_0.hex(), leaf.hex(), next_hash(h_0, 1, leaf).hex()) == (H_0, LEAF_1, H_1)
    assert (s.CHAIN.n, s.CHAIN.h.hex()) == (1, H_1)


def test_head_has_136_bytes_and_the_printed_signature() -> None:
    assert len(s.HEAD.pack()) == 136
    sig = sign_head(s.HEAD, s.SESSION).hex()
    assert sig.startswith("c6fa835a7b282e12")
    assert sig.endswith("0a49c29b9a04")


def test_ack_has_179_bytes_and_the_printed_signature() -> None:
    assert len(s.ACK.pack()) == 179
    sig = sign_ack(s.ACK, s.ANSWER).hex()
    assert sig.startswith("6fa9c492da02ab33")
    assert sig.endswith("5e796c07")


def test_alarm_has_345_bytes_and_the_reference_signature_over_the_move() -> None:
    # The reference computation signs level 1, no flags, detail 11×80; its signature begins and ends so.
    data = s.alarm_bytes()
    assert len(data) == 345
    sig = data[175:239].hex()
    assert sig.startswith("45905d75613cf50e")
    assert sig.endswith("ea235503")


def test_root_fingerprint_is_the_front_of_a_tagged_hash() -> None:
    assert root_fingerprint(b"\x05" * 32) == sha256(tag("root") + b"\x05" * 32)[:20]


def test_audit_chain_starts_elsewhere_than_any_journal() -> None:
    audit = audit_first_hash(s.SERVER, s.EPOCH)
    assert audit == first_hash(Epoch(s.SERVER, bytes(16), s.EPOCH), "audit")
    assert audit != first_hash(Epoch(s.SERVER, bytes(16), s.EPOCH))


@pytest.mark.parametrize("field", ["device", "stream", "epoch", "prev_epoch", "prev_n", "prev_h"])
def test_first_hash_binds_every_part_of_its_epoch(field: str) -> None:
    values: dict[str, Any] = {"device": s.DEVICE, "stream": s.STREAM, "epoch": s.EPOCH}
    other: dict[str, Any] = {"prev_n": 1, "prev_h": b"\x01" * 32}
    changed = values | {field: other.get(field, b"\x77" * 16)}
    assert first_hash(Epoch(**changed)).hex() != H_0
