"""RFC 9421 signatures of requests and answers with RFC 9530 digests: one label `sig`, one fixed list of components.

Strict on purpose: both ends are ours, so any other list, order of components, second label, repeated field or
Content-Encoding is refused. Header names are lower-case; values arrive as HTTP/1.1 latin-1 text.
"""

import base64
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError
from app.protocol.keys import ALG_NAMES, SIGNATURE_BYTES, PublicKey, Signer
from app.protocol.wire import U64_MAX, sha256

Header = tuple[str, str]

TAG_SYNC: Final = "safeseat-1-sync"
TAG_STREAM: Final = "safeseat-1-stream"
TAG_OTHER: Final = "safeseat-1-other"
TAG_ANSWER: Final = "safeseat-1-answer"
REQUEST_TAGS = frozenset({TAG_SYNC, TAG_STREAM, TAG_OTHER})
MEDIA_NOTHING = "application/vnd.safeseat.nothing"
"""Content type of a request without a body: the component is covered all the same."""
CREATED_SLACK_S = 300
"""`created` may be this many seconds off (protocol, "HTTP")."""

REQUEST_COMPONENTS = ("@method", "@authority", "@path", "@query", "content-type", "content-digest")
_REQUEST_LIST = "(" + " ".join(f'"{name}"' for name in REQUEST_COMPONENTS) + ")"
_ANSWER_LIST = '"@status" "content-type" "content-digest"'
_ANSWER_REQ = '"signature";req;key="sig"'


@dataclass(frozen=True, slots=True)
class Request:
    """What a request signature covers; `query` is without "?", `authority` as normalised by `authority()`."""

    method: str
    authority: str
    path: str
    query: str
    headers: tuple[Header, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer signature covers."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """The signature's parameters; `created` in Unix seconds, `nonce` is the beat (answers have none)."""

    created: int
    keyid: str
    alg: str
    tag: str
    nonce: int | None = None

    def text(self) -> str:
        """Return them as structured-field parameters, in the one order that we write."""
        nonce = "" if self.nonce is None else f';nonce="{self.nonce:016x}"'
        return f';created={self.created};keyid="{self.keyid}";alg="{self.alg}"{nonce};tag="{self.tag}"'


_KEYID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_NONCE = re.compile(r"[0-9a-f]{16}")
_PARAM = re.compile(r';([a-z]+)=(?:([0-9]{1,12})|"([\x20\x21\x23-\x5b\x5d-\x7e]*)")')
_METHOD = re.compile(r"[A-Z]{1,16}")
_AUTHORITY = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?")
_TARGET = re.compile(r"[\x21\x23-\x7e]*")


def authority(host: str, port: int, *, tls: bool) -> str:
    """Return "@authority" of RFC 9421: lower-case host, port only if it is not the scheme's own."""
    return host.lower() if port == (443 if tls else 80) else f"{host.lower()}:{port}"


def content_digest(body: bytes) -> str:
    """Return the Content-Digest value, sha-256 only (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(sha256(body)).decode()}:"


def request_keyid(device: bytes, stream: bytes) -> str:
    """Return the key id of a stream's session key: both ids in hex; the key itself comes with V."""
    return f"{device.hex()}.{stream.hex()}"


def parse_request_keyid(keyid: str) -> tuple[bytes, bytes]:
    """Return (device, stream) of a request's key id; ProtocolError if it is not one."""
    if not re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{32}", keyid):
        raise ProtocolError("the key id does not name a device and a stream")
    return bytes.fromhex(keyid[:32]), bytes.fromhex(keyid[33:])


def signature_base(components: Iterable[tuple[str, str]], params: str) -> bytes:
    """Return the bytes to sign (RFC 9421, 2.5): components as (identifier, value), then the whole parameter text."""
    lines = [f"{name}: {value}" for name, value in components]
    lines.append(f'"@signature-params": {params}')
    return "\n".join(lines).encode("latin-1")


def sign_request(request: Request, signer: Signer, *, keyid: str, created: int, beat: int, tag: str) -> list[Header]:
    """Return the headers to add: content-digest, signature-input, signature; content-type must be there already.

    `created` in Unix seconds, `beat` becomes the nonce, `tag` is one of TAG_SYNC, TAG_STREAM, TAG_OTHER.
    """
    if tag not in REQUEST_TAGS or not _KEYID.fullmatch(keyid) or not 0 <= beat <= U64_MAX:
        raise ProtocolError("a request needs one of the protocol's tags, a key id and a beat")
    digest = content_digest(request.body)
    text = _REQUEST_LIST + Params(created, keyid, ALG_NAMES[signer.alg], tag, beat).text()
    base = signature_base(_request_components(request, _fields(request.headers), digest), text)
    return _signed(digest, text, signer.sign(base))


def request_params(headers: Iterable[Header]) -> Params:
    """Return a request's parameters, unverified: only to find the key. ProtocolError unless exactly one, label `sig`."""
    return _request_params(_fields(headers))


def _request_params(fields: dict[str, str]) -> Params:
    params = _parse(_one(fields, "signature-input"), _REQUEST_LIST)
    if params.tag not in REQUEST_TAGS or params.nonce is None:
        raise ProtocolError("the request's signature has no tag or nonce of this protocol")
    return params


def is_signed(headers: Iterable[Header]) -> bool:
    """Say whether there is a signature at all, whatever it is worth (the alarm route takes requests without)."""
    return any(name.lower() in ("signature", "signature-input") for name, _ in headers)


def verify_request(request: Request, key: PublicKey, names: Collection[str]) -> Params:
    """Return the parameters if `key` signed this request, body included, and "@authority" is a configured name.

    Raises BadSignatureError or ProtocolError. Time and replay are asked separately: `check_created`, `check_nonce`.
    """
    fields = _fields(request.headers)
    params = _request_params(fields)
    if request.authority not in names:
        raise ProtocolError("the request is addressed to a name that is not configured here")
    digest = _checked_digest(fields, request.body)
    if params.alg != ALG_NAMES[key.alg]:
        raise BadSignatureError("the signature names another algorithm than the registered key's")
    base = signature_base(_request_components(request, fields, digest), _REQUEST_LIST + params.text())
    key.verify(_signature(fields), base)
    return params


def check_created(created: int, now: int) -> None:
    """Raise StaleError unless `created` is within 300 s of `now` (both Unix seconds)."""
    if abs(created - now) > CREATED_SLACK_S:
        raise StaleError(f"the signature's time is {abs(created - now)} s off")


def check_nonce(params: Params, last: int | None) -> int:
    """Return the nonce to keep for (keyid, tag) if it is above `last`; ReplayedError otherwise."""
    if params.nonce is None:
        raise ProtocolError("the signature has no nonce")
    if last is not None and params.nonce <= last:
        raise ReplayedError("the request's nonce did not rise")
    return params.nonce


def request_signature(headers: Iterable[Header]) -> bytes | None:
    """Return the request's one signature to bind the answer to, or None; ProtocolError if it is malformed."""
    fields = _fields(headers)
    return _signature(fields) if "signature" in fields else None


def sign_answer(answer: Answer, request_sig: bytes | None, signer: Signer, *, keyid: str, created: int) -> list[Header]:
    """Return the headers to add to an answer; `request_sig` is None only if the request carried no signature."""
    if not _KEYID.fullmatch(keyid):
        raise ProtocolError("this is not a key id")
    digest = content_digest(answer.body)
    text = _answer_list(request_sig) + Params(created, keyid, ALG_NAMES[signer.alg], TAG_ANSWER).text()
    base = signature_base(_answer_components(answer, digest, request_sig), text)
    return _signed(digest, text, signer.sign(base))


def answer_params(answer: Answer, request_sig: bytes | None) -> Params:
    """Return an answer's parameters, unverified: only to find the `answer` key in the key set."""
    params = _parse(_one(_fields(answer.headers), "signature-input"), _answer_list(request_sig))
    if params.tag != TAG_ANSWER or params.nonce is not None:
        raise ProtocolError("this is not the signature of an answer")
    return params


def verify_answer(answer: Answer, request_sig: bytes | None, key: PublicKey) -> Params:
    """Return the parameters if `key` signed this answer to the request with that signature.

    Only a signed answer changes anything; whatever this raises, the caller treats the answer as "the network".
    """
    params = answer_params(answer, request_sig)
    fields = _fields(answer.headers)
    digest = _checked_digest(fields, answer.body)
    if params.alg != ALG_NAMES[key.alg]:
        raise BadSignatureError("the signature names another algorithm than the registered key's")
    base = signature_base(_answer_components(answer, digest, request_sig), _answer_list(request_sig) + params.text())
    key.verify(_signature(fields), base)
    return params


def _answer_list(request_sig: bytes | None) -> str:
    return f"({_ANSWER_LIST})" if request_sig is None else f"({_ANSWER_LIST} {_ANSWER_REQ})"


def _request_components(request: Request, fields: dict[str, str], digest: str) -> list[tuple[str, str]]:
    if not (
        _METHOD.fullmatch(request.method)
        and _AUTHORITY.fullmatch(request.authority)
        and request.path.startswith("/")
        and _TARGET.fullmatch(request.path)
        and _TARGET.fullmatch(request.query)
    ):
        raise ProtocolError("the request's method, name, path or query is not of this protocol")
    values = (
        request.method,
        request.authority,
        request.path,
        "?" + request.query,
        _one(fields, "content-type"),
        digest,
    )
    return [(f'"{name}"', value) for name, value in zip(REQUEST_COMPONENTS, values, strict=True)]


def _answer_components(answer: Answer, digest: str, request_sig: bytes | None) -> list[tuple[str, str]]:
    media = _one(_fields(answer.headers), "content-type")
    found = [('"@status"', str(answer.status)), ('"content-type"', media), ('"content-digest"', digest)]
    if request_sig is not None:
        found.append((_ANSWER_REQ, f":{base64.b64encode(request_sig).decode()}:"))
    return found


def _signed(digest: str, text: str, sig: bytes) -> list[Header]:
    return [
        ("content-digest", digest),
        ("signature-input", f"sig={text}"),
        ("signature", f"sig=:{base64.b64encode(sig).decode()}:"),
    ]


_FIELDS = ("content-type", "content-digest", "content-encoding", "signature-input", "signature")


def _fields(headers: Iterable[Header]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in headers:
        low = name.lower()
        if low not in _FIELDS:
            continue
        if low in fields:
            raise ProtocolError(f"the header {low} stands there twice")
        if not value.isascii() or not value.isprintable():
            raise ProtocolError(f"the header {low} has unprintable characters")
        fields[low] = value.strip(" ")
    if "content-encoding" in fields:
        raise ProtocolError("Content-Encoding is refused: the media type says how a body is packed")
    return fields


def _one(fields: dict[str, str], name: str) -> str:
    try:
        return fields[name]
    except KeyError:
        raise ProtocolError(f"the header {name} is missing") from None


def _checked_digest(fields: dict[str, str], body: bytes) -> str:
    digest = content_digest(body)
    if _one(fields, "content-digest") != digest:
        raise BadSignatureError("the body does not fit its digest")
    return digest


def _signature(fields: dict[str, str]) -> bytes:
    value = _one(fields, "signature")
    found = re.fullmatch(r"sig=:([A-Za-z0-9+/]{86}==):", value)
    if not found:
        raise ProtocolError("there must be exactly one signature, labelled sig, of 64 bytes")
    sig = base64.b64decode(found[1])
    if len(sig) != SIGNATURE_BYTES or base64.b64encode(sig).decode() != found[1]:
        raise ProtocolError("the signature's base64 is not in its one form")
    return sig


def _parse(value: str, components: str) -> Params:
    head = f"sig={components}"
    if not value.startswith(head):
        raise ProtocolError("the signature must be labelled sig and cover exactly the protocol's components")
    found: dict[str, str] = {}
    at = len(head)
    while at < len(value):
        part = _PARAM.match(value, at)
        if not part or part[1] in found or (part[2] is None) == (part[1] == "created"):
            raise ProtocolError("the signature's parameters are malformed")
        found[part[1]] = part[3] if part[2] is None else part[2]
        at = part.end()
    if not {"created", "keyid", "alg", "tag"} <= found.keys() <= {"created", "keyid", "alg", "tag", "nonce"}:
        raise ProtocolError("the signature must have created, keyid, alg, nonce and tag, and nothing else")
    nonce = found.get("nonce")
    if not _KEYID.fullmatch(found["keyid"]) or (nonce is not None and not _NONCE.fullmatch(nonce)):
        raise ProtocolError("the signature's key id or nonce is malformed")
    number = None if nonce is None else int(nonce, 16)
    params = Params(int(found["created"]), found["keyid"], found["alg"], found["tag"], number)
    if value != head + params.text():
        raise ProtocolError("the signature's parameters are not in the protocol's order and form")
    return params
