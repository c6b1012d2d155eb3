"""More than five alike within 3 min share a row; level 1 never, a drill never with a real one."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.agent.commands import DeskAct
from app.agent.snapshot import DeskRow
from tests.gui.lead.scene import Scene, row
from ui.surfaces.lead.folding import MORE_THAN, WINDOW, fold


def many(count: int, every: int = 5, first: int = 1, **differs: Any) -> list[DeskRow]:
    return [row(first + n, ago=5 + n * every, **differs) for n in range(count)]


def test_five_alike_stay_five_rows() -> None:
    assert len(fold(many(5))) == 5


def test_six_alike_become_one() -> None:
    entries = fold(many(6))
    assert [len(entry.rows) for entry in entries] == [6]
    assert entries[0].first == row(1, ago=5)


def test_six_within_more_than_three_minutes_stay_apart() -> None:
    assert len(fold(many(6, every=37))) == 6


def test_a_crowd_that_goes_on_is_one_row_and_a_later_one_another() -> None:
    rows = [*many(6, first=100), *(row(n, ago=2000 + 10 * n) for n in range(6))]
    assert [len(entry.rows) for entry in fold(rows)] == [6, 6]
    assert [len(entry.rows) for entry in fold(many(20, every=30))] == [20]


def test_level_1_never_folds() -> None:
    assert len(fold(many(12, level=1))) == 12


def test_a_drill_is_never_mixed_with_a_real_one() -> None:
    assert len(fold([*many(3), *many(3, first=10, drill=True)])) == 6


def test_what_is_answered_leaves_the_crowd() -> None:
    rows = [*many(6), row(9, ago=20, state="taken", taken_by="张主管")]
    assert [len(entry.rows) for entry in fold(rows)] == [6, 1]


kinds = st.builds(
    lambda n, ago, level, drill, taken: row(n, ago=ago, level=level, drill=drill, taken_by=taken),
    st.integers(0, 255), st.integers(0, 2000), st.integers(1, 3), st.booleans(), st.sampled_from(("", "张主管")),
)


@given(st.lists(kinds, max_size=40, unique_by=lambda one: one.alarm))
def test_no_call_for_help_is_lost_or_doubled_by_folding(rows: list[DeskRow]) -> None:
    entries = fold(rows)
    assert sorted(one.alarm for entry in entries for one in entry.rows) == sorted(one.alarm for one in rows)
    assert len({entry.key for entry in entries}) == len(entries)
    for entry in entries:
        assert not entry.folded or (entry.first.level != 1 and len(entry.rows) > MORE_THAN)
        times = sorted(one.raised_boot for one in entry.rows)
        assert all(later - earlier <= WINDOW for earlier, later in pairwise(times))


def test_one_answer_goes_to_all_of_them(scene: Scene) -> None:
    scene.show(*many(7))
    assert scene.desk.list.entries.rowCount() == 1
    assert scene.desk.detail.place.text() == "7 个座位同时求助"
    assert scene.desk.detail.act.text() == "一起回复"
    assert not scene.desk.detail.higher.isVisible()
    scene.settle()
    scene.desk.detail.act.click()
    assert scene.acts == [DeskAct(one.alarm, "take") for one in many(7)]


def test_a_crowd_can_be_looked_at_one_by_one(scene: Scene) -> None:
    scene.show(*many(7))
    scene.desk.detail.apart.click()
    assert scene.desk.list.entries.rowCount() == 7


def test_every_member_of_a_painted_crowd_is_reported(scene: Scene, qtbot: QtBot) -> None:
    scene.show()
    with qtbot.waitExposed(scene.desk):
        pass
    rows = many(8)
    scene.show(*rows)
    assert sorted(scene.painted) == sorted(one.alarm for one in rows)
