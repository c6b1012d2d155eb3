"""The real client against the real server: enrolment, batches, kills between, replays, alarms, the live stream."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.domain.moment import NS, Moment
from app.journal.journal import Journal
from app.protocol import api
from app.protocol.alarm import DETAIL_BYTES, MoveFlag, MoveKind, make_alarm
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.vouch import make_vouch
from app.server import commands
from app.server.commands import CodeFor
from app.sync import enrol
from app.sync.alarms import AlarmLane, AlarmSend, Stored
from app.sync.delivery import Delivery, Note, Send
from app.sync.enrol import Enrolled
from app.sync.errors import EnrolError, NetworkError
from app.sync.http import Connection, TlsSettings
from app.sync.link import Link, Me, Outgoing, parse_address
from app.sync.stream import Connect, Heard, Stream
from tests.helpers.journal import KEY, epochs, record
from tests.helpers.server_thread import ServerThread
from tests.helpers.sync import status

DEVICE, STREAM = b"\xd1" * 16, b"\x51" * 16
MACHINE, SESSION = Ed25519Signer(b"\x13" * 32), Ed25519Signer(b"\x11" * 32)
ALARM = b"\xab" * 16


@dataclass(slots=True)
class Pc:
    """One PC with a real journal; its boot clock is moved by hand, so that no test waits for a retry."""

    folder: Path
    starts: int = 0
    boot: int = 10 * NS
    notes: list[Note] = field(default_factory=list)
    journal: Journal = field(init=False)
    me: Me = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal.open(
            self.folder / "journal.db", KEY, device=DEVICE, stream=STREAM, new_epoch=epochs(), now=self.now()
        )
        self.start()

    def now(self) -> Moment:
        return Moment(self.boot, self.boot, time.time_ns())

    def start(self) -> None:
        """Begin a new start: a higher beat, as after a restart of the program."""
        self.starts = self.journal.raise_starts()
        beats = iter(range(self.starts << 32 | 1, (self.starts << 32) + 10**6))

        def vouch(ms: int) -> bytes:
            return make_vouch(MACHINE, DEVICE, STREAM, public_of(SESSION), ms + 3600 * 1000)

        self.me = Me(DEVICE, STREAM, SESSION, vouch, lambda: next(beats))

    def append(self, count: int) -> None:
        self.journal.append([record(number) for number in range(count)], self.now())

    def enrol(
        self, server: ServerThread, token: str | None, settings: TlsSettings | None = None
    ) -> tuple[Enrolled, Link]:
        address = parse_address(f"{'https' if server.tls else 'http'}://{server.name}")
        body = api.EnrolBody(stream=STREAM, account=bytes(32), host="pc-17", os="Debian 12", app="0.1.0")
        pinned = None if token else server.keys.fingerprint
        asked = enrol.ask(MACHINE, DEVICE, body, token_text=token, pinned=pinned)
        one = Connection(address, settings or TlsSettings(environ={}))
        try:
            done = enrol.take(asked, one.request(asked.request, 10), self.now())
        finally:
            one.close()
        return done, Link(address, done.keys, done.fingerprint)

    def delivery(self, link: Link) -> Delivery:
        return Delivery(self.journal, link, self.me, random=lambda: 0.0, status=status)

    def send(self, delivery: Delivery) -> Send:
        while True:
            todo = delivery.next(self.now())
            if isinstance(todo, Send):
                return todo
            self.boot = max(self.boot + 1, todo.until)

    def step(self, delivery: Delivery, connection: Connection) -> list[Note]:
        todo = self.send(delivery)
        try:
            answer = connection.request(todo.request, 10)
        except NetworkError as error:
            notes = delivery.failed(error.code, self.now())
        else:
            notes = delivery.answered(answer, self.now())
        self.notes += notes
        return notes

    def deliver(self, delivery: Delivery, connection: Connection, rounds: int = 60) -> None:
        for _ in range(rounds):
            if delivery.held == self.journal.head()[1]:
                return
            self.step(delivery, connection)
        raise AssertionError(f"not delivered: {self.notes[-5:]}")


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[Pc]:
    folder = tmp_path / "pc"
    folder.mkdir()
    one = Pc(folder)
    yield one
    one.journal.close()


Make = Callable[..., ServerThread]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Make]:
    running: list[ServerThread] = []

    def make(name: str = "server", **more: Any) -> ServerThread:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        server = ServerThread(folder, **more)
        running.append(server)
        return server

    yield make
    for server in running:
        if server._thread.is_alive():
            server.stop()


def agrees(server: ServerThread, pc: Pc) -> None:
    """The server's rows alone give the head that the journal has."""
    found = server.main_lane(lambda conn: commands.outside_head(conn, DEVICE, STREAM))
    assert all(epoch["agrees"] for epoch in found)
    _, n, h = pc.journal.head()
    assert (found[-1]["n"], found[-1]["h"]) == (n, h.hex())


def connected(link: Link, settings: TlsSettings | None = None) -> Connection:
    return Connection(link.address, settings or TlsSettings(environ={}))


def test_a_new_pc_enrols_and_delivers_everything(pc: Pc, serve: Make) -> None:
    server = serve()
    pc.append(1200)
    done, link = pc.enrol(server, server.code("王芳"))
    assert not done.pending
    delivery, line = pc.delivery(link), connected(link)
    pc.deliver(delivery, line)
    agrees(server, pc)
    assert {note.what for note in pc.notes} == {"heard", "delivered"}
    heartbeat = pc.send(delivery)
    assert heartbeat.count == 0
    assert [note.what for note in delivery.answered(line.request(heartbeat.request, 10), pc.now())] == [
        "heard",
        "delivered",
    ]
    assert pc.journal.verify().ok
    line.close()


def test_lost_answers_and_a_new_start_make_no_copy(pc: Pc, serve: Make) -> None:
    server = serve()
    pc.append(30)
    _, link = pc.enrol(server, server.code("王芳"))
    delivery, line = pc.delivery(link), connected(link)
    lost = pc.send(delivery)
    assert line.request(lost.request, 10).status == 200
    delivery.failed("mute", pc.now())
    pc.start()
    again = pc.delivery(link)
    assert again.held == 0
    pc.deliver(again, line)
    agrees(server, pc)
    line.close()


def test_a_replayed_request_is_refused_and_harms_nothing(pc: Pc, serve: Make) -> None:
    server = serve()
    pc.append(5)
    _, link = pc.enrol(server, server.code("王芳"))
    delivery, line = pc.delivery(link), connected(link)
    first = pc.send(delivery)
    assert line.request(first.request, 10).status == 200
    replay = line.request(first.request, 10)
    assert replay.status in (401, 409)
    assert link.believe(first.request, replay, pc.now()) is not None
    delivery.answered(replay, pc.now())
    delivery.resume()
    pc.deliver(delivery, line)
    agrees(server, pc)
    line.close()


def test_a_server_that_is_stopped_between_gets_everything_later(pc: Pc, serve: Make) -> None:
    server = serve()
    _, link = pc.enrol(server, server.code("王芳"))
    delivery, line = pc.delivery(link), connected(link)
    pc.append(10)
    pc.deliver(delivery, line)
    server.stop()
    pc.append(10)
    assert pc.step(delivery, line)[0].what == "network"
    assert pc.step(delivery, line)[0].what == "network"
    again = serve(port=server.port)
    pc.deliver(delivery, line)
    agrees(again, pc)
    line.close()


def test_several_servers_each_hold_the_whole_journal(pc: Pc, serve: Make) -> None:
    servers = [serve("one"), serve("two")]
    pc.append(20)
    for server in servers:
        _, link = pc.enrol(server, server.code("王芳"))
        line = connected(link)
        pc.deliver(pc.delivery(link), line)
        line.close()
    first = servers[0]
    _, link = pc.enrol(first, first.code("王芳"))
    line = connected(link)
    pc.deliver(pc.delivery(link), line)
    line.close()
    agrees(first, pc)


def test_a_pending_pc_waits_and_is_let_in(pc: Pc, serve: Make) -> None:
    server = serve()
    server.code("李娜")  # the site is there
    pc.append(3)
    done, link = pc.enrol(server, None)
    assert done.pending
    delivery, line = pc.delivery(link), connected(link)
    notes = pc.step(delivery, line)
    assert [note.what for note in notes] == ["heard", "paused"]
    who = CodeFor("Shanghai", "王芳", "agent", "A", "A-01", "3")
    ms = pc.now().wall_ms
    server.main_lane(lambda conn: commands.approve_device(conn, server.keys, done.code, who, ms))
    pc.deliver(delivery, line)
    agrees(server, pc)
    line.close()


def test_a_used_or_foreign_code_is_one_sentence(pc: Pc, serve: Make) -> None:
    server, other = serve("one"), serve("two")
    with pytest.raises(EnrolError):
        pc.enrol(server, other.code("王芳"))
    token = server.code("王芳")
    pc.enrol(server, token)
    assert not pc.enrol(server, token)[0].pending


def test_a_damaged_journal_goes_on_in_a_new_epoch_that_the_server_takes(pc: Pc, serve: Make) -> None:
    server = serve()
    pc.append(10)
    _, link = pc.enrol(server, server.code("王芳"))
    line = connected(link)
    pc.deliver(pc.delivery(link), line)
    pin = pc.journal.pinned(link.server)
    assert pin is not None
    pc.journal.close()
    path = pc.folder / "journal.db"
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(data)
    pc.journal = Journal.open(
        path, KEY, device=DEVICE, stream=STREAM, new_epoch=lambda: b"\xee" * 16, now=pc.now(), expect=pin
    )
    assert pc.journal.opening.aside is not None
    pc.append(5)
    pc.starts = pc.journal.raise_starts(5)
    pc.start()
    pc.deliver(pc.delivery(link), line)
    agrees(server, pc)
    line.close()


def test_tls_with_its_own_certificate(pc: Pc, serve: Make) -> None:
    server = serve(tls=True)
    settings = TlsSettings(str(server.ca), environ={})
    _, link = pc.enrol(server, server.code("王芳"), settings)
    line = connected(link, settings)
    pc.append(5)
    pc.deliver(pc.delivery(link), line)
    agrees(server, pc)
    line.close()


# --- alarm and live stream --------------------------------------------------------------------------------------------


def packet(pc: Pc, no: int = 1) -> bytes:
    return make_alarm(
        SESSION,
        pc.me.vouch(pc.now().wall_ms),
        device=DEVICE,
        stream=STREAM,
        alarm=ALARM,
        no=no,
        kind=MoveKind.RAISE if no == 1 else MoveKind.PRESSED_AGAIN,
        level=2,
        flags=MoveFlag.NONE,
        ms=pc.now().wall_ms,
        detail=bytes(DETAIL_BYTES),
    )


def alarm_step(pc: Pc, lane: AlarmLane, link: Link, line: Connection) -> Stored | None:
    todo = lane.next(link.server, pc.now())
    while isinstance(todo, int):
        pc.boot = max(pc.boot + 1, todo)
        todo = lane.next(link.server, pc.now())
    assert isinstance(todo, AlarmSend)
    try:
        answer = line.request(todo.request, todo.timeout_s)
    except NetworkError:
        lane.failed(todo, pc.now())
        return None
    return lane.answered(todo, answer, pc.now())


def test_an_alarm_is_stored_once_however_often_it_is_sent(pc: Pc, serve: Make) -> None:
    server = serve()
    _, link = pc.enrol(server, server.code("王芳"))
    line = connected(link)
    for _ in range(3):
        lane = AlarmLane([link])
        lane.submit(packet(pc), pc.now())
        stored = alarm_step(pc, lane, link, line)
        assert stored is not None
        assert (stored.unverified, stored.last) == (False, True)
    line.close()


def test_an_alarm_raised_while_the_server_is_down_arrives_when_it_is_back(pc: Pc, serve: Make) -> None:
    server = serve()
    _, link = pc.enrol(server, server.code("王芳"))
    line, lane = connected(link), AlarmLane([link])
    server.stop()
    lane.submit(packet(pc), pc.now())
    for _ in range(6):
        assert alarm_step(pc, lane, link, line) is None
    serve(port=server.port)
    assert alarm_step(pc, lane, link, line) is not None
    assert lane.waiting == 0
    line.close()


def test_an_alarm_from_a_pc_that_nobody_knows_is_stored_as_unverified(pc: Pc, serve: Make) -> None:
    server = serve()
    link = Link(parse_address(f"http://{server.name}"), pc.enrol(server, None)[0].keys, server.keys.fingerprint)
    line, lane = connected(link), AlarmLane([link])
    lane.submit(packet(pc), pc.now())
    stored = alarm_step(pc, lane, link, line)
    assert stored is not None
    assert stored.unverified
    line.close()


def hear(pc: Pc, stream: Stream, line: Connection, enough: Callable[[list[Heard]], bool]) -> list[Heard]:
    todo = stream.next(pc.now())
    assert isinstance(todo, Connect)
    heard: list[Heard] = []
    with line.stream(todo.request, 10) as live:
        assert stream.opened(live.answer)
        for chunk in live:
            heard += stream.chunk(chunk, pc.now())
            if enough(heard):
                break
    stream.lost("closed", pc.now())
    stream.poke()
    return heard


def kinds(heard: list[Heard]) -> list[str]:
    return [type(one.event).__name__ for one in heard]


def test_the_live_stream_says_hello_and_brings_signed_events(pc: Pc, serve: Make) -> None:
    server = serve()
    _, link = pc.enrol(server, server.code("王芳"))
    line, stream = connected(link), Stream(link, pc.me, random=lambda: 0.0)
    first = hear(pc, stream, line, lambda heard: len(heard) >= 2)
    assert "Hello" in kinds(first)
    assert stream.dropped == 0
    second = hear(pc, stream, line, lambda heard: len(heard) >= 1)
    assert second[0].event_no > first[-1].event_no
    line.close()


def test_long_poll_brings_the_same_events(pc: Pc, serve: Make) -> None:
    server = serve()
    _, link = pc.enrol(server, server.code("王芳"))
    line, stream = connected(link), Stream(link, pc.me, random=lambda: 0.0)
    for _ in range(2):
        stream.next(pc.now())
        stream.lost("mute", pc.now())
        stream.poke()
    todo = stream.next(pc.now())
    assert isinstance(todo, Connect)
    assert todo.kind == "poll"
    heard = stream.polled(todo, line.request(todo.request, todo.timeout_s), pc.now())
    assert heard
    assert stream.alive
    line.close()


def test_the_key_route_tells_what_enrolment_told(pc: Pc, serve: Make) -> None:
    server = serve()
    done, link = pc.enrol(server, server.code("王芳"))
    line = connected(link)
    answer = line.request(Outgoing("GET", api.ROUTE_KEYS, (), b"", None, 0), 5)
    assert answer.body == done.keys_wire
    assert not link.take_keys(answer.body, pc.now())
    line.close()
