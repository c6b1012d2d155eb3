"""Every byte sent: a scripted day over TLS, taken apart at the server's side; each field found is one of the privacy table."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.agent import commands
from app.agent.identity import own_ids
from app.agent.parts import site
from app.agent.reports import FIELDS
from app.agent.snapshot import Snapshot
from app.protocol import api, reports
from app.protocol.vouch import parse_vouch
from app.protocol.wire import sha256
from app.server.api.app import ROUTES
from app.server.incidents import openlists
from tests.helpers.agent import LIMIT, Pc, enrol, machine, running
from tests.helpers.everybyte import LEADS_ALONE, UNSIGNED, Wiretap, forms, undeclared
from tests.helpers.server_thread import ServerThread
from tests.integration.agent.test_own_network import acting
from tests.integration.agent.test_site_packs import OWN as PACK
from tests.integration.agent.test_site_packs import Office
from tests.unit.content.samples import content
from tests.unit.server.test_pictures import JPEG, segment

OWN = ("I-felt-awful", "customer-A-7", "shop-guide")
"""What the day puts into moods, calls and script use: none of it may be in a single byte."""
PIN = "482913"
HOUR = 3_600_000
REPORT, TEXT = b"\x5a" * 16, FIELDS.index("text")
ID, CARD, PHONE = "11010519491231002X", "6222021738590462135", "13812345678"
LOWEST = 8
"""So many digits in a row of a customer's number are searched for; shorter runs also stand in time stamps."""
PERSON, SEAT = "林小雨", "seat-A-1"


def delivered(now: Snapshot) -> bool:
    """Whether the page on what leaves shows the last record of the day, and a server holds it."""
    entries = now.pages.leaves.entries if now.pages.leaves else ()
    return now.sync.waiting == 0 and any(one.kind == "quiz.done" for one in entries)


def the_day(pc: Pc) -> None:
    """Calls, a break, a mood, a mark, a lock, help and its end."""
    post = pc.agent.post
    pc.seen.until(lambda now: now.sync.connected and now.help.listeners is not None, "the connection")
    post(commands.OpenPage("day"))
    pc.seen.until(lambda now: now.pages.day and now.pages.day.readable, "the day")
    post(commands.NoteMood(1, OWN[0]))
    post(commands.Call("start", OWN[1]))
    pc.seen.until(lambda now: now.seat.on_call and now.pages.day and now.pages.day.moods, "the call and the mood")
    post(commands.FillScript("name", OWN[2]))
    post(commands.MarkMoment())
    pc.seen.until(lambda now: now.guide.marks, "the mark")
    post(commands.RaiseAlarm(pc.machine.now().boot))
    pc.seen.until(lambda now: now.help.open and now.help.sign.value != "none", "help")
    post(commands.TakeBack(PIN))
    pc.seen.until(lambda now: not now.help.open, "the take-back")
    post(commands.Call("hard", OWN[1]))
    pc.seen.until(lambda now: not now.seat.on_call, "the end of the call")
    post(commands.TakeBreak("eyes"))
    pc.seen.until(lambda now: now.seat.running, "the break")
    post(commands.OpenPage("checks"))
    pc.seen.until(lambda now: now.pages.checks.facts, "the facts")
    post(commands.FinishCheck("shift-start", (("screen", False), ("disk", True)), repair=True))
    post(commands.FinishQuiz(pc.agent.snapshot.pages.training.quarter, 3, 10))
    pc.seen.until(lambda now: now.pages.checks.done and now.pages.training.right == 3, "the check and the quiz")
    post(commands.OpenPage("leaves"))
    post(commands.LockNow())
    pc.seen.until(lambda now: now.seat.locked, "the lock")
    pc.seen.until(delivered, "everything to be delivered")


def test_each_byte_of_a_day_belongs_to_a_declared_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tap = Wiretap()
    tap.attach(monkeypatch)
    folder, here = tmp_path / "server", machine()
    folder.mkdir()
    server = ServerThread(folder, tls=True)
    try:
        enrol(server, tmp_path / "pc", here, "林小雨")
        with running(tmp_path / "pc", here) as pc:
            the_day(pc)
    finally:
        server.stop()
    found, opened = tap.found(server.keys.fingerprint)
    assert not undeclared(found), f"these fields left this PC and stand in no row: {sorted(undeclared(found))}"
    seen = {row for row, _ in found}
    assert seen >= {
        "request", "enrolment", "message.enrol_body", "heartbeat", "alarm.move", "epoch", "alarm.raised", "check.done", "quiz.done",
        "exit.planned",
    }  # fmt: skip
    for words in (tap.everything(), opened):
        assert not [word for word in (*OWN, PIN, "presence", "break.", "call.") if word.encode() in words]
    assert len(tap.everything()) > 5000, "a day was recorded, not a greeting"


@dataclass(slots=True)
class Site:
    """What the day of words needs of its site: the server and its wiretap, who publishes packs, a notice that holds."""

    server: ServerThread
    tap: Wiretap
    office: Office
    notice: bytes


def opened_site(folder: Path, tap: Wiretap) -> Site:
    """A server over TLS with an officer whose notice holds."""
    folder.mkdir()
    server = ServerThread(folder, tls=True)
    try:
        enrol(server, folder.parent / "officer", machine(), "安全员", role="officer", seat="O-1")
        now = time.time_ns() // 1_000_000
        notice = acting(server, lambda at: openlists.add_notice(at, "演练", "周三下午三点", now - HOUR, now + HOUR))
        return Site(server, tap, Office(server), bytes.fromhex(notice))
    except BaseException:
        server.stop()
        raise


def a_report(pc: Pc) -> None:
    """A draft with a customer's number typed digit by digit, a photo, Send, a note with another number."""
    post, text = pc.agent.post, "他要我记下身份证 "
    pc.seen.until(lambda now: now.sync.connected and now.reports.loaded, "the connection and the files")
    said = {"place": "北门", "measures": "已经挂断", "suggested": "装个门铃", "scope": "前台", "follow_up": "回访"}

    def edit(number: int, active: int) -> None:
        fields = tuple(text if name == "text" else said.get(name, "") for name in FIELDS)
        steps = ((pc.machine.now().wall_ms, "mark", ""),)
        made = commands.EditReport(REPORT, number, fields, kind="fire", hazard=True, level=2, steps=steps)
        post(replace(made, active=active, cursor=len(text)))

    for digit in ID:
        text += digit
        edit(len(text), TEXT)
    text += "，然后挂断"
    edit(99, -1)
    shown = pc.seen.until(lambda now: any(one.edit == 99 and one.saved for one in now.reports.drafts), "the draft")
    assert "[身份证 …" in shown.reports.drafts[0].fields[TEXT]
    post(commands.AddPhoto(REPORT, JPEG))
    pc.seen.until(lambda now: now.reports.drafts[0].photos, "the photo to be kept")
    post(commands.SendReport(REPORT))
    pc.seen.until(lambda now: now.reports.sent and now.reports.sent[0].state == "received", "the number")
    post(commands.NoteReport(REPORT, f"他又打来，号码 {PHONE}"))
    pc.seen.until(lambda now: now.reports.sent[0].notes == 1, "the note")


def lists_and_pack(pc: Pc, at: Site) -> None:
    """The open hazards, a notice read, who read one's reports, the site's own pack."""
    post = pc.agent.post
    post(commands.AskHazards())
    pc.seen.until(lambda now: now.site.hazards, "the open hazards")
    post(commands.OpenPage("training"))
    pc.seen.until(lambda now: now.pages.training.notices, "the notice")
    post(commands.ReadNotice(at.notice))
    post(commands.OpenPage("leaves"))
    pc.seen.until(lambda now: now.pages.leaves and now.pages.leaves.readers_state == "told", "the readers")
    at.office.publish(content(PACK))
    pc.seen.until(lambda now: now.content.version == 1, "the pack")


def a_suggestion(pc: Pc, tap: Wiretap) -> None:
    """Write one with a number in it, wait until the server has it, ask for its answer by the code."""
    pc.agent.post(commands.Suggest(f"多放两台饮水机，回执寄到卡号 {CARD}"))
    code = pc.seen.until(lambda now: now.site.code and now.site.suggestion == "kept", "the code").site.code
    tap.await_request(reports.ROUTE_SUGGESTION)
    end = time.monotonic() + LIMIT
    while pc.agent.snapshot.site.reply_state != "waiting":
        assert time.monotonic() < end, f"the server never had the suggestion: {pc.agent.snapshot.site}"
        pc.agent.post(commands.AskAnswer(code))
        time.sleep(0.2)  # poll: whether the server has stored it is only known by asking


def day_of_words(folder: Path, tap: Wiretap) -> tuple[bytes, tuple[bytes, bytes]]:
    """All of that on one PC; the server root's fingerprint, and the ids of device and stream."""
    at, here = opened_site(folder / "server", tap), machine()
    try:
        enrol(at.server, folder / "pc", here, PERSON, seat=SEAT)
        with running(folder / "pc", here) as pc:
            a_report(pc)
            lists_and_pack(pc, at)
            a_suggestion(pc, tap)
            for route in (reports.ROUTE_PHOTO, reports.ROUTE_NOTICE_READ):
                tap.await_request(route)
            pc.seen.until(lambda now: now.sync.waiting == 0, "everything to be delivered")
            ids = own_ids(pc.agent.profile)
        return at.server.keys.fingerprint, (ids.device, ids.stream)
    finally:
        at.server.stop()


def test_words_reports_and_suggestions_send_declared_fields_and_no_number_of_a_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tap = Wiretap()
    tap.attach(monkeypatch)
    for shortened in ("TOKEN_FIRST", "SHORTEST_MS", "LONGEST_MS"):  # the hours for which a suggestion waits
        monkeypatch.setattr(site, shortened, 0)
    root, ids = day_of_words(tmp_path, tap)
    values = tap.values(root)
    assert not undeclared(values), f"these fields left this PC and stand in no row: {sorted(undeclared(values))}"
    whole = {"incident.reported", "report.note", "photo", "message.notice_read", "message.suggestion", "message.suggestion_ask"}
    assert {row for row, _ in values} >= whole
    asked = {value for name, value in vars(reports).items() if name.startswith("ROUTE_")} - LEADS_ALONE
    assert tap.routes() >= asked | {api.ROUTE_DOC.format(kind="content")}, "the day went every route of reports"
    everything = (tap.everything(), *(one for found in values.values() for one in found))
    windows = {one[at : at + LOWEST].encode() for one in (ID, CARD, PHONE) for at in range(len(one) - LOWEST + 1)}
    assert not [part for part in windows if any(part in one for one in everything)]
    for masked in ("[身份证 …", "[电话 …", "[银行卡 …"):
        assert any(masked.encode() in one for one in everything), f"{masked} was sent, so the search looked at the text"
    assert_unlinked(tap, values, ids)


def assert_unlinked(tap: Wiretap, values: dict[tuple[str, str], list[bytes]], ids: tuple[bytes, bytes]) -> None:
    """The suggestion's connections carry nothing that any other connection carried about this PC."""
    alone = tap.connections(*UNSIGNED)
    assert len(alone) >= 2, "the suggestion and its question, each on a connection of its own"
    vouches = [parse_vouch(one) for one in values["request", "vouch"] if len(one) == 106]
    secrets = {*ids, *(one.pub33 for one in vouches), *(one.pub33[1:] for one in vouches), *(one.sig for one in vouches), sha256(JPEG), REPORT}
    known = {form for one in secrets for form in forms(one)} | {PERSON.encode(), SEAT.encode()}
    for stream in alone:
        assert not [one for one in known if one in stream]
        head = stream.partition(b"\r\n\r\n")[0].lower()
        assert not [word for word in (b"signature", b"vouch", b"cookie", b"authorization", b"safeseat-", b"user-agent") if word in head], head
    others = tap.everything()
    for one in (*ids, vouches[0].pub33):
        assert any(form in others for form in forms(one)), "the search would have found it"


def test_what_only_a_leads_pc_asks_is_declared_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tap, here = Wiretap(), machine()
    tap.attach(monkeypatch)
    (tmp_path / "server").mkdir()
    server = ServerThread(tmp_path / "server", tls=True)
    try:
        enrol(server, tmp_path / "lead", here, "李主管", role="lead", seat="L-1")
        with running(tmp_path / "lead", here, lead=True) as pc:
            pc.seen.until(lambda now: now.sync.connected and now.desk is not None, "the desk")
            pc.agent.post(commands.OpenPage("checks"))
            for route in {api.ROUTE_BATCH} | (LEADS_ALONE & {one.path for one in ROUTES}):
                tap.await_request(route)
    finally:
        server.stop()
    found, _ = tap.found(server.keys.fingerprint)
    assert {row for row, _ in found} >= {"request", "enrolment", "heartbeat"}
    assert not undeclared(found), f"these fields left this PC and stand in no row: {sorted(undeclared(found))}"


HEAD = b"Host: a\r\nContent-Type: " + api.MEDIA_JSON.encode() + b"\r\n"


def post(route: str, body: bytes, head: bytes = HEAD) -> bytes:
    """A request as it comes out of TLS."""
    return b"POST %b HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (route.encode(), head, len(body), body)


SUGGESTION = api.encode_message(reports.Suggestion(token=bytes(16), month="2026-11", text="多放两台饮水机", receipt=bytes(32)))
READ = api.encode_message(reports.NoticeRead(notice=bytes(16)))
PHOTO_HEAD = HEAD.replace(api.MEDIA_JSON.encode(), reports.MEDIA_PHOTO.encode())


def test_what_is_declared_passes_alone_and_with_nothing_else() -> None:
    tap = Wiretap({0: bytearray(post(reports.ROUTE_SUGGESTION, SUGGESTION))})
    found, _ = tap.found(bytes(20))
    assert found == {("message.suggestion", name) for name in ("token", "month", "text", "receipt")}
    read, _ = Wiretap({0: bytearray(post(reports.ROUTE_NOTICE_READ, READ))}).found(bytes(20))
    assert read == {("message.notice_read", "notice")}
    assert undeclared(found) == set()
    assert undeclared({*found, ("message.suggestion", "device"), ("mood", "line")}) == {("message.suggestion", "device"), ("mood", "line")}


@pytest.mark.parametrize(("sent", "says"), [
    (b"GET /v1/keys HTTP/1.1\r\nHost: a\r\nX-Mood: 3\r\n\r\n", "undeclared header: x-mood"),
    (b"GET /v1/keys?mood=3 HTTP/1.1\r\nHost: a\r\n\r\n", "mood=3"),
    (b"GET /v1/stream?mood=3 HTTP/1.1\r\nHost: a\r\n\r\n", "mood=3"),
    (b"GET /v1/moods HTTP/1.1\r\nHost: a\r\n\r\n", "takes apart: /v1/moods"),
    (b"mood 3", "no request"),
    (post("/v1/mood", b'{"mood":3}'), "takes apart: /v1/mood"),
    (post(reports.ROUTE_SUGGESTION, SUGGESTION[:-1] + b',"device":"aa"}'), "device"),
    (post(reports.ROUTE_SUGGESTION, SUGGESTION, HEAD + b"Signature: sig=:aa:\r\n"), "more than itself: .'signature'"),
    (post(reports.ROUTE_SUGGESTION, SUGGESTION, HEAD + b"Cookie: a=b\r\n"), "more than itself: .'cookie'"),
    (post(reports.ROUTE_SUGGESTION, SUGGESTION) * 2, "shares its connection"),
    (post(reports.ROUTE_NOTICE_READ, READ[:-1] + b',"person":"a"}'), "person"),
    (post(reports.ROUTE_PHOTO, JPEG[:2] + segment(0xE1, b"Exif\0\0GPS") + JPEG[2:], PHOTO_HEAD), "data of its own"),
    (post(reports.ROUTE_PHOTO, JPEG, HEAD), "message"),
])  # fmt: skip
def test_the_check_finds_what_is_not_declared(sent: bytes, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        Wiretap({0: bytearray(sent)}).found(bytes(20))
