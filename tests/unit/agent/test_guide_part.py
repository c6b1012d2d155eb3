"""The guide: uses, favourites, places in a conversation, warnings with their times, marks, and variables that never stay."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agent import commands
from app.agent.events import (
    AlarmNote,
    CallChanged,
    HotkeyPressed,
    ReadState,
    SaveState,
    StateRead,
    StateRecalled,
    VaultOpened,
)
from app.agent.parts.guide import KEPT_MS, MARKS_MAX, QUIET, STATE, GuidePart
from app.agent.snapshot import GuideFace, Snapshot, WarnStep
from app.agent.tables import snapshot_table
from app.domain.moment import NS, Moment
from tests.unit.agent.moments import START, at

EMPTY = StateRead(STATE, b"")
DAY = 24 * 3600.0


def begun(blob: bytes = b"") -> GuidePart:
    part = GuidePart()
    part.handle(StateRead(STATE, blob), START)
    return part


def give(part: GuidePart, *items: object, now: Moment = START) -> list[object]:
    return [out for item in items for out in part.handle(item, now)]


def face(part: GuidePart, now: Moment = START) -> GuideFace:
    return part.face(Snapshot(0, now), now).guide


def saved(outs: Iterable[object]) -> bytes:
    return [out for out in outs if isinstance(out, SaveState)][-1].blob


def test_opening_counts_and_the_last_three_stand_newest_first() -> None:
    part = begun()
    give(part, *(commands.OpenScript(one) for one in ("a", "b", "c", "a", "d")))
    assert dict(face(part).used) == {"a": 2, "b": 1, "c": 1, "d": 1}
    assert face(part).recent == ("d", "a", "c")


def test_a_restart_keeps_counts_favourites_marks_warnings_and_place_and_nothing_of_the_customer() -> None:
    part = begun()
    out = give(
        part, commands.OpenScript("insults"), commands.LikeScript("insults", True), commands.FillScript("name", "王女士"),
        commands.WalkScript("insults", 3), commands.SayWarning("insults", 3, 1), commands.PutPalette(40, 50),
        HotkeyPressed("mark", 0),
    )
    blob = saved(out)
    assert "王女士".encode() not in blob
    assert b"\\u738b" not in blob
    again = face(begun(blob))
    assert again == replace(
        GuideFace(), used=(("insults", 1),), recent=("insults",), favourites=("insults",), place=(40, 50),
        warns=(WarnStep(START.wall_ms, "insults", 3, 1),), marks=(START.wall_ms,),
    )


def test_the_state_is_asked_for_once_and_counts_are_not_doubled() -> None:
    part = GuidePart()
    assert give(part, VaultOpened(True, True)) == [ReadState(STATE)]
    assert give(part, commands.OpenScript("a")) == [], "what was kept is not known yet and must not be overwritten"
    assert saved(give(part, StateRead(STATE, b'{"used":{"a":4}}')))
    assert dict(face(part).used) == {"a": 5}
    assert give(part, StateRecalled(b""), StateRead(STATE, b'{"used":{"a":4}}')) == []
    assert dict(face(part).used) == {"a": 5}


@pytest.mark.parametrize("blob", [b"x", b"[]", b'{"used":3,"liked":[1],"recent":"","marks":["x"],"warns":[[1]],"place":[]}', b"\xff"])
def test_a_damaged_state_counts_as_none(blob: bytes) -> None:
    assert face(begun(blob)) == GuideFace()


def test_places_warnings_and_names_end_with_the_call_and_the_agent_s_own_stay() -> None:
    part = begun()
    give(part, CallChanged("1", True), commands.FillScript("name", "王"), commands.FillScript("agent", "小李"))
    give(part, commands.OpenScript("a"), commands.WalkScript("a", 2), commands.SayWarning("a", 2, 1))
    assert (face(part).places, face(part).current, len(face(part).warned)) == ((("a", 2),), "a", 1)
    give(part, CallChanged("2", True), CallChanged("1", False))
    assert face(part).places, "a call that was handed on is the same conversation"
    give(part, CallChanged("2", False))
    shown = face(part)
    assert (shown.places, shown.current, shown.warned, shown.values) == ((), "", (), (("agent", "小李"),))
    assert len(shown.warns) == 1


def test_without_a_call_a_conversation_ends_after_half_an_hour_of_quiet() -> None:
    part = begun()
    give(part, commands.WalkScript("a", 1))
    assert part.due() == START.boot + QUIET
    give(part, object(), now=at(QUIET / NS - 1))
    assert face(part).places
    give(part, object(), now=at(QUIET / NS))
    assert face(part).places == ()
    assert part.due() is None


def test_an_empty_value_forgets_it_and_unknown_variables_are_not_kept() -> None:
    part = begun()
    give(part, commands.FillScript("name", "x" * 99), commands.FillScript("secret", "1"))
    assert dict(face(part).values) == {"name": "x" * 40}
    give(part, commands.FillScript("name", ""))
    assert face(part).values == ()


def test_what_was_typed_is_in_no_table_for_the_command_line() -> None:
    part = begun()
    give(part, commands.FillScript("name", "王女士"))
    shown = part.face(Snapshot(0, START), START)
    assert "王女士" not in str(snapshot_table(shown))
    assert "王女士" not in repr(shown)
    assert "王女士" not in repr(commands.FillScript("name", "王女士"))


def test_a_warning_noted_by_mistake_is_taken_back_everywhere_and_only_the_newest() -> None:
    part = begun()
    give(part, commands.SayWarning("a", 1, 1))
    out = give(part, commands.SayWarning("a", 2, 2), commands.UnsayWarning("b"), commands.UnsayWarning("a"))
    assert [one.warn for one in face(part).warned] == [one.warn for one in face(part).warns] == [1]
    assert len(face(begun(saved(out))).warns) == 1
    give(part, CallChanged("1", True))
    assert give(part, commands.UnsayWarning("a")) == [], "what another call left is a record"
    assert len(face(part).warns) == 1


def test_marks_and_warnings_are_gone_after_28_days() -> None:
    part = begun()
    give(part, commands.MarkMoment(), commands.SayWarning("a", 0, 3))
    give(part, commands.MarkMoment(), now=at(DAY))
    assert part.due() is not None
    out = give(part, object(), now=at(KEPT_MS / 1000))
    assert b'"warns":[]' in saved(out)
    assert face(part).marks == (at(DAY).wall_ms,)
    give(part, object(), now=at(KEPT_MS / 1000 + DAY))
    assert (face(part).marks, face(part).warns) == ((), ())


def test_the_newest_fifty_marks_are_kept() -> None:
    part = begun()
    for second in range(MARKS_MAX + 5):
        give(part, HotkeyPressed("mark", 0), now=at(second))
    assert face(part).marks == tuple(at(second).wall_ms for second in range(5, MARKS_MAX + 5))


def test_the_chords_ask_for_palette_and_cards_and_open_nothing_themselves() -> None:
    part = begun()
    assert give(part, HotkeyPressed("scripts", 5), HotkeyPressed("cards", 6), HotkeyPressed("help", 7)) == []
    assert (face(part).scripts_boot, face(part).cards_boot) == (5, 6)


def test_a_call_for_help_changes_nothing_of_the_guide() -> None:
    part = begun()
    give(part, commands.OpenScript("a"), commands.WalkScript("a", 1))
    before = face(part)
    assert give(part, AlarmNote("raise"), commands.RaiseAlarm(1), AlarmNote("take_back")) == []
    assert face(part) == before


NAMES = st.sampled_from(["a", "b", "c-1", "D!", "", "../x"])
ACTS = st.lists(
    st.one_of(
        NAMES.map(commands.OpenScript), st.builds(commands.WalkScript, NAMES, st.integers(-2, 9)),
        st.builds(commands.SayWarning, NAMES, st.integers(-2, 9), st.integers(-1, 5)),
        st.builds(commands.LikeScript, NAMES, st.booleans()), st.builds(commands.PutPalette, st.integers(), st.integers()),
        st.just(commands.MarkMoment()), st.builds(CallChanged, st.sampled_from("xy"), st.booleans()),
    ),
    max_size=40,
)  # fmt: skip


@given(ACTS)
def test_what_is_saved_comes_back_whatever_was_done(acts: list[object]) -> None:
    part, blob = begun(), b""
    for item in acts:
        for out in give(part, item):
            assert isinstance(out, SaveState)
            blob = out.blob
    shown, again = face(part), face(begun(blob))
    assert set(again.used) == set(shown.used)
    assert (again.recent, again.favourites, again.marks, again.place) == (
        shown.recent, shown.favourites, tuple(sorted(set(shown.marks))), shown.place,
    )  # fmt: skip
    assert set(again.warns) == set(shown.warns)
    assert all(one.warn in (1, 2, 3) for one in shown.warns)
