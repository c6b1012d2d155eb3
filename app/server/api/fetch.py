"""GET /v1/keys and /v1/doc/{kind}: the key set, and the newest signed document of a kind for the caller's site."""

from starlette.requests import Request

from app.protocol import api, httpsig
from app.protocol.document import DocKind
from app.server.api.errors import RefusedError
from app.server.api.frontdoor import Answer, Parts, caller_of
from app.server.storage import documents

KINDS = {"policy": DocKind.POLICY, "content": DocKind.CONTENT, "roster": DocKind.ROSTER, "release": DocKind.RELEASE}


async def keys(parts: Parts, _request: Request, _body: bytes) -> Answer:
    """Return the key set in its wire form; it proves itself by the root's signature, so anybody may have it."""
    return Answer(api.MEDIA_KEYS, parts.core.keys.keyset_bytes)


async def document(parts: Parts, request: Request, body: bytes) -> Answer:
    """Return the newest document of the kind in the path."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    kind = KINDS.get(request.path_params["kind"])
    if kind is None:
        raise RefusedError(404, "no_such_document", "There is no such kind of document.")
    site = caller.device.site
    found = await parts.core.stores.main.read(lambda conn: documents.newest(conn, site, int(kind)))
    if found is None:
        raise RefusedError(404, "no_such_document", "No document of this kind was published for this site.")
    return Answer(api.MEDIA_DOC, found)
