"""Random bytes under a good signature: every route answers with a signed no, and the server goes on."""

import secrets
from random import Random

from app.protocol import api, batch, enrol, httpsig, reports
from app.protocol.compression import Packing
from app.server.api.app import ROUTES
from tests.helpers.server_client import Pc
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc
from tests.unit.server.test_pictures import PNG

MEDIA = {
    api.ROUTE_ENROL: enrol.MEDIA_ENROL,
    api.ROUTE_BATCH: batch.media_type(Packing.NONE),
    api.ROUTE_ALARM: api.MEDIA_ALARM,
    api.ROUTE_RECEIPT: api.MEDIA_RECEIPT,
    reports.ROUTE_PHOTO: reports.MEDIA_PHOTO,
}

HARMLESS = (api.ROUTE_ALARM, reports.ROUTE_SUGGESTION_ANSWER)
"""An alarm is never refused, and a wrong code is answered with `unknown`."""


def mangled(random: Random, good: bytes) -> bytes:
    data = bytearray(good)
    for _ in range(random.randint(1, 4)):
        how = random.randrange(4)
        place = random.randrange(len(data) + 1)
        if how == 0 and data:
            data[place % len(data)] ^= 1 << random.randrange(8)
        elif how == 1:
            del data[place:]
        elif how == 2:
            data[place:place] = random.randbytes(random.randrange(9))
        else:
            data = bytearray(random.randbytes(random.randrange(300)))
    return bytes(data)


def goods(pc: Pc) -> dict[str, bytes]:
    receipt = secrets.token_bytes(128)
    settle = api.encode_message(api.Settle(alarm=bytes(16), outcome="mistake"))
    return {
        api.ROUTE_ENROL: secrets.token_bytes(238) + b"{}",
        api.ROUTE_BATCH: b'{"head":"","sig":"","vouch":"","status":{"armed":true,"app":"1"},"entries":[]}',
        api.ROUTE_ALARM: pc.alarm_bytes(bytes(16)),
        api.ROUTE_RECEIPT: receipt,
        api.ROUTE_SETTLE: settle,
        reports.ROUTE_PHOTO: PNG,
        reports.ROUTE_NOTICE_READ: api.encode_message(reports.NoticeRead(notice=bytes(16))),
        reports.ROUTE_SUGGESTION: api.encode_message(
            reports.Suggestion(token=bytes(16), month="2026-11", text="x", receipt=bytes(32))
        ),
        reports.ROUTE_SUGGESTION_ANSWER: api.encode_message(reports.SuggestionAsk(code=bytes(16))),
        api.ROUTE_SAY: api.encode_message(api.Say(alarm=bytes(16), sentence=1)),
    }


def test_no_body_on_any_route_gets_more_than_a_signed_no(make_pc: MakePc, server: ServerThread) -> None:
    pc, random = make_pc(), Random(7)
    good = goods(pc)
    tags = {api.ROUTE_BATCH: httpsig.TAG_SYNC}
    for info in ROUTES:
        for _ in range(25 if info.method == "POST" else 0):
            body = mangled(random, good.get(info.path, b"{}"))
            media = MEDIA.get(info.path, api.MEDIA_JSON)
            reply = pc.signed(info.method, info.path, body, media, tag=tags.get(info.path, httpsig.TAG_OTHER))
            assert 400 <= reply.status < 500 or (info.path in HARMLESS and reply.status == 200), reply
    assert pc.deliver().ack().n == 1
    assert server.core.people.devices[pc.device].state == "active"


def test_garbage_in_the_query_and_the_kind_is_refused(make_pc: MakePc) -> None:
    pc = make_pc()
    for path in ("/v1/poll?after=-1", "/v1/poll?after=99999999999999999999999", "/v1/poll?after=%00", "/v1/doc/..%2fkeys", "/v1/doc/x"):
        assert pc.signed("GET", path, tag=httpsig.TAG_STREAM if "poll" in path else httpsig.TAG_OTHER).status in (400, 404)
