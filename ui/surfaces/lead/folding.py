"""Which calls for help share one row: more than five alike within 3 min; level 1 never (ux measures, lead desk). No Qt."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.agent.snapshot import DeskRow

NS = 1_000_000_000
WINDOW = 180 * NS
MORE_THAN = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list: a single call for help, or several alike. `key` stays the same while it grows."""

    key: bytes
    rows: tuple[DeskRow, ...]

    @property
    def first(self) -> DeskRow:
        """The row that stands for all: the newest."""
        return self.rows[0]

    @property
    def folded(self) -> bool:
        """Whether several stand in one row."""
        return len(self.rows) > 1


def alike(row: DeskRow) -> tuple[object, ...]:
    """What two rows must have in common to be answered together."""
    return (row.drill, row.level, row.floor, row.next_action, row.mine, row.taken_by, row.taken_back, row.waits_for_second)


def fold(rows: Iterable[DeskRow], apart: frozenset[bytes] = frozenset()) -> tuple[Entry, ...]:
    """Fold `rows` (kept in their order); `apart` are alarms that the lead wants to see one by one.

    A fold is every row that lies in some 3 min with more than five alike; its key is its oldest alarm.
    """
    rows = tuple(rows)
    groups: dict[tuple[object, ...], list[DeskRow]] = defaultdict(list)
    for row in rows:
        if row.level != 1 and row.alarm not in apart:
            groups[alike(row)].append(row)
    home: dict[bytes, tuple[bytes, tuple[DeskRow, ...]]] = {}
    for group in groups.values():
        for crowd in _crowds(sorted(group, key=lambda row: row.raised_boot)):
            members = tuple(row for row in rows if row in crowd)
            for row in members:
                home[row.alarm] = (crowd[0].alarm, members)
    entries: dict[bytes, Entry] = {}
    for row in rows:
        key, members = home.get(row.alarm, (row.alarm, (row,)))
        entries.setdefault(b"fold" + key if len(members) > 1 else key, Entry(b"fold" + key if len(members) > 1 else key, members))
    return tuple(entries.values())


def _crowds(rows: list[DeskRow]) -> list[list[DeskRow]]:
    """Runs of rows (oldest first) that overlapping windows with more than five rows join together."""
    crowds: list[list[DeskRow]] = []
    taken_to = -1
    for end, row in enumerate(rows):
        start = next(at for at in range(end + 1) if row.raised_boot - rows[at].raised_boot <= WINDOW)
        if end - start + 1 <= MORE_THAN:
            continue
        if start <= taken_to and crowds:
            crowds[-1].extend(rows[taken_to + 1 : end + 1])
        else:
            crowds.append(rows[start : end + 1])
        taken_to = end
    return crowds
