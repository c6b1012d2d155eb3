"""What is open to everybody of the site (hazards, risks), and anonymous suggestions.

A suggestion leaves 1 to 24 hours after it was written, with a token that every PC of the site fetches alike each day. Its
one-time code is held in memory until the person puts it away; only the code's hash is kept, until the suggestion is sent.
"""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import LinkChanged, ReadState, StateRead, StateRecalled, VaultOpened
from app.agent.events.reports import (
    AnswerHeard,
    FetchAnswer,
    FetchHazards,
    FetchToken,
    HazardsHeard,
    KeepReports,
    MaskSuggestion,
    ReportsKept,
    SendSuggestion,
    SuggestionMasked,
    SuggestionSent,
    TokenHeard,
)
from app.agent.snapshot import SiteFace, Snapshot
from app.domain.moment import NS, Moment
from app.protocol.reports import receipt_of

STATE = "suggestions"
HOUR_MS = 3600 * 1000
SHORTEST_MS, LONGEST_MS = HOUR_MS, 24 * HOUR_MS
"""A suggestion leaves so long after it was written, at random (privacy, "suggestion")."""
LATER_MS = 30 * 60 * 1000
GIVE_UP_MS = 28 * 24 * HOUR_MS
TOKEN_FIRST, TOKEN_AGAIN = 600 * NS, 24 * 3600 * NS
"""The token is asked for within so long after the server is reached, and again each day, at random."""
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A masked suggestion on its way: the hash of its code, when it was written and when it may leave (wall ms)."""

    text: str = field(repr=False)
    receipt: bytes = field(repr=False)
    written_ms: int
    due_ms: int


@dataclass(slots=True)
class SitePart:
    """Owns SiteFace; `new_id` makes one-time codes, `random` gives 0 to 1."""

    new_id: Callable[[], bytes]
    random: Callable[[], float]
    name: str = field(default="site", init=False)
    _face: SiteFace = field(default=SiteFace(), init=False)
    _waiting: tuple[Waiting, ...] = field(default=(), init=False)
    _sending: bytes = field(default=b"", init=False)
    _token: tuple[bytes, str] | None = field(default=None, init=False)
    _token_at: int | None = field(default=None, init=False)
    _loaded: bool = field(default=False, init=False)
    _now: Moment | None = field(default=None, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: commands of the page, answers of lanes, the kept suggestions, a server that is reached."""
        self._now = now
        return [*self._take(item, now), *self._timely(now)]

    def due(self) -> int | None:
        """When the token is asked for or the next suggestion may leave."""
        dues = [] if self._token_at is None else [self._token_at]
        if self._waiting and self._token is not None and not self._sending and self._now is not None:
            first = min(one.due_ms for one in self._waiting)
            dues.append(self._now.boot + max(0, first - self._now.wall_ms) * 1_000_000)
        return min(dues, default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the site's lists and one's own suggestion."""
        return replace(shown, site=self._face)

    def _take(self, item: object, now: Moment) -> Iterable[object]:
        match item:
            case commands.AskHazards():
                return (FetchHazards(),)
            case HazardsHeard(ok, hazards, risks):
                lists = {"hazards": hazards, "risks": risks, "asked_ms": now.wall_ms} if ok else {}
                self._face = replace(self._face, unreachable=not ok, **lists)  # type: ignore[arg-type]  # fields by name
            case commands.Suggest(text) if text.strip():
                return (MaskSuggestion(text),)
            case SuggestionMasked(text):
                return self._suggest(text, now)
            case commands.PutCodeAway():
                self._face = replace(self._face, code=b"", suggestion="")
            case commands.AskAnswer(code) if len(code) == 16:
                return (FetchAnswer(code),)
            case AnswerHeard(state, text):
                self._face = replace(self._face, reply_state=state, reply=text)
            case _:
                return self._told(item, now)
        return ()

    def _told(self, item: object, now: Moment) -> Iterable[object]:
        match item:
            case ReportsKept(kept, reason, name) if name == STATE:
                if self._face.code:
                    self._face = replace(self._face, suggestion="kept" if kept else reason)
            case VaultOpened() | StateRecalled() if not self._loaded:
                return (ReadState(STATE),)
            case StateRead(name, blob) if name == STATE and not self._loaded:
                self._loaded = True
                self._waiting = (*_read(blob), *self._waiting)
                return self._saved() if self._waiting else ()
            case LinkChanged(_, "bulk", True) if self._token_at is None:
                self._token_at = now.boot + round(self.random() * TOKEN_FIRST)
            case TokenHeard(token, month):
                self._token = (token, month) if token else self._token
            case SuggestionSent(receipt, outcome):
                return self._sent(receipt, outcome, now)
            case _:
                pass
        return ()

    def _suggest(self, text: str, now: Moment) -> Iterable[object]:
        code = self.new_id()
        wait = SHORTEST_MS + round(self.random() * (LONGEST_MS - SHORTEST_MS))
        new = Waiting(text[:LONGEST_TEXT], receipt_of(code), now.wall_ms, now.wall_ms + wait)
        self._waiting = (*self._waiting, new)
        self._face = replace(self._face, code=code, suggestion="" if self._loaded else "closed")
        return self._saved()

    def _timely(self, now: Moment) -> Iterable[object]:
        out: list[object] = []
        if self._token_at is not None and now.boot >= self._token_at:
            self._token_at = now.boot + TOKEN_AGAIN // 2 + round(self.random() * TOKEN_AGAIN)
            out.append(FetchToken())
        ready = [one for one in self._waiting if one.due_ms <= now.wall_ms]
        if ready and self._token is not None and not self._sending:
            self._sending = ready[0].receipt
            out.append(SendSuggestion(ready[0].text, ready[0].receipt, *self._token))
        return out

    def _sent(self, receipt: bytes, outcome: str, now: Moment) -> Iterable[object]:
        self._sending = b""
        later = now.wall_ms + LATER_MS + round(self.random() * LATER_MS)
        left = []
        for one in self._waiting:
            if one.receipt != receipt:
                left.append(one)
            elif outcome in ("again", "token") and now.wall_ms - one.written_ms < GIVE_UP_MS:
                left.append(replace(one, due_ms=later))
        if outcome == "token":  # another month: the new token comes with the daily question
            self._token = None
            self._token_at = now.boot + round(self.random() * TOKEN_FIRST)
        self._waiting = tuple(left)
        return self._saved()

    def _saved(self) -> tuple[object, ...]:
        if not self._loaded:
            return ()
        rows = [(one.text, base64.b64encode(one.receipt).decode(), one.written_ms, one.due_ms) for one in self._waiting]
        return (KeepReports(json.dumps(rows, ensure_ascii=False).encode() if rows else b"[]", STATE),)


def _read(blob: bytes) -> tuple[Waiting, ...]:
    try:
        return tuple(
            Waiting(str(text), base64.b64decode(receipt), int(written), int(due))
            for text, receipt, written, due in json.loads(blob or b"[]")
        )
    except (ValueError, TypeError):
        return ()
