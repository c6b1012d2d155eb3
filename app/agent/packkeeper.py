"""Carries the site's signed content pack: fetched from the server, verified, kept, and read for whoever shows content.

The decisions (signature, version, site, time, second signature) are those of `app.content.packs`. The pack is not held in
memory: it is read again, by its digest, when a surface is opened.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.agent.enrolled import DamagedEnrolmentError, EnrolledServer, enrolled_servers
from app.agent.events.packs import FetchPack, LoadPack, PackHolds, PackRefused, PackUnfetched, Remembered
from app.agent.identity import Identity
from app.agent.keptpack import KeptPack, read_kept
from app.agent.network import Network
from app.agent.profile import Profile
from app.content.errors import ContentError
from app.content.packs import Packs, Refused, Taken, framed, reopened, unchecked
from app.content.site import SitePack
from app.domain.ids import ID_BYTES
from app.domain.moment import Moment
from app.protocol import api
from app.protocol.document import Document, Held, held_of
from app.protocol.errors import BadSignatureError, ProtocolError
from app.sync.documents import document_in, document_request
from app.sync.errors import NetworkError
from app.sync.http import Connection
from app.sync.link import Link, Outgoing

log = logging.getLogger(__name__)

FETCH_LIMIT = 30.0
NO_SITE = bytes(ID_BYTES)
"""The site of a PC that waited for its approval when it enrolled; the first pack that its server signs over tells it."""


@dataclass(slots=True)
class _State:
    """The state of `Packs` for one errand: what is remembered, and the file that holds."""

    remembered: Held | None
    good: bytes
    keep_file: Callable[[bytes], None]

    def held(self) -> Held | None:
        return self.remembered

    def file(self) -> bytes:
        return self.good

    def keep(self, held: Held, file: bytes) -> None:
        self.keep_file(file)
        self.remembered, self.good = held, file


class PackKeeper:
    """One per profile. `load` and `fetch` run in one lane; `current` and `stop` may come from any thread.

    A PC with several servers shows the pack of the first one that it uses.
    """

    def __init__(self, profile: Profile, network: Network, identity: Identity, now: Callable[[], Moment]) -> None:
        self._profile = profile
        self._network = network
        self._identity = identity
        self._now = now
        self._guard = threading.Lock()
        self._held: Held | None = None
        self._errand: Connection | None = None
        self._stopped = False

    def current(self) -> SitePack | None:
        """The pack that holds, read anew from its file; None if there is none. A few milliseconds."""
        with self._guard:
            held = self._held
            if held is None:
                return None
            try:
                kept = read_kept(self._profile.pack)
                return None if kept is None else unchecked(kept.file, held)
            except (ContentError, ProtocolError, OSError) as fault:
                log.error("the site's pack cannot be read: %s", fault)
                return None

    def stop(self) -> None:
        """End what is under way."""
        with self._guard:
            self._stopped = True
            if self._errand is not None:
                self._errand.close()

    # --- loading --------------------------------------------------------------------------------------------------

    def load(self, effect: LoadPack) -> Iterable[object]:
        """Let the kept pack hold if it still proves itself, also past its time."""
        server = self._server()
        try:
            kept = read_kept(self._profile.pack)
            if kept is None or server is None:
                return self._hold(None)
            document = kept.document(server.fingerprint)
            if document.site != server.site:
                return self._hold(None)
            self._not_older(document, effect.remembered)
            return self._hold(document, reopened(kept.file, held_of(document)))
        except BadSignatureError as fault:
            reason = f"The kept pack is not used: {fault}."
        except (ContentError, ProtocolError, OSError) as fault:
            reason = f"The kept pack is not used: {str(fault).rstrip('.')}."
        log.error("%s", reason)
        return (*self._hold(None), PackRefused(reason))

    def _not_older(self, document: Document, remembered: Remembered) -> None:
        known = _of_site(remembered, document.site)
        if known is None or held_of(document) == known or document.version > known.version:
            return
        raise ContentError(f"It has version {document.version}, another one of version {known.version} was already in force.")

    def _hold(self, document: Document | None, pack: SitePack | None = None) -> tuple[PackHolds]:
        with self._guard:
            self._held = None if document is None else held_of(document)
        if document is None or pack is None:
            return (PackHolds(),)
        held = held_of(document)
        values = tuple(pack.site.items())
        return (PackHolds(document.site, held.version, held.digest, pack.name, document.not_after, values, pack.reviewed_on),)

    # --- fetching -------------------------------------------------------------------------------------------------

    def fetch(self, effect: FetchPack) -> Iterable[object]:
        """Fetch what the server has and take it; with a newer key set if the known one does not do."""
        server, found = self._server(), self._network.first()
        if server is None or found is None or found[0] != effect.server:
            return ()
        _, link, connection = found
        with self._guard:
            self._errand = None if self._stopped else connection
            if self._stopped:
                return ()
        try:
            return self._fetched(server, link, connection, effect.remembered)
        except NetworkError as fault:
            log.info("the site's pack was not fetched: %s", fault)
        except OSError as fault:
            log.error("the site's pack was not kept: %s", fault)
        finally:
            with self._guard:
                self._errand = None
            connection.close()
        return (PackUnfetched(effect.server),)

    def _fetched(self, server: EnrolledServer, link: Link, connection: Connection, known: Remembered) -> Iterable[object]:
        sent = document_request(link, self._identity.me(), self._now(), "content")
        file = document_in(link, sent, connection.request(sent, FETCH_LIMIT), self._now())
        if file is None:
            return (PackUnfetched(server.url),)
        if not file:
            return ()
        got = self._take(server, link, file, known)
        if isinstance(got, Refused) and self._newer_keys(link, connection):
            got = self._take(server, link, file, known)
        if isinstance(got, Refused):
            log.warning("the server's pack is refused: %s", got.reason)
            return (PackRefused(got.reason),)
        return self._hold(framed(file), got.pack)

    def _newer_keys(self, link: Link, connection: Connection) -> bool:
        """Whether the server has a key set that this PC did not know yet; it is kept."""
        answer = connection.request(Outgoing("GET", api.ROUTE_KEYS, (), b"", None, 0), FETCH_LIMIT)
        return answer.status == 200 and link.take_keys(answer.body, self._now())

    def _take(self, server: EnrolledServer, link: Link, file: bytes, known: Remembered) -> Taken | Refused:
        try:
            site = framed(file).site if server.site == NO_SITE else server.site
        except ContentError as fault:
            return Refused(str(fault))
        now_ms = link.server_ms(self._now())

        def keep(taken: bytes) -> None:
            # the key set of now: a newer one may have come since this errand began
            present = self._server() or server
            if present.site == NO_SITE:
                self._network.remember(present.url, site=site)
            with self._guard:
                self._profile.write_private(self._profile.pack, KeptPack(now_ms, present.keys, taken).packed())

        return Packs(self._state(server, site, known, keep), site).take(file, link.keys, now_ms)

    def _state(self, server: EnrolledServer, site: bytes, known: Remembered, keep: Callable[[bytes], None]) -> _State:
        """What holds now, if it is of this site, and the highest version that was ever taken."""
        remembered, good = _of_site(known, site), b""
        try:
            kept = read_kept(self._profile.pack)
            if kept is not None and (document := kept.document(server.fingerprint)).site == site:
                held = held_of(document)
                if remembered is None or held.version >= remembered.version:
                    remembered, good = held, kept.file
        except (ContentError, ProtocolError, OSError) as fault:
            log.error("the kept pack is not used: %s", fault)
        return _State(remembered, good, keep)

    def _server(self) -> EnrolledServer | None:
        found = self._network.first()
        url = found[0] if found is not None else ""
        try:
            return next((one for one in enrolled_servers(self._profile) if one.url == url), None)
        except DamagedEnrolmentError:
            return None


def _of_site(remembered: Remembered, site: bytes) -> Held | None:
    return next((Held(version, digest) for one, version, digest in remembered if one == site), None)
