"""The process whose power is cut: writes to a journal in every way there is and tells what was acknowledged."""

import os
import sys
from pathlib import Path

from app.domain.moment import NS
from tests.helpers.journal import START, ack_for, open_journal, record
from tests.helpers.journal_powercut import MARK


def main(folder: Path, count: int, synchronous: str) -> None:
    """Append `count` times; after each commit write the newest number into the mark file."""
    journal = open_journal(folder)
    journal._conn.execute(f"PRAGMA synchronous = {synchronous}")
    mark = os.open(folder / MARK, os.O_CREAT | os.O_WRONLY)
    for number in range(count):
        now = START.later(number * 300 * NS)
        many = 40 if number % 25 == 24 else 1
        written = journal.append([record(number + 1, essential=number % 3 == 0)] * many, now)
        os.write(mark, b"%d\n" % written.last)
        if number % 10 == 9:
            journal.note_ack(ack_for(journal), b"s" * 64, now)
            os.write(mark, b"%d\n" % journal.head()[1])
        if number % 15 == 14:
            journal.alarms().put(b"a" * 16, number, bytes(345))
        if number == count // 2:  # a new start of the program
            journal.close()
            journal = open_journal(folder)
            journal._conn.execute(f"PRAGMA synchronous = {synchronous}")
            journal.raise_starts()
    journal.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
