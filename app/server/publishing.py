"""What IT publishes for the PCs of a site: a signed content pack, verified like a PC does, stored and told."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app.content.errors import ContentError
from app.content.packs import Packs, Refused, framed
from app.domain.errors import UsageError
from app.protocol.document import DocKind, Held, held_of
from app.server.storage import audit, documents, people
from app.server.storage.keyring import Keyring

KIND = int(DocKind.CONTENT)


@dataclass(frozen=True, slots=True)
class _Stored:
    """The newest pack of a site in the database, as `Packs` keeps its state; the former ones stay below it."""

    conn: Connection
    site: bytes

    def held(self) -> Held | None:
        try:
            return held_of(framed(self.file()))
        except ContentError:
            # none yet, or a damaged row: nothing that a PC could hold
            return None

    def file(self) -> bytes:
        return documents.newest(self.conn, self.site, KIND) or b""

    def keep(self, held: Held, file: bytes) -> None:
        documents.add(self.conn, self.site, KIND, held.version, file)


def publish_pack(conn: Connection, keys: Keyring, file: bytes, now_ms: int) -> str:
    """Store a signed pack for its site, or say in one sentence why not (UsageError); return what happened.

    The rules are those of the PCs, so what is published here is not refused there: signature, site, version, time, form,
    and a second signature where phone numbers or cards change.
    """
    try:
        site = framed(file).site
    except ContentError as fault:
        raise UsageError(str(fault)) from None
    names = people.site_names(conn)
    if site not in names:
        raise UsageError(f"This server has no site {site.hex()}; `safeseat server sites` lists those that it has.")
    state = _Stored(conn, site)
    before = state.held()
    got = Packs(state, site).take(file, keys.keyset, now_ms)
    if isinstance(got, Refused):
        raise UsageError(got.reason)
    pack, name = got.pack, names[site][0]
    if got.held == before:
        return f"{pack.name} version {pack.version} holds at {name} already."
    about = {"site": site.hex(), "version": got.held.version, "digest": got.held.digest.hex()}
    audit.append(conn, keys.server, now_ms, "content.published", about)
    documents.touch(conn)
    return f"{pack.name} version {pack.version} holds at {name} from now on."


def list_sites(conn: Connection) -> list[dict[str, object]]:
    """Return every site with its id and the version of its content pack, 0 for none."""
    packs = documents.versions(conn, KIND)
    return [{"site": name, "id": site.hex(), "content": packs.get(site, 0)} for site, (name, _) in people.site_names(conn).items()]
