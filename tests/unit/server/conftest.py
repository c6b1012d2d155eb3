"""A small house of people on a SQLite file, and a turn whose clock the test holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.server.alerts.ledger import Turn
from app.server.storage import directory, people
from app.server.storage.directory import Directory
from app.server.storage.engine import sqlite_engine
from app.server.storage.migrate import upgrade
from app.server.storage.people import Device, Person, Stream

SITE = b"\x51" * 16


def someone(number: int) -> bytes:
    """An id for tests."""
    return bytes([number]) * 16


@dataclass
class House:
    """Both groups of tables in one file, an agent (1) in team A, leads (2, 3) of A, a head (4), a lead of B (5)."""

    main: Connection
    alarms: Connection
    people: Directory
    now: int = 1_795_478_400_000
    numbers: Iterator[int] = field(default_factory=lambda: count(1 << 30, 1 << 24))

    def turn(self, seconds: float = 0) -> Turn:
        """Move the clock on and return a turn."""
        self.now += int(seconds * 1000)
        return Turn(self.people, self.now, lambda: next(self.numbers))

    def reload(self) -> None:
        """Read who is who again."""
        self.people = directory.load(self.main)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    engine = sqlite_engine(tmp_path / "house.db")
    main = engine.connect()
    with main.begin():
        upgrade(main, "main")
        upgrade(main, "alarms")
    with main.begin():
        people.site_id(main, "Shanghai", make=True)
        site = people.site_id(main, "Shanghai")
        assert site is not None
        for number, role, team in ((1, "agent", "A"), (2, "lead", "A"), (3, "lead", "A"), (4, "head", "A"), (5, "lead", "B")):
            people.put_person(main, Person(site, someone(number), f"p{number}", team), role)
            device = Device(site, someone(0x10 + number), "active", 1, bytes(33), "pc", "os", "1", f"S-{number}", "3")
            people.put_device(main, device, 0)
            people.put_stream(main, Stream(site, someone(0x20 + number), device.device, someone(number)), 0)
    known = House(main, main, directory.load(main))
    main.rollback()
    yield known
    main.close()
    engine.dispose()


def renamed(device: Device, seat: str) -> Device:
    """The same device at another seat."""
    return replace(device, seat=seat)
