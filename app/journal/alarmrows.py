"""Alarm moves that wait for a server's answer, in the journal file: that an alarm exists is nobody's business on disk."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection


class AlarmRows:
    """The durable store of the alarm lane; any thread, each call is one transaction of the journal."""

    def __init__(
        self,
        using: Callable[[], AbstractContextManager["Connection"]],
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._using = using
        self._transaction = transaction

    def put(self, alarm: bytes, no: int, packet: bytes) -> None:
        """Keep one move (345 bytes) until `drop`; the same (alarm, no) again changes nothing. Durable on return."""
        with self._using() as conn, self._transaction():
            conn.execute("INSERT OR IGNORE INTO alarm VALUES(?, ?, ?)", (alarm, no, packet))

    def done(self, alarm: bytes, no: int, server: bytes) -> None:
        """Note that this server has answered the move, so that a restart does not ask it again."""
        with self._using() as conn, self._transaction():
            conn.execute(
                "INSERT OR IGNORE INTO alarm_done SELECT alarm, no, ? FROM alarm WHERE alarm = ? AND no = ?",
                (server, alarm, no),
            )

    def drop(self, alarm: bytes, no: int) -> None:
        """Forget a move that every server has answered."""
        with self._using() as conn, self._transaction():
            conn.execute("DELETE FROM alarm WHERE alarm = ? AND no = ?", (alarm, no))

    def load(self) -> list[tuple[bytes, frozenset[bytes]]]:
        """Return what still waits, in the order it was kept: (packet, servers that have answered)."""
        with self._using() as conn:
            done: dict[tuple[bytes, int], set[bytes]] = {}
            for alarm, no, server in conn.execute("SELECT alarm, no, server FROM alarm_done"):
                done.setdefault((alarm, no), set()).add(server)
            rows = conn.execute("SELECT alarm, no, packet FROM alarm ORDER BY rowid").fetchall()
        return [(packet, frozenset(done.get((alarm, no), ()))) for alarm, no, packet in rows]
