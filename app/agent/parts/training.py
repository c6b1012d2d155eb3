"""Training: quiz, practice callers, notices; the server learns done and passed, the score and who read what stay here."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import Commit, ReadState, SaveState, StateRead, StateRecalled, VaultOpened
from app.agent.events.pages import CountNotice, FetchNotices, NoticeCounted, NoticesHeard
from app.agent.pagefaces import NoticeView, TrainingFace
from app.agent.snapshot import Snapshot
from app.agent.training import passed, quarter_of, seed_of
from app.domain.moment import Moment
from app.protocol.report_kinds import QuizDone

STATE = "training"
CALLERS_MAX, NOTICES_MAX = 50, 200


@dataclass(slots=True)
class TrainingPart:
    """Owns `pages.training`; `stream` makes the choice of questions one's own, `day_of` names the local day."""

    stream: bytes
    day_of: Callable[[int], str]
    name: str = field(default="training", init=False)
    _face: TrainingFace = field(default=TrainingFace(), init=False)
    _attempt: int = field(default=0, init=False)
    _recalled: bool = field(default=False, init=False)
    _read: tuple[bytes, ...] = field(default=(), init=False)
    _uncounted: tuple[bytes, ...] = field(default=(), init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: a quiz or a caller gone through, the state that was kept."""
        self._turn(quarter_of(self.day_of(now.wall)))
        match item:
            case VaultOpened() | StateRecalled() if not self._recalled:
                return (ReadState(STATE),)
            case StateRead(name, blob) if name == STATE and not self._recalled:
                self._recalled = True
                self._recall(blob)
            case commands.FinishQuiz(quarter, right, asked) if quarter == self._face.quarter and 0 <= right <= asked:
                return self._quiz(right, asked, now)
            case commands.FinishCaller(caller, good, turns) if 0 <= good <= turns:
                kept = tuple(one for one in self._face.callers if one[0] != caller)
                self._face = replace(self._face, callers=(*kept, (caller, good, turns))[-CALLERS_MAX:])
                return (self._save(),)
            case commands.OpenPage("training"):
                return (FetchNotices(), *map(CountNotice, self._uncounted))
            case NoticesHeard(ok, notices):
                held = notices if ok else self._face.notices
                self._face = replace(self._face, notices_state="told" if ok else "unreachable", notices=self._marked(held))
            case commands.ReadNotice(notice) if notice not in self._read:
                self._read = (*self._read, notice)[-NOTICES_MAX:]
                self._uncounted = (*self._uncounted, notice)[-NOTICES_MAX:]
                self._face = replace(self._face, notices=self._marked(self._face.notices))
                return (CountNotice(notice), self._save())
            case NoticeCounted(notice) if notice in self._uncounted:
                self._uncounted = tuple(one for one in self._uncounted if one != notice)
                return (self._save(),)
            case _:
                pass
        return ()

    def _marked(self, notices: tuple[NoticeView, ...]) -> tuple[NoticeView, ...]:
        return tuple(replace(one, read=one.id in self._read) for one in notices)

    def due(self) -> int | None:
        """Nothing here happens by itself."""
        return None

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the training."""
        return replace(shown, pages=replace(shown.pages, training=self._face))

    def _turn(self, quarter: str) -> None:
        if quarter != self._face.quarter:
            self._attempt = 0
            self._begin(quarter)

    def _begin(self, quarter: str) -> None:
        seed = seed_of(self.stream, quarter, self._attempt)
        self._face = replace(self._face, quarter=quarter, seed=seed, right=None, asked=0, passed=False)

    def _quiz(self, right: int, asked: int, now: Moment) -> tuple[object, ...]:
        self._face = replace(self._face, right=right, asked=asked, passed=self._face.passed or passed(right, asked))
        # whoever goes again gets other questions
        self._attempt += 1
        self._face = replace(self._face, seed=seed_of(self.stream, self._face.quarter, self._attempt))
        record = QuizDone(ms=now.wall_ms, quarter=self._face.quarter, passed=self._face.passed)
        return (Commit((record,)), self._save())

    def _save(self) -> SaveState:
        face = self._face
        quiz = {"quarter": face.quarter, "attempt": self._attempt, "right": face.right, "asked": face.asked, "passed": face.passed}
        notices = {"read": [one.hex() for one in self._read], "uncounted": [one.hex() for one in self._uncounted]}
        return SaveState(STATE, json.dumps({"quiz": quiz, "callers": face.callers, "notices": notices}).encode())

    def _recall(self, blob: bytes) -> None:
        try:
            found = json.loads(blob or b"{}")
            callers = tuple((str(name), int(good), int(turns)) for name, good, turns in found.get("callers", ()))
            self._face = replace(self._face, callers=callers)
            notices = found.get("notices", {})
            self._read = tuple(bytes.fromhex(one) for one in notices.get("read", ()))
            self._uncounted = tuple(bytes.fromhex(one) for one in notices.get("uncounted", ()))
            quiz = found.get("quiz", {})
            if quiz.get("quarter") == self._face.quarter and quiz.get("right") is not None:
                self._attempt = int(quiz["attempt"])
                right, asked, well = int(quiz["right"]), int(quiz["asked"]), quiz["passed"] is True
                self._begin(self._face.quarter)
                self._face = replace(self._face, right=right, asked=asked, passed=well)
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # a damaged note costs a score, nothing else
