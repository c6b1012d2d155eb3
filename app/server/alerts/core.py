"""What the parts of the server share: keys, databases, the directory in memory, the hub, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from app.protocol import api
from app.protocol.chain import Chain
from app.protocol.document import DocKind
from app.server.alerts.clock import Clock
from app.server.alerts.hub import PASSING_BITS, STORED_BITS, Hub
from app.server.storage import alarms, audit, directory, documents, people
from app.server.storage.directory import Directory
from app.server.storage.keyring import Keyring
from app.server.storage.opening import Stores

T = TypeVar("T")


@dataclass(slots=True)
class Core:
    """One running server; used from the event loop's thread only."""

    keys: Keyring
    stores: Stores
    clock: Clock
    hub: Hub
    generation: int
    audit: Chain
    people: Directory = field(default_factory=Directory)
    roster: bytes | None = None
    packs: dict[bytes, int] = field(default_factory=dict)
    published: bytes | None = None

    async def change(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of work that may change who is who, and read the directory anew."""

        def both(conn: Connection) -> tuple[T, Directory, Chain]:
            result = work(conn)
            return result, directory.load(conn), audit.head(conn, self.keys.server)

        result, self.people, head = await self.stores.main.write(both)
        self.witness(head)
        return result

    async def refresh(self) -> None:
        """Read who is who, and which documents hold, again if another process (an import, a code, a pack) changed it."""
        version = await self.stores.main.read(lambda conn: people.fact(conn, "roster"))
        if version != self.roster:
            self.people = await self.stores.main.read(directory.load)
            self.roster = version
        await self._published()

    async def _published(self) -> None:
        """Tell every open stream of a site for which a new content pack was published."""
        mark = await self.stores.main.read(documents.mark)
        if mark == self.published:
            return
        found = await self.stores.main.read(_packs)
        before, self.packs, self.published = self.packs, found, mark
        for stream in self.hub.recipients():
            known = self.people.streams.get(stream)
            if known is not None and found.get(known.site) != before.get(known.site):
                self.tell_pack(stream)

    def tell_pack(self, stream: bytes) -> None:
        """Tell a stream which content pack holds at its site; nothing where none was published."""
        known = self.people.streams.get(stream)
        version = self.packs.get(known.site, 0) if known is not None else 0
        if version:
            self.hub.passing(stream, api.encode_event(api.DocChanged(kind="content", version=version)))

    def witness(self, head: Chain) -> None:
        """Note the durable head of the server's own chain, which goes into every ack."""
        if head.n > self.audit.n:
            self.audit = head

    def note(self, conn: Connection, kind: str, body: dict[str, object], *, ref: bytes = b"") -> Chain:
        """Append to the server's own chain inside a transaction of the main lane."""
        return audit.append(conn, self.keys.server, self.clock.wall_ms(), kind, body, ref=ref)


def _packs(conn: Connection) -> dict[bytes, int]:
    return documents.versions(conn, int(DocKind.CONTENT))


def _next_start(conn: Connection) -> int:
    return alarms.raise_counter(conn, "starts", (alarms.newest_event(conn) >> (PASSING_BITS + STORED_BITS)) + 1)


async def open_core(keys: Keyring, stores: Stores, clock: Clock) -> Core:
    """Return the core of a server that starts now: its start is counted, the directory loaded."""

    def begin(conn: Connection) -> tuple[int, Chain, Directory]:
        held = people.fact(conn, "server")
        if held is None:
            people.set_fact(conn, "server", keys.server)
            people.set_fact(conn, "generation", (1).to_bytes(4, "big"))
        generation = int.from_bytes(people.fact(conn, "generation") or b"\1", "big")
        chain = audit.append(conn, keys.server, clock.wall_ms(), "server.started", {"generation": generation})
        return generation, chain, directory.load(conn)

    generation, chain, known = await stores.main.write(begin)
    starts = await stores.alarms.write(_next_start)
    published = await stores.main.read(documents.mark)
    return Core(
        keys=keys,
        stores=stores,
        clock=clock,
        hub=Hub(keys.answer, keys.server, generation, starts),
        generation=generation,
        audit=chain,
        people=known,
        packs=await stores.main.read(_packs),
        published=published,
    )
