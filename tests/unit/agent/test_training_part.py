"""Training: ten questions of one's own, the score stays, the server learns done and passed."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.agent import commands
from app.agent.events import Commit, ReadState, SaveState, StateRead, VaultOpened
from app.agent.events.pages import CountNotice, FetchNotices, NoticeCounted, NoticesHeard
from app.agent.pagefaces import NoticeView, TrainingFace
from app.agent.parts.training import STATE, TrainingPart
from app.agent.snapshot import Snapshot
from app.agent.training import TEN, answers_of, passed, quarter_of, questions_of, seed_of
from app.content.library import Library
from app.content.model import Answer, Question, Quiz
from app.content.texts import LANGUAGES
from app.protocol.records import File, encode
from app.protocol.report_kinds import QuizDone
from tests.unit.agent.moments import START, at

STREAM = b"\x09" * 16


def part_of(blob: bytes = b"", day: str = "2026-11-21") -> TrainingPart:
    part = TrainingPart(STREAM, lambda _: day)
    assert give(part, VaultOpened(True, True)) == [ReadState(STATE)]
    give(part, StateRead(STATE, blob))
    return part


def give(part: TrainingPart, item: object) -> list[object]:
    return list(part.handle(item, at(0)))


def face(part: TrainingPart) -> TrainingFace:
    return part.face(Snapshot(0, START), START).pages.training


def kept(out: list[object]) -> bytes:
    return next(one.blob for one in out if isinstance(one, SaveState))


def test_the_record_says_done_and_passed_and_never_the_score() -> None:
    part = part_of()
    out = give(part, commands.FinishQuiz("2026Q4", 7, 10))
    record = QuizDone(ms=START.wall_ms, quarter="2026Q4", passed=False)
    assert out[0] == Commit((record,))
    assert set(json.loads(encode(record, File.JOURNAL))) == {"type", "v", "ms", "quarter", "passed"}
    assert (face(part).right, face(part).asked, face(part).passed) == (7, 10, False)


def test_who_goes_again_gets_other_questions_and_stays_passed() -> None:
    part = part_of()
    first = face(part).seed
    give(part, commands.FinishQuiz("2026Q4", 9, 10))
    assert face(part).seed != first
    out = give(part, commands.FinishQuiz("2026Q4", 2, 10))
    assert out[0] == Commit((QuizDone(ms=START.wall_ms, quarter="2026Q4", passed=True),))
    assert (face(part).right, face(part).passed) == (2, True)


def test_score_and_callers_outlast_a_restart_but_not_the_quarter() -> None:
    part = part_of()
    give(part, commands.FinishCaller("angry-refund", 3, 4))
    blob = kept(give(part, commands.FinishQuiz("2026Q4", 8, 10)))
    again = part_of(blob)
    assert face(again) == face(part)
    later = part_of(blob, "2027-01-02")
    assert (face(later).quarter, face(later).right, face(later).callers) == ("2027Q1", None, (("angry-refund", 3, 4),))


def test_a_damaged_note_and_figures_that_cannot_be_cost_nothing() -> None:
    for blob in (b"{", b"[]", b'{"quiz": 1}', b'{"callers": [["a"]]}', b'{"quiz": {"quarter": "2026Q4", "right": "x"}}'):
        assert face(part_of(blob)).right is None
    part = part_of()
    assert give(part, commands.FinishQuiz("2026Q3", 9, 10)) == []
    assert give(part, commands.FinishQuiz("2026Q4", 11, 10)) == []
    assert give(part, commands.FinishCaller("x", 5, 4)) == []
    assert part.due() is None


def test_quarters_and_the_bound_of_passing() -> None:
    assert [quarter_of(f"2026-{month:02}-01") for month in (1, 3, 4, 9, 10, 12)] == [
        "2026Q1", "2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026Q4",
    ]  # fmt: skip
    assert (passed(8, 10), passed(7, 10), passed(0, 0)) == (True, False, False)


def bank(sizes: list[int]) -> tuple[Quiz, ...]:
    answers = tuple(Answer(f"{n}", n == 0) for n in range(4))
    return tuple(
        Quiz(f"t{topic}", "", tuple(Question(f"t{topic}-{n}", "", answers, "") for n in range(size)))
        for topic, size in enumerate(sizes)
    )


@given(st.lists(st.integers(0, 12), max_size=12), st.binary(min_size=16, max_size=16), st.integers(0, 5))
def test_ten_different_questions_spread_over_the_topics(sizes: list[int], stream: bytes, attempt: int) -> None:
    seed = seed_of(stream, "2026Q4", attempt)
    chosen = questions_of(bank(sizes), seed)
    assert chosen == questions_of(bank(sizes), seed), "the same every time"
    ids = [one.id for _, one in chosen]
    assert len(ids) == len(set(ids)) == min(TEN, sum(sizes))
    counts = [sum(one.startswith(f"t{topic}-") for one in ids) for topic in range(len(sizes))]
    full = max(counts, default=0)
    assert all(count >= min(full - 1, size) for count, size in zip(counts, sizes, strict=True))


def test_the_shipped_bank_asks_one_of_each_topic_alike_in_every_language() -> None:
    seed = seed_of(STREAM, "2026Q4", 0)
    found = {language: questions_of(Library(language).quiz, seed) for language in LANGUAGES}
    ids = [one.id for _, one in found["zh_CN"]]
    assert all([one.id for _, one in chosen] == ids for chosen in found.values())
    assert len({topic.id for topic, _ in found["en"]}) == TEN
    for language in LANGUAGES:
        for _, one in found[language]:
            mixed = answers_of(one.id, one.answers, seed)
            assert set(mixed) == set(one.answers)
            assert sum(answer.right for answer in mixed) == 1
    rights = {
        [answer.right for answer in answers_of(one.id, one.answers, seed)].index(True) for _, one in found["en"]
    }
    assert len(rights) > 1, "the right one stands in different places"
    other = questions_of(Library("en").quiz, seed_of(b"\x01" * 16, "2026Q4", 0))
    assert [one.id for _, one in other] != ids, "somebody else gets others"


def test_a_notice_counts_once_and_is_told_again_until_a_server_took_it() -> None:
    part, notice = part_of(), NoticeView(b"\x01" * 16, "t", "x", 1, 2)
    assert give(part, commands.OpenPage("training")) == [FetchNotices()]
    assert face(part).notices_state == "asking"
    give(part, NoticesHeard(True, (notice,)))
    out = give(part, commands.ReadNotice(notice.id))
    assert out[0] == CountNotice(notice.id)
    assert face(part).notices == (replace(notice, read=True),)
    assert give(part, commands.ReadNotice(notice.id)) == [], "once"
    again = part_of(kept(out))
    assert give(again, commands.OpenPage("training")) == [FetchNotices(), CountNotice(notice.id)]
    give(again, NoticesHeard(False))
    assert (face(again).notices_state, face(again).notices) == ("unreachable", ())
    done = part_of(kept(give(again, NoticeCounted(notice.id))))
    assert give(done, commands.OpenPage("training")) == [FetchNotices()]
    give(done, NoticesHeard(True, (notice,)))
    assert face(done).notices[0].read
