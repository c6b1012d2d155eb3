"""Simulated power cuts: record what a writer does to its files, then build the disk as a cut at any moment would leave it.

kill -9 proves nothing about durability: the system still writes everything out. Here only what was synced is certain;
of the rest any subset of 512-byte sectors, and any first part of the folder's changes, may have reached the disk.
"""

import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
MARK = "acknowledged"
"""The writer tells what was acknowledged by writing numbers to a file of this name in the folder."""


@dataclass(frozen=True, slots=True)
class Op:
    """One thing that was done."""

    op: str
    fd: int
    at: int
    data: bytes


def build_shim(folder: Path) -> Path:
    """Compile the library that logs; returns its path."""
    source = Path(__file__).with_suffix(".c")
    made = folder / "powercut.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"], check=True, timeout=60)
    return made


def record(shim: Path, folder: Path, *words: str) -> list[Op]:
    """Run `python -m tests.helpers.journal_writer FOLDER words…` under the shim; returns what it did."""
    log = folder.with_suffix(".log")
    folder.mkdir()
    env = {**os.environ, "LD_PRELOAD": str(shim), "POWERCUT_DIR": str(folder), "POWERCUT_LOG": str(log)}
    command = [sys.executable, "-m", "tests.helpers.journal_writer", str(folder), *words]
    subprocess.run(command, env=env, check=True, timeout=120)
    return list(parse(log.read_bytes()))


def parse(data: bytes) -> Iterator[Op]:
    """Yield the log's entries."""
    at, head = 0, struct.Struct("=ciqI")
    while at < len(data):
        op, fd, offset, size = head.unpack_from(data, at)
        at += head.size
        yield Op(op.decode(), fd, offset, data[at : at + size])
        at += size


@dataclass(slots=True)
class _File:
    sure: bytearray = field(default_factory=bytearray)
    loose: list[tuple[int, bytes | None]] = field(default_factory=list)

    def settle(self) -> None:
        for at, data in self.loose:
            _put(self.sure, at, data)
        self.loose.clear()

    def torn(self, chance: random.Random, kept: float) -> bytes:
        """Return the contents with some of the loose sectors."""
        found = bytearray(self.sure)
        for at, data in self.loose:
            if data is None:
                if chance.random() < kept:
                    _put(found, at, None)
                continue
            begin = 0
            while begin < len(data):
                end = min(len(data), begin + SECTOR - (at + begin) % SECTOR)
                if chance.random() < kept:
                    _put(found, at + begin, data[begin:end])
                begin = end
        return bytes(found)


def _put(found: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del found[at:]
        found.extend(bytes(at - len(found)))
        return
    found.extend(bytes(max(0, at + len(data) - len(found))))
    found[at : at + len(data)] = data


@dataclass(slots=True)
class Disk:
    """What is certain, what is loose, and what was acknowledged so far."""

    folder: str
    files: dict[str, _File] = field(default_factory=dict)
    names: dict[str, _File] = field(default_factory=dict)
    changes: list[tuple[str, _File | None]] = field(default_factory=list)
    fds: dict[int, tuple[str, _File | None]] = field(default_factory=dict)
    acknowledged: list[int] = field(default_factory=list)

    def apply(self, op: Op) -> None:
        """Carry out one entry of the log."""
        if op.op == "O":
            self._open(op.fd, op.data.decode(), truncate=bool(op.at))
        elif op.op == "C":
            self.fds.pop(op.fd, None)
        elif op.op == "U":
            self._name(op.data.decode(), None)
        elif op.op == "R":
            old, new = op.data.decode().split("\0")
            self._name(new, self.files.get(old))
            self._name(old, None)
        else:
            self._contents(op)

    def _name(self, path: str, file: _File | None) -> None:
        if file is None:
            self.files.pop(path, None)
        else:
            self.files[path] = file
        self.changes.append((path, file))

    def _open(self, fd: int, path: str, *, truncate: bool) -> None:
        if path == self.folder:
            self.fds[fd] = (path, None)
            return
        if path not in self.files:
            self._name(path, _File())
        file = self.files[path]
        if truncate and (file.sure or file.loose):
            file.loose.append((0, None))
        self.fds[fd] = (path, file)

    def _contents(self, op: Op) -> None:
        path, file = self.fds[op.fd]
        if file is None:
            if op.op == "S":
                self._settle_names()
        elif path.endswith(MARK):
            if op.op == "W":
                self.acknowledged += [int(word) for word in op.data.split()]
        elif op.op == "W":
            file.loose.append((op.at, op.data))
        elif op.op == "T":
            file.loose.append((op.at, None))
        elif op.op == "S":
            file.settle()

    def _settle_names(self) -> None:
        for path, file in self.changes:
            if file is None:
                self.names.pop(path, None)
            else:
                self.names[path] = file
        self.changes.clear()

    def cut(self, to: Path, chance: random.Random) -> None:
        """Write the disk as the cut leaves it into the folder `to`."""
        to.mkdir()
        names = dict(self.names)
        for path, file in self.changes[: chance.randint(0, len(self.changes))]:
            if file is None:
                names.pop(path, None)
            else:
                names[path] = file
        kept = chance.choice([0.0, 0.3, 0.7, 0.95, 1.0])
        for path, file in names.items():
            name = Path(path).name
            if not name.endswith(("-shm", MARK)):
                (to / name).write_bytes(file.torn(chance, kept))


def _written_back(ops: list[Op]) -> list[int]:
    main: set[int] = set()
    found = []
    for index, op in enumerate(ops):
        if op.op == "O":
            (main.add if op.data.endswith(b".db") else main.discard)(op.fd)
        elif op.op == "W" and op.fd in main:
            found.append(index + 1)
    return found


def cuts(ops: list[Op], folder: Path, count: int, seed: int) -> Iterator[tuple[list[int], Path]]:
    """Yield (acknowledged numbers, folder as left by the cut) for `count` moments.

    Half of them are random, half fall while pages are written back into the main file: seldom, and the hardest.
    """
    chance = random.Random(seed)
    hard = _written_back(ops) or [1]
    random_moments = [chance.randrange(1, len(ops)) for _ in range(count - count // 2)]
    moments = sorted(random_moments + [chance.choice(hard) for _ in range(count // 2)])
    disk, done = Disk(str(folder)), 0
    for number, moment in enumerate(moments):
        for op in ops[done:moment]:
            disk.apply(op)
        done = moment
        to = folder.with_name(f"{folder.name}-cut-{seed}-{number}")
        disk.cut(to, chance)
        yield list(disk.acknowledged), to
