"""Writes golden wire files that are not there yet; existing ones are a promise to older releases and stay as they are.

Run as `python -m tests.unit.protocol.golden`. A format that changes gets a new file beside the old one, never over it.
"""

from collections.abc import Iterator
from pathlib import Path

from app.protocol import api, lan, records
from app.protocol.compression import Packing
from app.protocol.pin import Step, seal_proof
from app.protocol.seal import seal_public
from tests.unit.protocol import samples as s

FOLDER = Path(__file__).parents[2] / "data" / "golden"


def exact() -> Iterator[tuple[str, bytes]]:
    """Yield (file name, bytes) of everything that an encoder must reproduce to the byte."""
    for name, make in s.FIXED.items():
        yield f"wire/{name}.hex", make()
    for message in s.MESSAGES:
        yield f"messages/{type(message).__name__}.json", api.encode_message(message)
    for event in s.EVENTS:
        yield f"events/{type(event).__name__}.json", api.encode_event(event)
    for record in s.RECORDS:
        kind = records.kind_of(record)
        yield f"records/{kind.name}.v{kind.version}.json", records.encode(record, kind.file)


def readable() -> Iterator[tuple[str, bytes]]:
    """Yield (file name, bytes) of what holds randomness or compression: later releases must still open the file."""
    step = Step(s.DEVICE, s.STREAM, s.ALARM, 2)
    yield (
        "wire/lan-question.hex",
        lan.make_question(s.LAN_DESK, lan.Question(b"\x42" * 16, b"\x41" * 32, s.alarm_bytes())),
    )
    yield "wire/pin-detail.hex", seal_proof(b"\x61" * 32, seal_public(s.SEAL_SECRET), step)
    yield "wire/p256-signature.hex", s.P256.sign(b"SafeSeat")
    yield "wire/batch-zstd.hex", s.batch_body(Packing.ZSTD)
    yield "wire/batch-gzip.hex", s.batch_body(Packing.GZIP)


def load(name: str) -> bytes:
    """Return a golden file's bytes; `.hex` files hold them in hex, 64 digits a line."""
    path = FOLDER / name
    return bytes.fromhex(path.read_text()) if name.endswith(".hex") else path.read_bytes().removesuffix(b"\n")


def store(name: str, data: bytes) -> None:
    """Write a golden file."""
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".hex"):
        text = data.hex()
        path.write_text("\n".join(text[at : at + 64] for at in range(0, len(text), 64)) + "\n")
    else:
        path.write_bytes(data + b"\n")


def main() -> None:
    """Write what is missing."""
    for name, data in [*exact(), *readable()]:
        if not (FOLDER / name).exists():
            store(name, data)


if __name__ == "__main__":
    main()
