"""The alarm service: runs the ledger's transactions, delivers what they say, and keeps the escalation's time.

Commits before it delivers; both before the caller answers. Deadlines are computed from what is stored, so a restart
resumes where the alarm stood; within one run only the monotonic clock counts.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from app.domain.alarm import AlarmState
from app.protocol.alarm import AlarmMessage
from app.protocol.chain import Chain
from app.server.alerts import ledger
from app.server.alerts.core import Core
from app.server.alerts.ledger import Outcome, Turn
from app.server.alerts.pins import PinCheck
from app.server.storage import alarms as rows
from app.server.storage.alarms import AlarmRow

_LOG = logging.getLogger("safeseat.alerts")
RETRY_S = 1.0
"""After a database error the escalation tries again this soon, for ever."""
REPLAY_MAX = 2000
EVENTS_MS = 30 * 24 * 3600 * 1000
"""Events are kept for replay as long as desks remember what they painted (protocol, "LAN datagram": 30 days)."""
TIDY_S = 3600.0


class AlarmService:
    """Owned by the event loop; `start` and `stop` bracket its timer task."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._zero = core.clock.wall_ms() - int(core.clock.mono() * 1000)
        self._due: dict[bytes, int] = {}
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._posted = asyncio.Event()

    def now(self) -> int:
        """Return the alarm lane's clock: Unix ms at the start of this run, monotonic since."""
        return self._zero + int(self._core.clock.mono() * 1000)

    def _turn(self) -> Turn:
        return Turn(self._core.people, self.now(), self._core.hub.stored_number)

    async def start(self) -> None:
        """Take up every open alarm and keep time."""
        for row in await self._core.stores.alarms.read(rows.open_alarms):
            self._due[row.alarm] = 0
        keepers = (self._keep_time(), self._keep_audit(), self._keep_tidy())
        self._tasks = [asyncio.create_task(one) for one in keepers]
        self._posted.set()

    async def stop(self) -> None:
        """End the tasks; nothing stored is lost."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    async def take_move(self, message: AlarmMessage, *, verified: bool) -> Outcome:
        """Store a packet durably, tell whoever is due, and return what is known of the alarm."""
        turn, keys = self._turn(), self._core.keys
        check = PinCheck(keys.seal, keys.pepper, self._core.people)
        return await self._run(lambda conn: ledger.take_move(conn, turn, message, verified=verified, check=check))

    async def act(self, alarm: bytes, do: Callable[[Connection, AlarmRow, AlarmState, int], None]) -> Outcome | None:
        """Store what somebody did on an alarm and what follows; None if there is no such alarm."""
        turn = self._turn()

        def work(conn: Connection) -> Outcome | None:
            return ledger.act(conn, turn, alarm, lambda row, state: do(conn, row, state, turn.now))

        return await self._run(work)

    async def present(self, recipient: bytes) -> list[bytes]:
        """Return the open alarms for a desk that begins without a past."""
        turn = self._turn()
        return await self._core.stores.alarms.write(lambda conn: ledger.present(conn, turn, recipient))

    async def past(self, recipient: bytes, after: int) -> list[tuple[int, bytes]]:
        """Return the stored events above `after`."""
        return await self._core.stores.alarms.read(lambda conn: rows.events_after(conn, recipient, after, REPLAY_MAX))

    async def _run(self, work: Callable[[Connection], ledger.AnyOutcome]) -> ledger.AnyOutcome:
        outcome = await self._core.stores.alarms.write(work)
        if outcome is not None and not outcome.repeat:
            for recipient, number, payload in outcome.events:
                self._core.hub.deliver(recipient, number, payload)
            self._plan(outcome)
            self._posted.set()
        return outcome

    def _plan(self, outcome: Outcome) -> None:
        if outcome.next_at is None:
            self._due.pop(outcome.row.alarm, None)
        else:
            self._due[outcome.row.alarm] = outcome.next_at
        self._woken.set()

    async def _keep_time(self) -> None:
        while True:
            self._woken.clear()
            now = self.now()
            for alarm in [one for one, at in self._due.items() if at <= now]:
                self._due.pop(alarm, None)
                try:
                    await self.act(alarm, lambda _conn, _row, _state, _now: None)
                except Exception:
                    _LOG.exception("escalation of an alarm failed; trying again")
                    self._due[alarm] = now + int(RETRY_S * 1000)
            wait = min(self._due.values(), default=None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if wait is None else max(0.0, (wait - self.now()) / 1000)):
                    await self._woken.wait()

    async def _keep_tidy(self) -> None:
        """Forget live events that nobody will ask for again."""
        while True:
            before = self._core.clock.wall_ms() - EVENTS_MS
            try:
                await self._core.stores.alarms.write(partial(rows.drop_events, before_ms=before))
            except Exception:
                _LOG.exception("old events could not be dropped; trying again later")
            await asyncio.sleep(TIDY_S)

    async def _keep_audit(self) -> None:
        """Move entries from the alarm lane's outbox to the server's chain; each gets there once."""
        while True:
            await self._posted.wait()
            self._posted.clear()
            try:
                while await self._post_audit():
                    pass
            except Exception:
                _LOG.exception("the audit chain did not take an entry; trying again")
                await asyncio.sleep(RETRY_S)
                self._posted.set()

    async def _post_audit(self) -> bool:
        entries = await self._core.stores.alarms.read(lambda conn: rows.outbox(conn, 100))
        if not entries:
            return False

        def post(conn: Connection) -> Chain:
            heads = [self._core.note(conn, kind, {"about": body.decode()}, ref=ref) for _, ref, kind, body, _ in entries]
            return heads[-1]

        self._core.witness(await self._core.stores.main.write(post))
        await self._core.stores.alarms.write(lambda conn: rows.drop_outbox(conn, [(one[0], one[1]) for one in entries]))
        return True
