"""Who we are, and one server as we see it: signs requests, believes only signed answers, keeps its clock and key set.

Sans-IO; any thread, because the lanes of one server share a link. Kept free of heavy imports.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

from app.domain.errors import UsageError
from app.domain.moment import Moment
from app.protocol import api
from app.protocol.errors import ProtocolError, StaleError
from app.protocol.httpsig import (
    MEDIA_NOTHING,
    Answer,
    Header,
    Request,
    answer_params,
    authority,
    request_keyid,
    request_signature,
    sign_request,
    verify_answer,
)
from app.protocol.keys import PublicKey, Signer
from app.protocol.keyset import KeySet, newer_keyset, open_keyset

CLOCK_TOLERANCE_S: Final = 2
"""An answer's `created` has whole seconds and was on its way; smaller differences do not move our idea of the clock."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: from a URL of scheme https (or http for loopback and tests), without path."""

    host: str
    port: int
    tls: bool

    @property
    def authority(self) -> str:
        """The name that signatures cover."""
        return authority(self.host, self.port, tls=self.tls)


def parse_address(url: str) -> Address:
    """Return the address in a URL; UsageError for anything but scheme, host and port."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"this is not a server address: {url[:200]!r}") from None
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.path.strip("/") or parts.query:
        raise UsageError(f"a server address looks like https://name:port, not {url[:200]!r}")
    tls = parts.scheme == "https"
    if not tls and host not in ("127.0.0.1", "::1", "localhost"):
        raise UsageError("without TLS a server is taken on this machine only: write https://")
    return Address(f"[{host}]" if ":" in host else host, port or (443 if tls else 80), tls)


@dataclass(frozen=True, slots=True)
class Me:
    """This stream at this start. The callables may be asked by any lane's thread."""

    device: bytes
    stream: bytes
    session: Signer
    vouch: Callable[[int], bytes]
    """V, 106 bytes, good at the given wall time in ms."""
    next_beat: Callable[[], int]
    """A strictly rising number; its upper half was raised durably before the first request of this start."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request ready to be sent; `sig` binds the answer to it, None for an unsigned one."""

    method: str
    target: str
    headers: tuple[Header, ...]
    body: bytes
    sig: bytes | None
    beat: int


@dataclass(frozen=True, slots=True)
class Believed:
    """An answer that one of the server's `answer` keys signed for this very request; `created` in Unix seconds."""

    status: int
    media: str
    body: bytes
    created: int

    def refusal(self) -> api.Refusal:
        """Return the reason of a signed no; one without words for an answer that is not a refusal."""
        try:
            return api.decode_message(self.body, api.Refusal)
        except ProtocolError:
            return api.Refusal(code="none")


class Link:
    """One configured server: its name, id, key set, and how far its clock is from ours. Shared by its lanes."""

    def __init__(self, address: Address, keys: KeySet, fingerprint: bytes) -> None:
        self.address = address
        self.server = keys.server
        self._fingerprint = fingerprint
        self._keys = keys
        self._offset_ms = 0
        self._lock = Lock()
        self.keys_changed: Callable[[bytes], None] | None = None
        """Called with the wire form of a newer key set, so that the agent can keep it."""

    @property
    def keys(self) -> KeySet:
        """The newest key set."""
        with self._lock:
            return self._keys

    @property
    def clock_offset_ms(self) -> int:
        """How far the server's clock is ahead of ours, from signed answers only; for signatures, never for rules."""
        return self._offset_ms

    def server_ms(self, now: Moment) -> int:
        """Return the server's idea of wall time."""
        return now.wall_ms + self._offset_ms

    def sign(
        self,
        me: Me,
        now: Moment,
        tag: str,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        media: str = MEDIA_NOTHING,
        query: str = "",
        beat: int | None = None,
        extra: tuple[Header, ...] = (),
    ) -> Outgoing:
        """Return a signed request; `beat` becomes the nonce, the next one if not given."""
        number = me.next_beat() if beat is None else beat
        headers: tuple[Header, ...] = (("content-type", media), *extra)
        request = Request(method, self.address.authority, path, query, headers, body)
        keyid = request_keyid(me.device, me.stream)
        added = sign_request(
            request, me.session, keyid=keyid, created=self.server_ms(now) // 1000, beat=number, tag=tag
        )
        target = f"{path}?{query}" if query else path
        return Outgoing(method, target, (*headers, *added), body, request_signature(added), number)

    def believe(self, sent: Outgoing, answer: Answer, now: Moment) -> Believed | None:
        """Return the answer if the server signed it for this request, else None: then it is "the network".

        A believed answer to a signed request also sets the clock offset from its `created`; one to an unsigned request
        could be an old one played again, so it tells nothing about time.
        """
        try:
            params = answer_params(answer, sent.sig)
            key = self._answer_key(params.keyid, params.created, now)
            verify_answer(answer, sent.sig, key)
        except ProtocolError:
            return None
        ahead = params.created - self.server_ms(now) // 1000
        if abs(ahead) > CLOCK_TOLERANCE_S and sent.sig is not None:
            self._offset_ms += ahead * 1000
        media = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
        return Believed(answer.status, media, answer.body, params.created)

    def _answer_key(self, keyid: str, created: int, now: Moment) -> PublicKey:
        """The key that is good now by our clock, or, where our clock is the one that is wrong, by the answer's own time.

        Without the second a PC whose clock is days off would never learn the time, because only signed answers tell it.
        """
        try:
            return self.keys.find(keyid, "answer", self.server_ms(now))
        except StaleError:
            return self.keys.find(keyid, "answer", created * 1000)

    def take_keys(self, wire: bytes, now: Moment) -> bool:
        """Take a newer key set signed by the root that this PC was enrolled with; False (and no change) for any other."""
        try:
            with self._lock:
                self._keys = newer_keyset(self._keys, open_keyset(wire, self._fingerprint, self.server_ms(now)))
        except ProtocolError:
            return False
        if self.keys_changed is not None:
            self.keys_changed(wire)
        return True


def vouch_header(me: Me, server_ms: int) -> Header:
    """Return the header that carries V where the body does not hold it."""
    return (api.HEADER_VOUCH, base64.b64encode(me.vouch(server_ms)).decode())
