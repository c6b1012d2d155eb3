"""Fetching a signed document from a server: the request, and what its answer brings. Sans-IO."""

from typing import Final

from app.domain.moment import Moment
from app.protocol import api
from app.protocol.httpsig import TAG_OTHER, Answer
from app.sync.link import Link, Me, Outgoing, vouch_header

NONE_PUBLISHED: Final = "no_such_document"


def document_request(link: Link, me: Me, now: Moment, kind: str) -> Outgoing:
    """Return the signed request for the newest document of a kind (policy, content, roster, release)."""
    extra = (vouch_header(me, link.server_ms(now)),)
    return link.sign(me, now, TAG_OTHER, "GET", api.ROUTE_DOC.format(kind=kind), extra=extra)


def document_in(link: Link, sent: Outgoing, answer: Answer, now: Moment) -> bytes | None:
    """Return the document's bytes, empty if none was published, None for every other answer: ask again later.

    Nothing in it is believed yet: the document carries its own signature.
    """
    believed = link.believe(sent, answer, now)
    if believed is None:
        return None
    if believed.status == 200 and believed.media == api.MEDIA_DOC:
        return believed.body
    return b"" if believed.status == 404 and believed.refusal().code == NONE_PUBLISHED else None
