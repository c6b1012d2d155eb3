"""From stored rows to the domain's facts, and from a folded state to what desks and the origin are told. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from app.domain.alarm import AlarmState, Status, fold
from app.domain.alarm_facts import (
    Fact,
    HandedOver,
    LevelSet,
    Move,
    MoveKind,
    PinFinding,
    PinResult,
    Receipt,
    ReceiptState,
    Settled,
    TakeExpired,
)
from app.domain.escalation import Chain, Lease, Progress
from app.domain.ids import AlarmId, DeskId
from app.protocol import alarm as wire
from app.protocol import api
from app.server.alerts.chains import parse_key
from app.server.storage.alarms import ActRow, AlarmRow, MoveRow
from app.server.storage.directory import Directory

RECEIPTS = {"delivered": 1, "seen": 2, "taken": 3, "on_spot": 4}
_STATES: dict[Status, api.AlarmState] = {
    Status.UNKNOWN: "raised",
    Status.RAISED: "raised",
    Status.DELIVERED: "delivered",
    Status.SEEN: "seen",
    Status.TAKEN: "taken",
    Status.ON_SPOT: "on_spot",
    Status.SETTLED: "settled",
    Status.REVIEWED: "settled",
}


def move_fact(row: MoveRow, alarm: bytes) -> Move:
    """Return the fact of a stored packet; its time is the server's, the PC's own clock may be wrong."""
    move = wire.parse_move(row.packet[: wire.MOVE_BYTES])
    return Move(
        alarm=AlarmId(alarm),
        no=move.no,
        kind=MoveKind(move.kind),
        level=move.level,
        drill=move.drill,
        on_call=move.on_call,
        ms=row.received_ms,
        verified=row.verified,
    )


def act_fact(row: ActRow, alarm: bytes) -> Fact | None:
    """Return the fact of an act, None for what the ledger does not hold (a sentence)."""
    key = AlarmId(alarm)
    if row.act in RECEIPTS:
        state = ReceiptState(RECEIPTS[row.act])
        return Receipt(key, DeskId(row.desk), row.person, row.no, state, row.ms, row.seq)
    if row.act == "settled":
        return Settled(key, row.seq, row.person, row.no, row.word, row.ms)
    if row.act == "expired":
        return TakeExpired(key, row.seq, row.person, row.no)
    if row.act == "pin":
        return PinFinding(key, row.no, PinResult(row.word))
    if row.act == "level":
        return LevelSet(key, row.seq, row.person, row.no)
    if row.act == "handed":
        return HandedOver(key, row.seq, row.person, row.word)
    return None


def state_of(row: AlarmRow, moves: Iterable[MoveRow], acts: Iterable[ActRow]) -> AlarmState:
    """Return the folded state of one alarm."""
    facts: list[Fact] = [move_fact(move, row.alarm) for move in moves]
    facts += [fact for act in acts if (fact := act_fact(act, row.alarm)) is not None]
    return fold(facts)


def state_name(state: AlarmState) -> api.AlarmState:
    """Return the state's name on the wire."""
    return _STATES[state.status]


def name_of(people: Directory, person: str) -> str:
    """Return the display name of a person's hex id."""
    known = people.people.get(bytes.fromhex(person)) if person else None
    return known.name[:64] if known else ""


def _taken_back(state: AlarmState, acts: Sequence[ActRow]) -> api.TakenBack:
    if state.duress:
        return "duress"
    if not state.taken_back:
        return "no"
    right = any(act.act == "pin" and act.word == PinResult.RIGHT for act in acts)
    return "yes" if right else "unchecked"


def desk_event(
    row: AlarmRow, state: AlarmState, acts: Sequence[ActRow], people: Directory, *, anew: bool
) -> api.DeskAlarm:
    """Return the whole state of an alarm for a desk; `anew` may sound, an update never does."""
    names = [name_of(people, claim.person) for claim in state.claims]
    kind = api.DeskAlarm if anew else api.DeskAlarmUpdated
    return kind(
        alarm=row.alarm,
        no=state.last_no,
        who=row.who,
        team=row.team,
        seat=row.seat,
        floor=row.floor,
        level=state.level,
        drill=state.drill,
        on_call=state.on_call,
        unverified=not state.verified,
        raised_ms=row.opened_ms,
        state=state_name(state),
        taken_by=names[0] if names else "",
        also=tuple(names[1:21]),
        pressed=state.pressed_again,
        taken_back=_taken_back(state, acts),
        second=state.waits_for_second,
    )


def sign_state(state: AlarmState) -> api.SignState:
    """Return what the origin's sign may show; a sentence implies at least that a desk has it."""
    name = state_name(state)
    return "delivered" if name == "raised" else name


def progress(row: AlarmRow, state: AlarmState, acts: Sequence[ActRow], chain_keys: Iterable[str]) -> Progress:
    """Return where the escalation stands, from what is stored."""
    times = {act.seq: act.ms for act in acts}
    leases = tuple(
        Lease(claim.person, claim.order or 0, times.get(claim.order or 0, row.opened_ms), claim.on_spot)
        for claim in state.claims
    )
    return Progress(
        alarm=AlarmId(row.alarm),
        fence=state.expired,
        leases=leases,
        issued=frozenset(parse_key(key) for key in chain_keys),
        open=state.open,
        grave=state.level == 1 or state.duress,
        drill=state.drill,
    )


def run_began(row: AlarmRow, state: AlarmState, acts: Sequence[ActRow]) -> int:
    """Return when the present run of the chain began: the raise, or the expiry that left nobody coming."""
    return next((act.ms for act in acts if act.seq == state.expired), row.opened_ms) if state.expired else row.opened_ms


def chain_of(row: AlarmRow) -> Chain:
    """Return the chain as it was frozen."""
    return msgspec.json.decode(row.chain, type=Chain)
