"""The pages on the person's own data: read while open, forgotten with them, silent about an alarm that is covert."""

from dataclasses import replace

from app.agent import commands
from app.agent.events import AlarmNote, Committed
from app.agent.events.pages import (
    DayRead,
    DropMood,
    ExportOwn,
    FetchReaders,
    KeepMood,
    LeavesRead,
    OwnExported,
    ReadDay,
    ReadersHeard,
    ReadLeaves,
)
from app.agent.leavetable import PLACES, kind_words, never_recorded, table_rows
from app.agent.pagefaces import NO_PAGES, DayFace, LeavesFace, MoodNote, OwnEntry, Reader
from app.agent.parts.day import AGAIN, COVERT, DayPart
from app.agent.snapshot import HelpFace, Snapshot
from app.agent.tables import snapshot_table
from app.content.texts import LANGUAGES, table
from app.domain.moment import NS
from app.privacy.table import rows
from tests.unit.agent.moments import START, at

BEFORE = OwnEntry(1, START.wall_ms - 5000, "alarm.raised", "{}")
ALARM = OwnEntry(3, START.wall_ms, "alarm.raised", "{}")
LOCK = OwnEntry(2, START.wall_ms, "lock.daily", "{}")


def give(part: DayPart, item: object, seconds: float = 0) -> list[object]:
    return list(part.handle(item, at(seconds)))


def shown(part: DayPart, seconds: float = 0, *, open_alarm: bool = False) -> Snapshot:
    return part.face(replace(Snapshot(0, START), help=HelpFace(open=open_alarm)), at(seconds))


def test_a_page_is_read_when_it_opens_and_forgotten_when_it_closes() -> None:
    part = DayPart()
    assert give(part, commands.OpenPage("leaves")) == [ReadLeaves(), FetchReaders()]
    give(part, LeavesRead(LeavesFace(True, (LOCK,))))
    assert shown(part).pages.leaves == LeavesFace(True, (LOCK,))
    assert give(part, Committed(True, 0)) == [ReadLeaves()], "what was just written shows"
    give(part, commands.ClosePage("leaves"))
    assert shown(part).pages == NO_PAGES
    give(part, LeavesRead(LeavesFace(True, (LOCK,))))
    assert shown(part).pages == NO_PAGES, "an answer that comes late is dropped"
    assert give(part, Committed(True, 0)) == []
    assert give(part, commands.OpenPage("elsewhere")) == []


def test_who_read_ones_reports_is_the_servers_word_or_not_known() -> None:
    part, reader = DayPart(), Reader("2026-11-20", "lead", "SH-20261119-0007")
    give(part, commands.OpenPage("leaves"))
    give(part, LeavesRead(LeavesFace(True)))
    told = [shown(part).pages.leaves]
    for heard in (ReadersHeard(False), ReadersHeard(True, (reader,))):
        give(part, heard)
        told.append(shown(part).pages.leaves)
    assert [(one.readers_state, one.readers) for one in told if one] == [("asking", ()), ("unreachable", ()), ("told", (reader,))]
    give(part, commands.ClosePage("leaves"))
    give(part, commands.OpenPage("leaves"))
    give(part, LeavesRead(LeavesFace(True)))
    again = shown(part).pages.leaves
    assert again is not None
    assert again.readers_state == "asking", "a closed page forgets"


def test_an_open_day_is_read_again_each_minute() -> None:
    part = DayPart()
    assert give(part, commands.OpenPage("day")) == [ReadDay()]
    assert part.due() == at(0).boot + AGAIN
    give(part, DayRead(DayFace(1, 2, moods=(MoodNote(1, 5, "x"),))))
    assert give(part, object(), AGAIN / NS) == [ReadDay()]
    give(part, commands.ClosePage("day"))
    assert (part.due(), shown(part).pages.day) == (None, None)


def test_a_covert_alarm_does_not_show_in_the_list_of_what_was_sent() -> None:
    part = DayPart()
    give(part, commands.OpenPage("leaves"))
    give(part, AlarmNote("raise"))
    give(part, LeavesRead(LeavesFace(True, (ALARM, LOCK, BEFORE))))
    leaves = shown(part, open_alarm=True).pages.leaves
    assert leaves is not None
    assert leaves.entries == (LOCK, BEFORE), "what was there before stays"
    give(part, AlarmNote("take_back"))
    hidden = shown(part, 60).pages.leaves
    assert hidden is not None
    assert ALARM not in hidden.entries
    after = shown(part, COVERT / NS + 1).pages.leaves
    assert after is not None
    assert ALARM in after.entries
    give(part, AlarmNote("settled"))
    settled = shown(part).pages.leaves
    assert settled is not None
    assert settled.entries == (ALARM, LOCK, BEFORE)


def test_moods_and_exports_become_effects() -> None:
    part = DayPart()
    assert give(part, commands.NoteMood(3, "tired")) == [KeepMood(START.wall_ms, 3, "tired")]
    assert give(part, commands.ForgetMood(7)) == [DropMood(7)]
    assert give(part, commands.ExportMine("a.json", "json")) == [ExportOwn("a.json", "json")]
    assert give(part, commands.ExportMine("a.exe", "exe")) == []
    give(part, commands.OpenPage("leaves"))
    give(part, LeavesRead(LeavesFace(True)))
    give(part, OwnExported("done"))
    assert shown(part).pages.leaves == LeavesFace(True, (), "done")


def test_status_tells_nothing_of_the_persons_own_pages() -> None:
    part = DayPart()
    give(part, commands.OpenPage("day"))
    give(part, DayRead(DayFace(1, 2, moods=(MoodNote(1, 5, "secret-line"),))))
    assert "secret-line" in str(shown(part).pages.day.moods[0].line)  # type: ignore[union-attr]  # it was just read
    assert "secret-line" not in str(snapshot_table(shown(part)))


def test_the_table_that_pages_show_is_the_generated_one() -> None:
    for language in LANGUAGES:
        made = table_rows(language)
        assert [one.name for one in made] == [row.name for row in rows()]
        assert {one.place for one in made} == set(PLACES)
        for one, row in zip(made, rows(), strict=True):
            assert one.fields == tuple(field.name for field in row.fields if field.name != "v")
            assert table(language)[f"privacy.{row.key}"] in one.what
        assert table(language)["privacy.never_pin"] in never_recorded(language)
    assert kind_words("lock.daily", "en") == table("en")["privacy.row_lock_daily"]
    assert kind_words("of.tomorrow", "en") == "of.tomorrow"
