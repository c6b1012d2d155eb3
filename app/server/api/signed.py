"""Signed requests in, signed answers out (RFC 9421): who is calling, is it new, is it meant for us.

The session key comes with V, which proves itself under the device's machine key; V's that were checked once are
remembered until they are over. Nonces rise per (key id, tag); after a restart they must rise over the stored beats.
"""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass

from starlette.requests import Request

from app.protocol import api, httpsig
from app.protocol.compression import SENT_MAX
from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError
from app.protocol.keys import PublicKey, public_key
from app.protocol.vouch import verify_vouch
from app.server.alerts.core import Core
from app.server.api.errors import RefusedError
from app.server.storage.people import Device

VOUCHES_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request: an active device, one of its streams, the session key, and the signature's parameters."""

    device: Device
    stream: bytes
    key: PublicKey
    params: httpsig.Params


class ClonedError(ReplayedError):
    """A lower beat with a newer time: two copies of one journal are running (protocol, "Journal")."""

    def __init__(self, caller: Caller) -> None:
        super().__init__("the beat went back although the request is newer: this profile may run twice")
        self.caller = caller


class Gate:
    """Verifies requests; remembers vouches and nonces in memory. Event loop's thread only."""

    def __init__(self, core: Core, names: Collection[str], beats: dict[bytes, int]) -> None:
        self._core = core
        self.names = frozenset(names)
        self._beats = beats
        self._nonces: dict[tuple[str, str], tuple[int, int]] = {}
        self._vouches: dict[bytes, tuple[PublicKey, int]] = {}

    def caller(self, request: httpsig.Request, vouch: bytes, tag: str) -> Caller:
        """Return who signed; RefusedError or ProtocolError if it is not one of ours, not for us, not new, or not in time."""
        params = httpsig.request_params(request.headers)
        if params.tag != tag:
            raise ProtocolError("the request's tag does not belong to this route")
        device_id, stream = httpsig.parse_request_keyid(params.keyid)
        device = self._device(device_id, stream)
        key = self._session_key(vouch, device, stream)
        self._verify(request, key)
        httpsig.check_created(params.created, self._core.clock.wall_ms() // 1000)
        caller = Caller(device, stream, key, params)
        self._check_nonce(caller)
        return caller

    def _device(self, device_id: bytes, stream: bytes) -> Device:
        device = self._core.people.devices.get(device_id)
        known = self._core.people.streams.get(stream)
        if device is None or known is None or known.device != device_id:
            raise RefusedError(401, "unknown_device", "This PC or account is not enrolled here.")
        if device.state != "active":
            raise RefusedError(401, device.state, f"This PC is {device.state}.")
        return device

    def _session_key(self, vouch: bytes, device: Device, stream: bytes) -> PublicKey:
        now = self._core.clock.wall_ms()
        name = device.pub + stream + vouch
        known = self._vouches.get(name)
        if known is not None and now < known[1]:
            return known[0]
        if len(self._vouches) >= VOUCHES_MAX:
            self._vouches = {key: held for key, held in self._vouches.items() if now < held[1]}
        found = verify_vouch(vouch, public_key(device.alg, device.pub), device.device, stream, now)
        self._vouches[name] = (found.key, found.not_after)
        return found.key

    def _verify(self, request: httpsig.Request, key: PublicKey) -> None:
        """Whatever Host a proxy made of it: the name that the PC signed must be one of the configured ones."""
        first = [request.authority] if request.authority in self.names else []
        failure: ProtocolError = BadSignatureError("the request is not signed for a name of this server")
        for name in first or sorted(self.names):
            try:
                httpsig.verify_request(_named(request, name), key, self.names)
            except BadSignatureError as error:
                failure = error
                continue
            return
        raise failure

    def _check_nonce(self, caller: Caller) -> None:
        params = caller.params
        nonce = params.nonce or 0
        last, created = self._nonces.get((params.keyid, params.tag), (self._beats.get(caller.stream, 0), 0))
        if nonce <= last:
            if created and params.created > created:
                raise ClonedError(caller)
            raise ReplayedError("the request's nonce did not rise")
        self._nonces[(params.keyid, params.tag)] = (nonce, params.created)


def _named(request: httpsig.Request, name: str) -> httpsig.Request:
    return httpsig.Request(request.method, name, request.path, request.query, request.headers, request.body)


def as_signed(request: Request, body: bytes) -> httpsig.Request:
    """Return what a request signature covers, from the raw scope."""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"])
    return httpsig.Request(
        method=request.method,
        authority=request.headers.get("host", "").lower(),
        path=request.scope["raw_path"].decode("latin-1"),
        query=request.scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


async def read_body(request: Request, limit: int = SENT_MAX) -> bytes:
    """Return the body; RefusedError over `limit` bytes, before it is read whenever the length is told."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > limit:
        raise RefusedError(413, "too_large", f"A body may have {limit} bytes here.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise RefusedError(413, "too_large", f"A body may have {limit} bytes here.")
        parts.append(part)
    return b"".join(parts)


def header_vouch(request: Request) -> bytes:
    """Return V from its header."""
    text = request.headers.get(api.HEADER_VOUCH, "")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError("the vouch header is not base64") from None
