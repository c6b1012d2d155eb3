"""All servers of this PC: who we are enrolled with, the alarm lane over all of them, and the effects that go out."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from app import __version__
from app.agent.deskanswers import MakeRequest
from app.agent.enrolled import DamagedEnrolmentError, EnrolledServer, enrolled_records, enrolled_servers, keep_enrolled
from app.agent.events import (
    Commit,
    Effect,
    EnrolmentChanged,
    OpenLinks,
    PinSealed,
    SayGoodbye,
    SealPin,
    SendDeskAct,
    SendMove,
    SendReceipt,
    ServerKnows,
    WakeLinks,
)
from app.agent.files import Files
from app.agent.identity import Identity
from app.agent.profile import Profile
from app.agent.serverlink import ServerLink, Wiring
from app.agent.snapshot import Snapshot
from app.domain.errors import SafeSeatError
from app.domain.moment import Moment
from app.protocol import api
from app.protocol.alarm import Receipt, ReceiptState, sign_receipt
from app.protocol.batch import Status
from app.protocol.errors import ProtocolError
from app.protocol.httpsig import TAG_OTHER
from app.protocol.keyset import kept_keyset
from app.protocol.pin import Step, pin_proof, seal_proof
from app.sync.alarms import AlarmLane
from app.sync.http import Connection, TlsSettings
from app.sync.link import Link, Outgoing, parse_address, vouch_header
from app.sync.proxy import Ways
from app.sync.stream import Cursor

log = logging.getLogger(__name__)

GOODBYE_LIMIT = 1.5
"""Seconds that an orderly end waits for the server's ack of the planned exit."""
RELOAD_LIMIT = 1.0
"""Seconds that an old link may take to end before the new ones start; its threads end by themselves."""


def _named(servers: list[EnrolledServer], urls: tuple[str, ...]) -> list[EnrolledServer]:
    """The servers that stand in a list of addresses, all where none does."""
    names = {url.rstrip("/").lower() for url in urls}
    return [one for one in servers if one.url.rstrip("/").lower() in names] or servers


def signed(identity: Identity, link: Link, now: Moment, route: str, body: bytes | None, media: str) -> Outgoing:
    """A signed request of this stream beside the batches: POST with a body, GET without."""
    me = identity.me()
    extra = (vouch_header(me, link.server_ms(now)),)
    method = "GET" if body is None else "POST"
    return link.sign(me, now, TAG_OTHER, method, route, body=body or b"", media=media, extra=extra)


def _desk_message(effect: SendDeskAct) -> tuple[str, bytes] | None:
    """Route and body of a desk's act, None for one that is no request."""
    if effect.act == "settle":
        settle = api.Settle(alarm=effect.alarm, outcome=effect.outcome)  # type: ignore[arg-type]  # encoding checks it
        return api.ROUTE_SETTLE, api.encode_message(settle)
    if effect.act == "say":
        return api.ROUTE_SAY, api.encode_message(api.Say(alarm=effect.alarm, sentence=effect.sentence))
    if effect.act == "raise_level":
        return api.ROUTE_LEVEL, api.encode_message(api.RaiseLevel(alarm=effect.alarm, level=1))
    return None


class Network:
    """Owns the server links; `carriers` run in lanes. `snapshot` is set once the actor stands."""

    def __init__(
        self, profile: Profile, identity: Identity, files: Files, ca_file: str, now: Callable[[], Moment],
        post: Callable[[object], None], ways: Ways | None = None,
    ) -> None:  # fmt: skip
        self._ways = ways or Ways()
        self._profile = profile
        self._identity = identity
        self._files = files
        self._ca_file = ca_file
        self._names: tuple[str, ...] = ()
        self._now = self.now = now
        self.signed = partial(signed, identity)
        self._post = post
        self._lane = AlarmLane(())
        self._lane_lock = threading.Condition()
        self._links: list[ServerLink] = []
        self._signed = False
        self._tls: dict[str, TlsSettings] = {}
        self._tls_of: dict[str, TlsSettings] = {}
        self._reloading = threading.Lock()
        self._file = threading.Lock()
        self._pending: set[str] = set()
        self._closed = False
        self.snapshot: Callable[[], Snapshot] | None = None

    def configure(self, ca_file: str, urls: tuple[str, ...]) -> None:
        """The policy's certificates and servers, for the next `start` or `reload`.

        Of the enrolled servers only those named are used; all where none is, as a wrong name must not silence an alarm.
        """
        self._ca_file, self._names = ca_file, urls

    def start(self) -> None:
        """Start the alarm's way to every enrolled server; the others follow with `open_signed`."""
        try:
            servers = _named(enrolled_servers(self._profile), self._names)
        except DamagedEnrolmentError as fault:
            log.error("%s", fault)
            servers = []
        links = []
        for server in servers:
            link = self._link(server)
            if link is not None:
                links.append(ServerLink(server.url, link, self._wiring(server)))
        with self._lane_lock:
            self._lane.set_links(one.link for one in links)
        self._links = links
        self._pending = {server.url for server in servers if server.pending}
        for one in links:
            one.start_alarm()
        self._post(EnrolmentChanged(bool(links), all(server.pending for server in servers) if servers else False))
        if self._signed:
            self.open_signed()

    def open_signed(self, _effect: OpenLinks = OpenLinks()) -> Iterable[object]:  # noqa: B008  # a value without state
        """The journal is open: deliver it, and listen."""
        self._signed = True
        journal = self._files.journal
        if journal is not None:
            cursors = self._files.cursors()
            for one in self._links:
                if (pin := journal.pinned(one.link.server)) is not None:
                    self._files.note_acknowledged(pin.n)
                one.start_signed(journal, cursors.get(one.link.server))
        return ()

    def reload(self) -> None:
        """The enrolment changed while the agent runs."""
        with self._reloading:
            known = set(self.servers())
            old, self._links = self._links, []
            for one in old:
                one.stop()
            for one in old:
                one.join(RELOAD_LIMIT)
            if not self._closed:
                self.start()
                if new := tuple(one for one in enrolled_records(self._profile, self._now().wall_ms) if one.server not in known):
                    self._post(Commit(new))

    def servers(self) -> list[bytes]:
        """The ids of the enrolled servers."""
        return [one.link.server for one in self._links]

    def first(self) -> tuple[str, Link, Connection] | None:
        """The first server in use: address, link, and a connection of its own, which the caller closes."""
        for one in self._links:
            return one.url, one.link, Connection(one.link.address, self._tls_of.get(one.url))
        return None

    def errands(self) -> list[tuple[Link, Connection]]:
        """Every server in use with a connection of its own, which the caller closes."""
        return [(one.link, Connection(one.link.address, self._tls_of.get(one.url))) for one in self._links]

    def cursors(self) -> dict[bytes, Cursor]:
        """How far each server's events were heard, for an alarm that is open over a restart.

        None for a lead: a desk that starts anew has to be told every open alarm.
        """
        if self.snapshot is None or self.snapshot().desk is not None:
            return {}
        return {one.link.server: one.cursor for one in self._links if one.cursor is not None}

    def tell_again(self, part: str) -> None:
        """A part was built anew: tell it who we are and how the links stand."""
        self._post(EnrolmentChanged(bool(self._links), False))
        for one in self._links:
            one.tell_again(board=part == "desk")

    def close(self, timeout: float) -> bool:
        """End every way; True when no thread is left."""
        self._closed = True
        with self._reloading:
            for one in self._links:
                one.stop()
            with self._lane_lock:
                self._lane_lock.notify_all()
            end = time.monotonic() + timeout
            ended = [one.join(max(0.0, end - time.monotonic())) for one in self._links]
        return all(ended)

    # --- effects --------------------------------------------------------------------------------------------------

    def carriers(self) -> dict[type[Effect], tuple[str, Any]]:
        """The lane and carrier of each effect that goes out."""
        return {
            SendMove: ("alarm", self._send_move),
            SealPin: ("pin", self._seal_pin),
            SendReceipt: ("desk", self._send_receipt),
            SendDeskAct: ("desk", self._send_act),
            OpenLinks: ("bulk", self.open_signed),
            WakeLinks: ("bulk", self._wake),
            SayGoodbye: ("bulk", self.goodbye),
        }

    def _send_move(self, effect: SendMove) -> Iterable[object]:
        with self._lane_lock:
            self._lane.submit(effect.body, self._now(), effect.done)
            self._lane_lock.notify_all()
        return ()

    def _seal_pin(self, effect: SealPin) -> Iterable[object]:
        """The sealed proof; without a server's seal key random bytes, which leave the take-back unchecked."""
        ids = self._identity.ids
        detail = b""
        for one in self._links:
            try:
                seal = one.link.keys.seal_key(one.link.server_ms(self._now()))
                step = Step(ids.device, ids.stream, effect.alarm, effect.no)
                detail = seal_proof(pin_proof(effect.pin, ids.stream), seal, step)
                break
            except ProtocolError as fault:
                log.warning("no PIN proof for %s: %s", one.url, fault)
        return [PinSealed(effect.alarm, effect.no, detail)]

    def _send_receipt(self, effect: SendReceipt) -> Iterable[object]:
        def make(link: Link, now: Moment) -> Outgoing:
            me = self._identity.me()
            receipt = Receipt(me.device, effect.alarm, effect.no, ReceiptState(effect.state), now.wall_ms)
            body = api.pack_signed(receipt.pack(), sign_receipt(receipt, me.session))
            return self.signed(link, now, api.ROUTE_RECEIPT, body, api.MEDIA_RECEIPT)

        return self._to_all(make)

    def _send_act(self, effect: SendDeskAct) -> Iterable[object]:
        if (found := _desk_message(effect)) is None:
            return ()
        route, body = found

        def make(link: Link, now: Moment) -> Outgoing:
            return self.signed(link, now, route, body, api.MEDIA_JSON)

        return self._to_all(make)

    def _to_all(self, make: MakeRequest) -> Iterable[object]:
        for one in self._links:
            one.send_desk(make)
        return ()

    def _wake(self, _effect: WakeLinks) -> Iterable[object]:
        for one in self._links:
            one.wake()
        return ()

    def goodbye(self, effect: SayGoodbye) -> Iterable[object]:
        """Record the planned exit and give the server a moment to take it, so that silence is no alert."""
        n = self._files.record_exit(effect.cause)
        for one in self._links:
            one.hush(n)
            one.wake()
        self._files.wait_acknowledged(n, GOODBYE_LIMIT if self._links else 0.0)
        return ()

    def woke(self) -> None:
        """The machine slept: every connection begins anew."""
        for one in self._links:
            one.woke()

    # --- wiring ---------------------------------------------------------------------------------------------------

    def _link(self, server: EnrolledServer) -> Link | None:
        try:
            # what was believed at enrolment is believed whatever the clock says now: it must not silence an alarm
            link = Link(parse_address(server.url), kept_keyset(server.keys, server.fingerprint), server.fingerprint)
        except SafeSeatError as fault:
            log.error("the key set of %s cannot be used: %s", server.url, fault)
            return None
        link.keys_changed = lambda wire: self._keep_keys(server.url, wire)
        return link

    def _relay(self, item: object) -> None:
        """What a link brings goes to the actor; that IT has approved this PC is remembered as well."""
        if isinstance(item, ServerKnows) and item.known and item.server in self._pending:
            self._pending.discard(item.server)
            self.remember(item.server, pending=False)
        self._post(item)

    def _keep_keys(self, url: str, wire: bytes) -> None:
        """A newer key set came, signed by the same root: the next start shall know it."""
        self.remember(url, keys=wire)

    def remember(self, url: str, **changed: Any) -> None:
        """Keep what changed about an enrolled server, field by field."""
        with self._file:
            try:
                servers = enrolled_servers(self._profile)
                keep_enrolled(self._profile, [replace(one, **changed) if one.url == url else one for one in servers])
            except (SafeSeatError, OSError) as fault:
                log.error("what changed about %s was not kept: %s", url, fault)

    def _wiring(self, server: EnrolledServer) -> Wiring:
        ca_file = server.ca_file or self._ca_file
        tls = self._tls_of[server.url] = self._tls.setdefault(ca_file, TlsSettings(ca_file, ways=self._ways))
        return Wiring(
            identity=self._identity,
            now=self._now,
            post=self._relay,
            status=self._status,
            connect=lambda link, name: Connection(link.address, tls, for_alarms=name == "alarm"),
            lane=self._lane,
            lane_lock=self._lane_lock,
            acknowledged=self._files.note_acknowledged,
        )

    def _status(self) -> Status:
        """What a heartbeat says: armed, version, faults of parts; nothing about the person."""
        faults = self.snapshot().faults if self.snapshot is not None else ()
        return Status(armed=True, app=__version__, errors={fault[:32]: "fault" for fault in faults[:32]})
