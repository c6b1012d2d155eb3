"""Fetching a document: what is asked, and that only a signed answer says that there is one, or none."""

import pytest

from app.protocol import api
from app.protocol.httpsig import Answer
from app.sync.documents import NONE_PUBLISHED, document_in, document_request
from app.sync.link import Outgoing
from tests.helpers.journal import START
from tests.helpers.sync import STRANGER, make_link, make_me, refusal, signed, unsigned

LINK = make_link()


def asked() -> Outgoing:
    return document_request(LINK, make_me(), START, "content")


def test_the_request_names_the_kind_and_carries_the_vouch() -> None:
    sent = asked()
    assert (sent.method, sent.target, sent.body) == ("GET", "/v1/doc/content", b"")
    assert api.HEADER_VOUCH in dict(sent.headers)


def found(answer: Answer, sent: Outgoing) -> bytes | None:
    return document_in(LINK, sent, answer, START)


def test_a_signed_document_is_handed_on_and_a_signed_no_means_that_there_is_none() -> None:
    sent = asked()
    assert found(signed(sent, 200, b"the pack", media=api.MEDIA_DOC), sent) == b"the pack"
    assert found(signed(sent, 404, refusal(NONE_PUBLISHED)), sent) == b""


@pytest.mark.parametrize("status", [200, 404])
def test_what_nobody_signed_or_a_stranger_did_is_the_network(status: int) -> None:
    sent = asked()
    assert found(unsigned(status, b"the pack"), sent) is None
    assert found(signed(sent, status, refusal(NONE_PUBLISHED), media=api.MEDIA_DOC, signer=STRANGER), sent) is None


def test_every_other_signed_answer_is_asked_again_later() -> None:
    sent = asked()
    assert found(signed(sent, 200, b"{}"), sent) is None
    assert found(signed(sent, 404, refusal("no_such_route")), sent) is None
    assert found(signed(sent, 401, refusal("pending")), sent) is None
