"""When the enrolment code that the installer left is tried, and what the faults say of it."""

from collections.abc import Iterable

import pytest

from app.agent.events import EnrolmentChanged, HandoverTried, SessionChanged, TakeHandover, VaultOpened
from app.agent.parts.handover import FAULTS, HandoverPart
from app.agent.snapshot import Snapshot
from app.content.texts import LANGUAGES, Texts
from app.desktop.ports import Locked
from app.domain.moment import NS
from app.sync.retry import CEILING_S, FLOOR_S
from tests.unit.agent.moments import START, at
from ui.words import first_fault

OPENED = VaultOpened(True, True, b"", (), ())


def part(*, ready: bool = True, chance: float = 1.0) -> HandoverPart:
    return HandoverPart(lambda: ready, lambda: chance)


def give(to: HandoverPart, *items: object, after: float = 0) -> list[object]:
    return [answer for item in items for answer in to.handle(item, at(after))]


def faults(of: HandoverPart) -> tuple[str, ...]:
    return of.face(Snapshot(0, START), START).faults


def waiting() -> HandoverPart:
    made = part()
    assert give(made, EnrolmentChanged(False, False)) == [TakeHandover()]
    give(made, HandoverTried("waiting"))
    return made


def test_a_pc_that_is_enrolled_looks_for_no_code() -> None:
    assert give(part(), EnrolmentChanged(True, False), OPENED, SessionChanged(Locked.NO)) == []


def test_without_its_key_a_pc_cannot_enrol() -> None:
    assert give(part(ready=False), EnrolmentChanged(False, False), OPENED) == []


def test_one_attempt_runs_at_a_time() -> None:
    assert give(part(), EnrolmentChanged(False, False), OPENED, SessionChanged(Locked.NO)) == [TakeHandover()]


def test_before_the_enrolment_is_known_nothing_is_tried() -> None:
    assert give(part(), OPENED) == []


def test_a_server_that_does_not_answer_is_asked_ever_more_seldom() -> None:
    made, pauses, now = waiting(), [], 0.0
    for _ in range(8):
        due = made.due()
        assert due is not None
        pauses.append((due - at(now).boot) / NS)
        assert give(made, object(), after=now + pauses[-1] - 0.01) == []
        now += pauses[-1]
        assert give(made, object(), after=now) == [TakeHandover()]
        give(made, HandoverTried("waiting"), after=now)
    assert pauses == sorted(pauses)
    assert pauses[0] > FLOOR_S
    assert pauses[-1] == CEILING_S


@pytest.mark.parametrize("outcome", sorted(FAULTS))
def test_every_way_to_fail_is_told_in_one_sentence(outcome: str) -> None:
    made = part()
    give(made, EnrolmentChanged(False, False), HandoverTried(outcome))
    assert faults(made) == (FAULTS[outcome],)
    assert (made.due() is None) == (outcome not in ("waiting", "held"))
    for language in LANGUAGES:
        texts = Texts(language)
        shown = made.face(Snapshot(0, START, faults=("not_enrolled",)), START)
        assert first_fault(shown, texts) == texts.t(f"fault.{FAULTS[outcome]}")


def test_an_enrolment_ends_fault_and_attempts() -> None:
    made = waiting()
    assert faults(made) == ("handover_waiting",)
    give(made, HandoverTried("enrolled"), EnrolmentChanged(True, False))
    assert (faults(made), made.due()) == ((), None)


def test_a_code_that_another_account_has_used_is_no_fault_any_more() -> None:
    made = part()
    give(made, EnrolmentChanged(False, False), HandoverTried("held"), HandoverTried("none"))
    assert (faults(made), made.due()) == ((), None)


def test_a_refused_code_stays_told_after_it_is_gone() -> None:
    made = part()
    give(made, EnrolmentChanged(False, False), HandoverTried("refused"))
    found: Iterable[object] = give(made, SessionChanged(Locked.NO))
    assert found == [TakeHandover()]
    give(made, HandoverTried("none"))
    assert faults(made) == ("handover_refused",)
