"""News for reporters: number and state of a report go to the PC that sent it until it has heard them.

Passing events: the row keeps the number under which its state was sent last. A PC that comes back with a lower one has
not heard it and is told again; so nothing is stored twice and nothing is forgotten after some days.
"""

import asyncio
import logging

from sqlalchemy import Connection

from app.domain.incident import due
from app.protocol import api
from app.protocol.reports import ReportUpdate
from app.server.alerts.core import Core
from app.server.storage import reports
from app.server.storage.reports import Incident

_LOG = logging.getLogger("safeseat.reports")
LOOK_S = 2.0
"""How soon what staff changed beside the running server is told."""
OPENING_S = 1.0
"""A stream waits no longer for this at its opening: alarms have gone before it."""
_Mark = tuple[bytes, bytes]


def update_of(row: Incident) -> ReportUpdate:
    """Return the present state of a report as its reporter is told."""
    running = due(row.facts())
    return ReportUpdate(
        report=row.report,
        number=row.number,
        state=row.state,  # type: ignore[arg-type]  # one of the four states, by the domain
        due_ms=running[0].at_ms if running else 0,
    )


class News:
    """Owned by the event loop; `start` and `stop` bracket its task."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._woken = asyncio.Event()
        self._sent: dict[_Mark, tuple[Incident, int]] = {}
        self._marks: dict[bytes, int] = {}
        self._pending: frozenset[bytes] = frozenset()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look for news; from here on it is known which streams have sent reports at all."""
        self._marks = await self._core.stores.main.read(reports.marks)
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End; what was not told is told after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def wake(self) -> None:
        """Look at once: something came in."""
        self._woken.set()

    async def present(self, stream: bytes, heard: int, since: int) -> None:
        """Tell a stream that has just opened what it has not heard by number `heard`; no error reaches the stream.

        What was sent after number `since` comes into the stream by itself.

        Most streams have nothing to hear and cost no query: thousands may come back at once.
        """
        mark = self._marks.get(stream)
        if mark is None or (0 < mark <= heard and stream not in self._pending):
            return
        try:
            async with asyncio.timeout(OPENING_S):
                rows = await self._core.stores.main.read(lambda conn: reports.to_tell(conn, stream, heard))
        except Exception:
            _LOG.exception("news of reports could not be read; they are told later")
            return
        for row in rows:
            told = self._on_its_way(row) or row.told_no
            if not told or heard < told <= since:
                self._tell(row)
        if rows:
            self.wake()

    def _tell(self, row: Incident) -> None:
        number = self._core.hub.passing(row.stream, api.encode_event(update_of(row)))
        if number:
            self._marks[row.stream] = number
            self._sent[(row.site, row.key)] = (row, number)

    def _on_its_way(self, row: Incident) -> int:
        """The number under which this very state was sent while its note is not stored yet, else 0."""
        told = self._sent.get((row.site, row.key))
        return told[1] if told is not None and update_of(told[0]) == update_of(row) else 0

    async def _keep(self) -> None:
        while True:
            try:
                await self._round()
            except Exception:
                _LOG.exception("news of reports could not be told; trying again")
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()

    async def _round(self) -> None:
        await self._store()
        untold = await self._core.stores.main.read(reports.untold)
        self._pending = frozenset(row.stream for row in untold)
        for row in untold:
            self._marks.setdefault(row.stream, 0)
            if not self._on_its_way(row):
                self._tell(row)
        await self._store()

    async def _store(self) -> None:
        """Note durably what was sent under which number."""
        sent = dict(self._sent)
        if not sent:
            return

        def work(conn: Connection) -> None:
            for row, number in sent.values():
                reports.told(conn, row, number)

        await self._core.stores.main.write(work)
        for mark, told in sent.items():
            if self._sent.get(mark) is told:
                del self._sent[mark]
