"""Fixed keys and ids (those of the protocol's vectors where it has some) and one value of every message and record."""

from collections.abc import Callable
from typing import Any

from app.protocol import api, event, lan, sse
from app.protocol import record_kinds as k
from app.protocol import report_kinds as rk
from app.protocol import reports as r
from app.protocol.alarm import MoveFlag, MoveKind, Receipt, ReceiptState, make_alarm, sign_receipt
from app.protocol.batch import Entry, Status, encode_batch
from app.protocol.chain import Chain, Epoch, beat_of, start
from app.protocol.compression import Packing
from app.protocol.document import DocKind, Document, make_document
from app.protocol.enrol import Token, account_hash, make_request
from app.protocol.keys import Ed25519Signer, P256Signer, public_of, root_fingerprint
from app.protocol.keyset import ALG_SEAL, KeySet, ServerKey, sign_keyset
from app.protocol.pins import Ack, Head, sign_ack, sign_head
from app.protocol.seal import seal_public
from app.protocol.vouch import make_vouch

SERVER, DEVICE, STREAM, EPOCH = b"\xa0" * 16, b"\xd0" * 16, b"\x50" * 16, b"\xe0" * 16
SITE, ALARM, DESK = b"\x51" * 16, b"\xaa" * 16, b"\xde" * 16
SALT = bytes(range(16))
RECORD = b'{"type":"lock.confirmed"}'
MS = 1795478400000
BEAT = beat_of(1, 1)

SESSION = Ed25519Signer(b"\x01" * 32)
ANSWER = Ed25519Signer(b"\x02" * 32)
MACHINE = Ed25519Signer(b"\x03" * 32)
ROOT = Ed25519Signer(b"\x06" * 32)
POLICY = Ed25519Signer(b"\x07" * 32)
CONTENT = Ed25519Signer(b"\x08" * 32)
RELEASE = P256Signer(b"\x09" * 32)
P256 = P256Signer(b"\x0a" * 32)
DESK_SECRET = b"\x04" * 32
SEAL_SECRET = b"\x05" * 32
DETAIL = b"\x11" * 80

FINGERPRINT = root_fingerprint(ROOT.pub33[1:])
LAN_DESK = lan.Desk(DESK, seal_public(DESK_SECRET))
TOKEN = Token(b"\x21" * 8, b"\x22" * 20, FINGERPRINT)

EMPTY = start(Epoch(DEVICE, STREAM, EPOCH))
CHAIN: Chain = EMPTY.append(SALT, RECORD)
HEAD = Head(SERVER, DEVICE, STREAM, EPOCH, 1, CHAIN.h, BEAT, MS)
ACK = Ack(SERVER, 1, DEVICE, STREAM, EPOCH, 1, CHAIN.h, BEAT, MS + 5, 0, bytes(32))
VOUCH = make_vouch(MACHINE, DEVICE, STREAM, public_of(SESSION), MS + 86_400_000)
STATUS = Status(armed=True, app="0.1.0", errors={"journal": "disk.full"})
RECEIPT = Receipt(DESK, ALARM, 1, ReceiptState.DELIVERED, MS)


def alarm_bytes(**changes: Any) -> bytes:
    """Return the 345 bytes of the sample alarm, with other values where given."""
    values: dict[str, Any] = {
        "device": DEVICE,
        "stream": STREAM,
        "alarm": ALARM,
        "no": 1,
        "kind": MoveKind.RAISE,
        "level": 1,
        "flags": MoveFlag.NONE,
        "ms": MS,
        "detail": DETAIL,
    }
    return make_alarm(changes.pop("session", SESSION), changes.pop("vouch", VOUCH), **(values | changes))


def batch_body(packing: Packing) -> bytes:
    """Return the sample batch with one record."""
    entries = [Entry(SALT, RECORD)]
    return encode_batch(HEAD.pack(), sign_head(HEAD, SESSION), VOUCH, STATUS, entries, packing=packing)


def server_key(name: str, signer: Ed25519Signer | P256Signer, use: Any) -> ServerKey:
    """Return a key of the sample key set, valid for a year from the sample's time."""
    return ServerKey(id=name, alg=signer.alg, pub=signer.pub33, use=use, from_ms=MS - 1000, to_ms=MS + 365 * 86_400_000)


KEYSET = KeySet(
    server=SERVER,
    generation=1,
    expires=MS + 399 * 86_400_000,
    keys=(
        server_key("answer-1", ANSWER, "answer"),
        ServerKey(
            id="seal-1",
            alg=ALG_SEAL,
            pub=b"\0" + seal_public(SEAL_SECRET),
            use="seal",
            from_ms=MS - 1000,
            to_ms=MS + 365 * 86_400_000,
        ),
        server_key("policy-1", POLICY, "policy"),
        server_key("content-1", CONTENT, "content"),
        server_key("release-1", RELEASE, "release"),
    ),
)

ENROL_BODY = api.EnrolBody(
    stream=STREAM, account=account_hash(FINGERPRINT, "SITE\\li.wei"), host="PC-0417", os="Windows 11", app="0.1.0"
)
POLICY_DOC = Document(DocKind.POLICY, SITE, 3, MS - 1000, MS + 86_400_000, b'{"lock.idle_after":300}')

_DESK_ALARM: dict[str, Any] = {
    "alarm": ALARM,
    "no": 1,
    "who": "李伟",
    "team": "投诉一组",
    "seat": "B-17",
    "floor": "3",
    "level": 2,
    "drill": False,
    "on_call": True,
    "unverified": False,
    "raised_ms": MS,
    "state": "raised",
}

REPORT = b"\x70" * 16
HAZARD = r.Hazard(number="TH-20261123-0002", kind="fire", level=1, place="3 楼茶水间", state="in_hand", since_ms=MS)
RISK = r.Risk(what="插排过载", likelihood=2, impact=1)
NOTICE = r.Notice(id=b"\x74" * 16, title="消防演练", text="周三下午三点，听到铃声走西侧楼梯。", from_ms=MS, until_ms=MS + 86_400_000)

MESSAGES: tuple[api.Message, ...] = (
    ENROL_BODY,
    api.EnrolAnswer(state="enrolled", server=SERVER, site=SITE, keys=sign_keyset(KEYSET, ROOT), code="ABCD-EFGH-2345"),
    api.Refusal(code="chain.gap", text="records 2 to 4 are missing", retry_s=1, n=1),
    api.AlarmAnswer(alarm=ALARM, no=1, stored=True, listening=3, unverified=False),
    api.Settle(alarm=ALARM, outcome="abuse", note="caller calmed down"),
    api.Say(alarm=ALARM, sentence=2),
    api.RaiseLevel(alarm=ALARM, level=1),
    api.Done(alarm=ALARM, state="taken"),
    api.SeatTrouble(seat="B-18", floor="3", who="王芳", cause="asleep", since_ms=MS),
    HAZARD,
    RISK,
    r.HazardList(hazards=(HAZARD,), risks=(RISK,)),
    NOTICE,
    r.NoticeList(notices=(NOTICE,)),
    r.Read(day="2026-11-23", role="officer", number="TH-20261123-0003"),
    r.ReadList(reads=(r.Read(day="2026-11-23", role="officer", number="TH-20261123-0003"),)),
    r.NoticeRead(notice=NOTICE.id),
    r.SampleSeat(seat="B-18", floor="3"),
    r.Sample(week="2026-W47", seats=(r.SampleSeat(seat="B-18", floor="3"),)),
    r.SuggestionToken(token=b"\x71" * 16, month="2026-11"),
    r.Suggestion(token=b"\x71" * 16, month="2026-11", text="饮水机旁边加一张椅子", receipt=b"\x72" * 32),
    r.SuggestionAsk(code=b"\x73" * 16),
    r.SuggestionReply(state="answered", text="下周就放"),
)
EVENTS: tuple[api.AnyEvent, ...] = (
    api.DeskAlarm(**_DESK_ALARM),
    api.DeskAlarmUpdated(**(_DESK_ALARM | {"state": "taken", "taken_by": "周敏", "also": ("吴刚",), "pressed": 2})),
    api.AlarmSign(
        alarm=ALARM,
        state="delivered",
        sentence=1,
        receipt=RECEIPT.pack(),
        receipt_sig=sign_receipt(RECEIPT, MACHINE),
    ),
    api.Listeners(count=3, fallback="8110"),
    api.DeskCover(
        covered=30,
        listening=3,
        tried_ms=MS,
        trouble=(api.SeatTrouble(seat="B-18", floor="3", who="王芳", cause="killed", since_ms=MS),),
    ),
    api.DocChanged(kind="policy", version=4),
    api.Hello(roles=("lead",), teams=("投诉一组",)),
    r.ReportUpdate(report=REPORT, number="TH-20261123-0003", state="received", due_ms=MS + 1_800_000),
)

RECORDS: tuple[k.Record, ...] = (
    k.LockFailed(ms=MS, method="logind", error="timeout"),
    k.LockDaily(ms=MS, day="2026-11-23", confirmed=9, failed=1),
    k.LockTime(ms=MS, method="logind"),
    k.Gap(ms=MS, reason="disk.full", since_ms=MS - 1, lost=3),
    k.EpochStarted(ms=MS, reason="first", prev_epoch=bytes(16), prev_n=0, prev_h=bytes(32)),
    k.PolicyChanged(ms=MS, source="document", version=3, keys=("lock.idle_after",)),
    k.ExitPlanned(ms=MS, cause="signed_off"),
    k.Enrolled(ms=MS, server=SERVER, site=SITE, account=ENROL_BODY.account, fingerprint=FINGERPRINT),
    k.KeyChanged(ms=MS, what="device", fingerprint=b"\x31" * 32),
    k.Anchor(ms=MS, ack=ACK.pack(), sig=sign_ack(ACK, ANSWER)),
    k.AlarmRaised(ms=MS, alarm=ALARM, level=2, drill=False, on_call=True, late=True),
    k.AlarmLevelRaised(ms=MS, alarm=ALARM, no=2, level=1),
    k.AlarmPressed(ms=MS, alarm=ALARM, no=3),
    k.AlarmTakenBack(ms=MS, alarm=ALARM, no=4),
    k.AlarmSettled(ms=MS, alarm=ALARM),
    rk.ReportSent(
        ms=MS,
        report=REPORT,
        kind="threat",
        hazard=False,
        level=2,
        occurred_ms=MS - 600_000,
        text="客户说要到公司门口等我。",
        place="B-17",
        scope="本人",
        measures="已告知主管",
        suggested="登记号码",
        follow_up="下班由保安陪同",
        photos=(b"\x75" * 32,),
        alarm=ALARM,
        steps=(rk.ReportStep(ms=MS - 500_000, what="warn.1", script="insults"),),
        to="officer",
        named=("吴刚",),
    ),
    rk.ReportNote(ms=MS, report=REPORT, text="当时我不在座位。"),
    rk.CheckDone(
        ms=MS,
        checklist="shift-start",
        items=(rk.CheckItem(id="exits", well=True), rk.CheckItem(id="headset", well=False)),
        facts=(rk.CheckItem(id="disk", well=True),),
        repair=True,
    ),
    rk.QuizDone(ms=MS, quarter="2026Q4", passed=True),
    k.AlarmPending(ms=MS, alarm=ALARM, no=1, message=alarm_bytes()),
    k.AlarmSignChanged(ms=MS, alarm=ALARM, sign="kept"),
    k.LockWarned(ms=MS),
    k.LockWithdrawn(ms=MS),
    k.LockAsked(ms=MS, reason="idle"),
    k.LockConfirmed(ms=MS, method="logind"),
    k.SessionLocked(ms=MS),
    k.SessionUnlocked(ms=MS),
    k.PresenceChanged(ms=MS, present=False, since_ms=MS - 60_000),
    k.ShiftStarted(ms=MS),
    k.ShiftEnded(ms=MS),
    k.ShiftSignedOut(ms=MS),
    k.CallStarted(ms=MS, id="call"),
    k.CallEnded(ms=MS, id="call", seconds=2100, hard=True),
    k.BreakOffered(ms=MS, kind="eyes", seconds=20),
    k.BreakPostponed(ms=MS, kind="rest"),
    k.BreakSkipped(ms=MS, kind="talk"),
    k.BreakStarted(ms=MS, kind="calm"),
    k.BreakCutShort(ms=MS, kind="rest"),
    k.BreakKept(ms=MS, kind="eyes", how="natural"),
    k.ServerDiffers(ms=MS, what="differs", ack=ACK.pack(), sig=sign_ack(ACK, ANSWER), own_n=1, own_h=CHAIN.h),
    k.RetentionRun(ms=MS, rule="local", before_ms=MS - 1, count=12),
)


def event_frame(payload: bytes, event_no: int = 7) -> bytes:
    """Return a signed frame for the sample stream."""
    return event.make_event(ANSWER, payload, server=SERVER, generation=1, recipient=STREAM, event_no=event_no)


FIXED: dict[str, Callable[[], bytes]] = {
    "head": lambda: HEAD.pack() + sign_head(HEAD, SESSION),
    "ack": lambda: api.pack_signed(ACK.pack(), sign_ack(ACK, ANSWER)),
    "vouch": lambda: VOUCH,
    "alarm": alarm_bytes,
    "receipt": lambda: api.pack_signed(RECEIPT.pack(), sign_receipt(RECEIPT, MACHINE)),
    "keyset": lambda: sign_keyset(KEYSET, ROOT),
    "document": lambda: make_document(POLICY_DOC, POLICY),
    "enrolment": lambda: make_request(MACHINE, DEVICE, api.encode_message(ENROL_BODY), token=TOKEN, old=SESSION),
    "event": lambda: event_frame(api.encode_event(EVENTS[3])),
    "stream": lambda: sse.encode(7, event_frame(api.encode_event(EVENTS[3]))) + sse.PING,
    "lan-answer": lambda: lan.make_answer(b"\x41" * 32, 7, lan.LanAnswer(b"\x42" * 16, ALARM, 3, 3, 1, 1, MS)),
    "batch-json": lambda: batch_body(Packing.NONE),
}
"""Wire files that every release must write to the byte: nothing in them is random or up to a compressor."""
