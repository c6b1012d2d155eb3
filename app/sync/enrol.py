"""Enrolment of this PC with one server: the request from a token and the device key, and what the answer proves. Sans-IO."""

from dataclasses import dataclass

from app.domain.moment import Moment
from app.protocol import api
from app.protocol.enrol import (
    MEDIA_ENROL,
    Token,
    comparison_code,
    enrol_message,
    make_request,
    parse_token,
    same_root,
)
from app.protocol.errors import ProtocolError
from app.protocol.httpsig import Answer, answer_params, verify_answer
from app.protocol.keys import Signer, public_of, root_fingerprint
from app.protocol.keyset import KeySet, kept_keyset, open_keyset
from app.sync.errors import EnrolError, NetworkError
from app.sync.link import Outgoing


class RefusedError(EnrolError):
    """The server's own no, with its `code`; whether it is the server's is told by `proved`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """An enrolment request under way; `code` is what the person reads to IT when there is no token."""

    request: Outgoing
    fingerprint: bytes
    code: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the server answered, proved by the root's fingerprint; `pending`: IT still has to compare `code`."""

    server: bytes
    site: bytes
    pending: bool
    keys: KeySet
    keys_wire: bytes
    fingerprint: bytes
    code: str


def ask(
    device_key: Signer,
    device: bytes,
    body: api.EnrolBody,
    *,
    token_text: str | None,
    pinned: bytes | None = None,
    old: Signer | None = None,
) -> Asked:
    """Return the request. The token and IT's `ServerKey` (`pinned`, 20 bytes) must name one root; one of them is needed.

    EnrolError with a sentence for the person when they do not, or when the token is not one.
    """
    try:
        token: Token | None = parse_token(token_text) if token_text is not None else None
        root = same_root(token, pinned)
        if root is None:
            raise EnrolError("an enrolment code, or the server's key set by IT, is needed")
        data = api.encode_message(body)
        sent = make_request(device_key, device, data, token=token or root, old=old)
        message = enrol_message(root, token.id if token else None, device, public_of(device_key), data)
    except ProtocolError as error:
        raise EnrolError(str(error)) from None
    request = Outgoing("POST", api.ROUTE_ENROL, (("content-type", MEDIA_ENROL),), sent, None, 0)
    return Asked(request, root, comparison_code(message))


def take(asked: Asked, answer: Answer, now: Moment) -> Enrolled:
    """Return what the answer proves; its key set is believed only through the fingerprint, its signature through that.

    NetworkError for an answer that proves nothing (try again), EnrolError for a signed no or another server.
    """
    if answer.status != 200:
        raise _refused(answer)
    try:
        said = api.decode_message(answer.body, api.EnrolAnswer)
    except ProtocolError:
        raise NetworkError(f"http.{answer.status}", "the answer to the enrolment is not the server's") from None
    try:
        keys = open_keyset(said.keys, asked.fingerprint, now.wall_ms)
        params = answer_params(answer, None)
        verify_answer(answer, None, keys.find(params.keyid, "answer", now.wall_ms))
    except ProtocolError as error:
        raise EnrolError(f"this is not the server that the enrolment code belongs to: {error}") from None
    if said.server != keys.server:
        raise EnrolError("the server's answer and its key set name different servers")
    if said.state == "pending" and said.code and said.code != asked.code:
        raise EnrolError("the code on the server is not the one of this PC: somebody may be in between")
    return Enrolled(keys.server, said.site, said.state == "pending", keys, said.keys, asked.fingerprint, asked.code)


def _refused(answer: Answer) -> Exception:
    # Without a key set nothing proves a refusal, so it is shown as it is and changes nothing (see `proved`).
    try:
        said = api.decode_message(answer.body, api.Refusal)
    except ProtocolError:
        return NetworkError(f"http.{answer.status}", f"the server answered the enrolment with {answer.status}")
    return RefusedError(said.code, f"the server refused the enrolment: {said.text or said.code}")


def proved(answer: Answer, keys_wire: bytes, fingerprint: bytes, now: Moment) -> bool:
    """Whether the server with this root signed the answer; `keys_wire` is the key set that it shows to everybody."""
    try:
        keys = open_keyset(keys_wire, fingerprint, now.wall_ms)
        verify_answer(answer, None, keys.find(answer_params(answer, None).keyid, "answer", now.wall_ms))
    except ProtocolError:
        return False
    return True


def shown_root(keys_wire: bytes) -> bytes:
    """The fingerprint of the root that signed a key set, for a PC to which IT named none; NetworkError for other bytes.

    It proves nothing: IT compares the characters on both screens, and they are made of this fingerprint too.
    """
    try:
        fingerprint = root_fingerprint(keys_wire[:32])
        kept_keyset(keys_wire, fingerprint)
    except ProtocolError:
        raise NetworkError("keys", "what the server shows is not a key set") from None
    return fingerprint
