"""One transaction on one alarm: store what came, fold, let the chain go on, and write the events that follow.

Runs inside the alarm lane's writer; whatever it returns is delivered after the commit. Nothing here waits or sends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from app.domain import escalation
from app.domain.alarm import AlarmState, Status
from app.domain.alarm_facts import PinResult
from app.protocol import api
from app.protocol.alarm import AlarmMessage, MoveKind
from app.protocol.wire import sha256
from app.server.alerts import chains, facts
from app.server.storage import alarms as rows
from app.server.storage.alarms import ActRow, AlarmRow, MoveRow
from app.server.storage.directory import Directory
from app.server.storage.engine import hold
from app.server.storage.tables import NO_SITE

VARIANTS_MAX = 8
"""Different packets kept under one alarm; more of them can only be somebody's noise."""
MOVES_MAX = 256
DEAF_MS = 5000
"""How often an alarm that reaches nobody looks for somebody again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a transaction did: the state now, events to deliver, when the chain is to be looked at; a repeat did nothing.

    `kept` is False only for a move beyond the bounds of one alarm: the PC must not be told that it is stored.
    """

    row: AlarmRow
    state: AlarmState
    events: tuple[tuple[bytes, int, bytes], ...] = ()
    next_at: int | None = None
    repeat: bool = False
    kept: bool = True


AnyOutcome = TypeVar("AnyOutcome", bound=Outcome | None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a transaction works with: who is who, the instant in ms, and where event numbers come from."""

    people: Directory
    now: int
    number: Callable[[], int]


@dataclass(slots=True)
class _Sheet:
    """Everything stored on one alarm, read once and kept up with what the transaction adds."""

    row: AlarmRow
    moves: list[MoveRow]
    acts: list[ActRow]
    notices: list[str]
    told: dict[bytes, int]

    def state(self) -> AlarmState:
        return facts.state_of(self.row, self.moves, self.acts)


@dataclass(frozen=True, slots=True)
class _Before:
    state: AlarmState
    newest: int


def _read(conn: Connection, row: AlarmRow) -> _Sheet:
    told = rows.told(conn, row)
    return _Sheet(row, rows.moves_of(conn, row), rows.acts_of(conn, row), rows.notices_of(conn, row), told)


def _find(conn: Connection, message: AlarmMessage) -> tuple[bytes, AlarmRow | None]:
    """The id under which a packet's alarm is kept (its own, unless another PC's alarm has that id) and its row."""
    move = message.move
    held = rows.find_alarm(conn, move.alarm)
    if held is None or (held.device, held.stream) == (move.device, move.stream):
        return move.alarm, held
    other = sha256(move.alarm + move.device + move.stream)[:16]
    return other, rows.find_alarm(conn, other)


def open_row(turn: Turn, message: AlarmMessage, alarm: bytes) -> AlarmRow:
    """Return the row of a new alarm: person and place as the roster says now, and the chain frozen."""
    move = message.move
    device = turn.people.devices.get(move.device)
    known = turn.people.streams.get(move.stream)
    person = turn.people.person_of(move.stream) if known is not None and known.device == move.device else None
    site = person.site if person else device.site if device else NO_SITE
    chain = chains.make_chain(turn.people, site, person.team if person else "", person.person if person else None)
    return AlarmRow(
        site=site,
        alarm=alarm,
        device=move.device,
        stream=move.stream,
        who=person.name if person else "",
        team=person.team if person else "",
        seat=device.seat if device else "",
        floor=device.floor if device else "",
        opened_ms=turn.now,
        open=True,
        chain=msgspec.json.encode(chain),
    )


def take_move(
    conn: Connection, turn: Turn, message: AlarmMessage, *, verified: bool, check: Callable[[AlarmMessage], PinResult]
) -> Outcome:
    """Store a packet and what follows; the same one again changes nothing and answers the same."""
    hold(conn, message.move.alarm)
    alarm, row = _find(conn, message)
    fresh = row is None
    if row is None:
        row = open_row(turn, message, alarm)
        rows.add_alarm(conn, row)
        sheet = _Sheet(row, [], [], [], {})
    else:
        sheet = _read(conn, row)
    before = _before(sheet)
    no = message.move.no
    same_no = sum(facts.move_fact(one, alarm).no == no for one in sheet.moves)
    known = any(one.packet == message.raw for one in sheet.moves)
    if known or same_no >= VARIANTS_MAX or len(sheet.moves) >= MOVES_MAX:
        return Outcome(row, before.state, repeat=True, kept=known)
    sheet.moves.append(MoveRow(message.raw, verified, turn.now))
    rows.add_move(conn, row, no, sheet.moves[-1])
    if message.move.kind is MoveKind.TAKE_BACK:
        _check_pin(conn, turn, sheet, message, check)
    rows.put_outbox(conn, row.site, alarm + message.raw, "alarm.move", _move_note(row, message, verified), ms=turn.now)
    return _go_on(conn, turn, sheet, before, fresh=fresh)


def _check_pin(
    conn: Connection, turn: Turn, sheet: _Sheet, message: AlarmMessage, check: Callable[[AlarmMessage], PinResult]
) -> None:
    found = check(message)
    if found is not PinResult.UNCHECKED:
        rows.add_act(conn, sheet.row, "pin", no=message.move.no, word=found.value, ms=turn.now)
        sheet.acts = rows.acts_of(conn, sheet.row)


def _move_note(row: AlarmRow, message: AlarmMessage, verified: bool) -> bytes:
    move = message.move
    note = {"alarm": row.alarm.hex(), "no": move.no, "kind": int(move.kind), "packet": sha256(message.raw).hex()}
    return msgspec.json.encode({**note, "verified": verified})


def _before(sheet: _Sheet) -> _Before:
    return _Before(sheet.state(), sheet.acts[-1].seq if sheet.acts else 0)


def act(conn: Connection, turn: Turn, alarm: bytes, do: Callable[[AlarmRow, AlarmState], None]) -> Outcome | None:
    """Let `do` store what somebody did on an alarm, then what follows; None if there is no such alarm."""
    hold(conn, alarm)
    row = rows.find_alarm(conn, alarm)
    if row is None:
        return None
    sheet = _read(conn, row)
    before = _before(sheet)
    do(row, before.state)
    sheet.acts = rows.acts_of(conn, row)
    return _go_on(conn, turn, sheet, before, fresh=False)


def _go_on(conn: Connection, turn: Turn, sheet: _Sheet, before: _Before, *, fresh: bool) -> Outcome:
    """Expire leases, tell whoever is due, and write the events about everything that changed since `before`."""
    row = sheet.row
    chain = _chain(conn, turn, row)
    state = _expire(conn, turn, sheet, chain)
    progress = facts.progress(row, state, sheet.acts, sheet.notices)
    began = facts.run_began(row, state, sheet.acts)
    notices = escalation.due(chain, progress, began, turn.now)
    rows.add_notices(conn, row, (chains.key_text(one.key) for one in notices), turn.now)
    news = {one for notice in notices for one in chains.streams_of(turn.people, notice.key.target)} - {row.stream}
    rows.tell(conn, row, news - set(sheet.told))
    if row.open != state.open:
        rows.set_open(conn, row, state.open)
    anew = state.open and not state.claims and (fresh or bool(before.state.claims) or not before.state.open)
    events = _desk_events(turn, sheet, state, news=news, anew=anew, changed=state != before.state)
    events += _sign_events(turn, sheet, state, before)
    rows.add_events(conn, row.site, events, turn.now)
    done = escalation.issued(progress, (one.key for one in notices))
    next_at = escalation.next_due(chain, done, began, turn.now)
    return Outcome(row, state, tuple(events), turn.now + DEAF_MS if chain.deaf and state.open else next_at)


def _expire(conn: Connection, turn: Turn, sheet: _Sheet, chain: escalation.Chain) -> AlarmState:
    """End the claims whose lease ran out, and return the state after that."""
    state = sheet.state()
    lapsed = escalation.lapsed(chain, facts.progress(sheet.row, state, sheet.acts, sheet.notices), turn.now)
    for lease in lapsed:
        rows.add_act(conn, sheet.row, "expired", person=lease.person, no=lease.fence, ms=turn.now)
    if not lapsed:
        return state
    sheet.acts = rows.acts_of(conn, sheet.row)
    return sheet.state()


def _chain(conn: Connection, turn: Turn, row: AlarmRow) -> escalation.Chain:
    """The frozen chain; one that reaches nobody is made anew, because a lead may have come since."""
    chain = facts.chain_of(row)
    if chain.deaf:
        person = turn.people.person_of(row.stream)
        chain = chains.make_chain(turn.people, row.site, row.team, person.person if person else None)
        if not chain.deaf:
            rows.set_chain(conn, row, msgspec.json.encode(chain))
    return chain


def present(conn: Connection, turn: Turn, recipient: bytes) -> list[bytes]:
    """Return the open alarms as one stream has to show them now: as a desk (maybe a new one), or as the origin's sign."""
    person = turn.people.person_of(recipient)
    found = []
    for row in rows.open_alarms(conn):
        sheet = _read(conn, row)
        state = sheet.state()
        if row.stream == recipient:
            if not state.taken_back and state.status is not Status.RAISED:
                found.append(api.encode_event(api.AlarmSign(alarm=row.alarm, state=facts.sign_state(state))))
            continue
        targets = {chains.parse_key(text).target.to for text in sheet.notices}
        if recipient not in sheet.told and (person is None or person.person.hex() not in targets):
            continue
        if recipient not in sheet.told:
            rows.tell(conn, row, [recipient])
        found.append(api.encode_event(facts.desk_event(row, state, sheet.acts, turn.people, anew=not state.claims)))
    return found


def _desk_events(
    turn: Turn, sheet: _Sheet, state: AlarmState, *, news: set[bytes], anew: bool, changed: bool
) -> list[tuple[bytes, int, bytes]]:
    told = set(sheet.told) - news
    if not news and not (changed and told):
        return []
    row, acts = sheet.row, sheet.acts
    sounding = api.encode_event(facts.desk_event(row, state, acts, turn.people, anew=True))
    # The number is one for all: each recipient counts for itself.
    number = turn.number()
    events = [(one, number, sounding) for one in sorted(news)]
    if changed and told:
        update = sounding if anew else api.encode_event(facts.desk_event(row, state, acts, turn.people, anew=False))
        events += [(one, number, update) for one in sorted(told)]
    return events


def _sign_events(turn: Turn, sheet: _Sheet, state: AlarmState, before: _Before) -> list[tuple[bytes, int, bytes]]:
    """What the origin is told: each step by the desk's own receipt; after a take-back nothing at all."""
    if state.taken_back or before.state.taken_back:
        return []
    new = [one for one in sheet.acts if one.seq > before.newest]
    said = next((int(one.word) for one in new if one.act == "said"), 0)
    same = facts.sign_state(state) == facts.sign_state(before.state) and before.state.status is not Status.RAISED
    if not said and (same or state.status is Status.RAISED):
        return []
    receipt = next((one for one in reversed(new) if one.act in facts.RECEIPTS and len(one.evidence) > 64), None)
    sign = api.AlarmSign(
        alarm=sheet.row.alarm,
        state=facts.sign_state(state),
        sentence=said,
        receipt=receipt.evidence[:-64] if receipt else None,
        receipt_sig=receipt.evidence[-64:] if receipt else None,
    )
    return [(sheet.row.stream, turn.number(), api.encode_event(sign))]
