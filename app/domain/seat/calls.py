"""Calls and the talk that adds up over them (shift-file contract, rule 9)."""

from dataclasses import replace

from app.domain.inputs import BreakKind
from app.domain.moment import NS
from app.domain.seat import lock, offers, presence
from app.domain.seat.draft import Draft


def start(draft: Draft, call_id: str) -> None:
    """A call starts: a sign of presence; offers go, a running break is cut, a warning may go."""
    calls = draft.calls
    if any(open_id == call_id for open_id, _ in calls.open):
        return
    if not calls.open:
        gap = draft.rules.breaks_talk_gap * NS
        lapsed = calls.last_end is not None and draft.now - calls.last_end > gap
        calls = replace(calls, since=draft.now, talked=0 if lapsed else calls.talked)
    draft.calls = replace(calls, open=(*calls.open, (call_id, draft.now)))
    draft.emit("call.started", ("id", call_id))
    presence.sign(draft)
    lock.call_started(draft)
    # At once, not with the drops at the end of the instant: an answer at the same instant must not start a break on a call.
    offers.withdraw(draft)
    offers.cut(draft)


def end(draft: Draft, call_id: str, hard: bool) -> None:
    """A call ends: a sign of presence; the last one may leave a talk debt, a hard one a calm debt."""
    calls = draft.calls
    started = next((since for open_id, since in calls.open if open_id == call_id), None)
    if started is None:
        return
    calls = replace(calls, open=tuple(one for one in calls.open if one[0] != call_id))
    seconds = int((draft.now - started) // NS)
    draft.emit("call.ended", ("id", call_id), ("seconds", seconds), ("hard", hard))
    presence.sign(draft)
    if not calls.open:
        talked = calls.talked + draft.now - calls.since
        long = talked >= draft.rules.breaks_talk_after * NS
        calls = replace(calls, talked=0 if long else talked, last_end=draft.now)
        if long:
            draft.new_debt(BreakKind.TALK, draft.rules.breaks_talk_length)
    draft.calls = calls
    if hard:
        draft.new_debt(BreakKind.CALM, draft.rules.breaks_calm_length)
