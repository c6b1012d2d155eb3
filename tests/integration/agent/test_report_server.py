"""Reports, photos, hazards and suggestions of a running agent at the real server."""

import base64
import json
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from app.agent.commands import AddPhoto, AskHazards, EditReport, NoteReport, SendReport
from app.agent.events.reports import (
    AnswerHeard,
    FetchAnswer,
    FetchToken,
    PhotoSent,
    SendPhoto,
    SendSuggestion,
    SuggestionSent,
    TokenHeard,
)
from app.agent.identity import own_ids
from app.agent.reportfiles import ReportFiles
from app.agent.reportnet import ReportNetwork
from app.agent.reports import FIELDS
from app.protocol.reports import receipt_of
from app.protocol.wire import sha256
from app.sync.http import Connection
from app.sync.link import Address, Link
from tests.helpers.agent import LIMIT, Pc, enrol, machine, running
from tests.helpers.faults import Peer, faults, http
from tests.helpers.server_thread import ServerThread
from tests.unit.server.test_pictures import JPEG

T = TypeVar("T")
REPORT, CODE = b"\x5a" * 16, b"\xc0" * 16


def written(pc: Pc, **more: object) -> None:
    said = {"text": "北门的灭火器过期了", "place": "北门"}
    fields = tuple(said.get(name, "") for name in FIELDS)
    pc.seen.until(lambda shown: shown.reports.loaded, "the files")
    pc.agent.post(EditReport(REPORT, 1, fields, kind="fire", level=1, hazard=True))
    pc.seen.until(lambda shown: shown.reports.drafts and shown.reports.drafts[0].saved, "the draft")


def one_of(answers: Iterable[object], kind: type[T]) -> T:
    """The one answer of a lane."""
    (found,) = answers
    assert isinstance(found, kind)
    return found


def test_a_report_gets_its_number_its_photo_follows_and_the_hazard_is_open_to_everybody(
    server: ServerThread, tmp_path: Path
) -> None:
    on = machine()
    enrol(server, tmp_path, on, "王坐席")
    with running(tmp_path, on) as pc:
        written(pc)
        pc.agent.post(AddPhoto(REPORT, JPEG))
        pc.seen.until(lambda shown: shown.reports.drafts[0].photos == (sha256(JPEG),), "the photo to be kept")
        pc.agent.post(SendReport(REPORT))
        shown = pc.seen.until(lambda shown: shown.reports.sent and shown.reports.sent[0].state == "received", "the number")
        assert not shown.reports.sent[0].number.startswith("LOCAL")
        files, end = ReportFiles(pc.agent._files), time.monotonic() + LIMIT
        while files.photo(sha256(JPEG)) is not None:
            assert time.monotonic() < end, "the photo is dropped once the server holds it"
            time.sleep(0.05)  # poll: an upload shows nothing of itself
        pc.agent.post(AskHazards())
        lists = pc.seen.until(lambda shown: shown.site.hazards, "the open hazards").site
        assert (lists.hazards[0].place, lists.hazards[0].kind, lists.hazards[0].number) == ("北门", "fire", shown.reports.sent[0].number)
        pc.agent.post(NoteReport(REPORT, "已经贴了告示"))
        pc.seen.until(lambda shown: shown.reports.sent[0].notes == 1, "the note")


def test_offline_a_report_waits_in_the_journal_and_gets_its_number_later(server: ServerThread, tmp_path: Path) -> None:
    on = machine()
    with running(tmp_path, on) as pc:
        written(pc)
        pc.agent.post(SendReport(REPORT))
        shown = pc.seen.until(lambda shown: shown.reports.sent, "the report to be sent")
        assert (shown.reports.sent[0].number[:6], shown.reports.sent[0].state) == ("LOCAL-", "sent")
    enrol(server, tmp_path, on, "王坐席")
    with running(tmp_path, on) as pc:
        shown = pc.seen.until(lambda shown: shown.reports.sent and shown.reports.sent[0].state == "received", "the number")
        assert not shown.reports.sent[0].number.startswith("LOCAL")


def test_a_suggestion_goes_unsigned_and_its_answer_waits_under_the_code(server: ServerThread, tmp_path: Path) -> None:
    on = machine()
    enrol(server, tmp_path, on, "王坐席")
    with running(tmp_path, on) as pc:
        pc.seen.until(lambda shown: shown.sync.connected, "the server")
        net = ReportNetwork(pc.agent._network, ReportFiles(pc.agent._files))
        held = one_of(net.token(FetchToken()), TokenHeard)
        assert held.token
        send = SendSuggestion("多放两台饮水机", receipt_of(CODE), held.token, held.month)
        assert one_of(net.suggest(send), SuggestionSent).outcome == "sent"
        assert one_of(net.answer(FetchAnswer(CODE)), AnswerHeard).state == "waiting"
        assert one_of(net.answer(FetchAnswer(b"\1" * 16)), AnswerHeard).state == "unknown"
        wrong = SendSuggestion("x", receipt_of(CODE), b"\0" * 16, held.month)
        assert one_of(net.suggest(wrong), SuggestionSent).outcome == "token"
        assert one_of(net.photo(SendPhoto(b"\0" * 32)), PhotoSent).done, "what is gone needs nothing"


class Elsewhere:
    """The network of a PC whose questions go to a listener."""

    def __init__(self, pc: Pc, port: int) -> None:
        (self._link, unused), *_ = pc.agent._network.errands()
        unused.close()
        self._port = port
        self.now, self.signed = pc.agent._network.now, pc.agent._network.signed

    def errands(self) -> list[tuple[Link, Connection]]:
        return [(self._link, Connection(Address("127.0.0.1", self._port, tls=False)))]


def test_the_bytes_of_a_suggestion_say_nothing_of_who_sent_it(server: ServerThread, tmp_path: Path) -> None:
    heard: list[tuple[str, bytes]] = []

    def listen(peer: Peer) -> None:
        heard.append(peer.request())
        peer.send(http(200, b""))

    on = machine()
    enrol(server, tmp_path, on, "王坐席")
    with running(tmp_path, on) as pc, faults(listen) as listener:
        pc.seen.until(lambda shown: shown.sync.connected, "the server")
        ids = own_ids(pc.agent.profile)
        net = ReportNetwork(Elsewhere(pc, listener.port), ReportFiles(pc.agent._files))  # type: ignore[arg-type]  # what it needs of a Network
        list(net.suggest(SendSuggestion("多放两台饮水机", receipt_of(CODE), b"\x70" * 16, "2026-11")))
        list(net.answer(FetchAnswer(CODE)))
    (head, body), (asked, _) = heard
    assert {line.split(":")[0].lower() for line in head.split("\r\n")[1:] if line} <= {"host", "content-type", "content-length", "user-agent", "accept-encoding"}
    for told in (head, asked):
        assert not re.search("signature|vouch|authorization|cookie|王", told, re.IGNORECASE)
    for secret in (ids.device, ids.stream):
        for form in (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret).rstrip(b"=")):
            assert form not in head.encode() + asked.encode() + body
    assert set(json.loads(body)) == {"token", "month", "text", "receipt"}
