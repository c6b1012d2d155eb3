"""Chords, uses, warnings and marks through a whole agent: kept over a restart in the local file, and nothing else is."""

import time
from collections.abc import Callable
from pathlib import Path

from app.agent import commands
from app.agent.snapshot import Snapshot
from app.agent.tables import snapshot_table
from tests.helpers.agent import LIMIT, machine, running


def test_chords_open_palette_and_cards_and_a_mark_makes_no_sound_and_no_window(tmp_path: Path) -> None:
    here = machine()
    with running(tmp_path / "agent", here) as pc:
        await_true(lambda: "<ctrl>+<alt>+3" in here._bound, "the chords")
        here.press("<ctrl>+<alt>+1")
        here.press("<ctrl>+<alt>+2")
        before = pc.seen.until(lambda now: now.guide.scripts_boot and now.guide.cards_boot, "both chords")
        here.press("<ctrl>+<alt>+3")
        shown = pc.seen.until(lambda now: now.guide.marks, "the mark")
        assert (shown.guide.scripts_boot, shown.guide.cards_boot) == (before.guide.scripts_boot, before.guide.cards_boot)
        assert (shown.seat.offer, shown.help, shown.tray) == (before.seat.offer, before.help, before.tray)


def test_what_was_done_outlasts_a_restart_and_what_was_typed_does_not(tmp_path: Path) -> None:
    here = machine()
    with running(tmp_path / "agent", here) as pc:
        for command in (
            commands.OpenScript("insults"), commands.LikeScript("insults", True), commands.SayWarning("insults", 2, 1),
            commands.FillScript("name", "欧阳女士"), commands.PutPalette(11, 22), commands.MarkMoment(),
        ):  # fmt: skip
            pc.agent.post(command)
        shown = pc.seen.until(lambda now: now.guide.marks, "the last command")
        assert dict(shown.guide.values) == {"name": "欧阳女士"}
        assert "欧阳女士" not in str(snapshot_table(shown))
        files = pc.agent._files
        await_true(lambda: files.local is not None and b"marks" in (files.local.get("guide") or b""), "the kept state")
    with running(tmp_path / "agent", here) as pc:
        again = pc.seen.until(lambda now: now.guide.used, "the kept state")
        assert again.guide.values == ()
        assert kept(again) == kept(shown)
    assert not [file for file in (tmp_path / "agent").rglob("*") if file.is_file() and "欧阳女士".encode() in file.read_bytes()]


def test_site_fields_and_the_day_of_review_come_from_the_policy(tmp_path: Path) -> None:
    settings = ("site.assembly_point=西侧停车场", "site.guards_phone=6688", "site.cards_reviewed_on=2026-11-02")
    with running(tmp_path / "agent", machine(), settings=settings) as pc:
        shown = pc.seen.until(lambda s: s.settings.site, "the site's fields").settings
        assert dict(shown.site) == {"guards_phone": "6688", "assembly_point": "西侧停车场"}
        assert shown.cards_reviewed_on == "2026-11-02"


def await_true(fits: Callable[[], object], what: str) -> None:
    end = time.monotonic() + LIMIT
    while not fits():
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.02)  # poll: neither the chords nor the file tell of themselves


def kept(shown: Snapshot) -> tuple[object, ...]:
    guide = shown.guide
    return guide.used, guide.recent, guide.favourites, guide.warns, guide.marks, guide.place
