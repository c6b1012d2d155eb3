"""The person's own pages on a running agent: entries as sent, moods that never leave, and the export."""

import base64
import csv
import io
import json
import sys
from pathlib import Path

import pytest

from app.agent import commands
from app.agent.reports import FIELDS
from app.agent.snapshot import Snapshot
from tests.helpers.agent import Pc, running
from tests.unit.server.test_pictures import JPEG

CARD = "6222021234567890128"


def page(pc: Pc, name: str, *, readable: bool = True) -> Snapshot:
    def there(shown: Snapshot) -> bool:
        face = getattr(shown.pages, name)
        return face is not None and face.readable is readable

    pc.agent.post(commands.OpenPage(name))
    return pc.seen.until(there, f"the page {name}")


def test_the_newest_records_stand_first_with_their_very_fields(tmp_path: Path) -> None:
    with running(tmp_path / "pc") as pc:
        shown = page(pc, "leaves")
        assert shown.pages.leaves is not None
        entries = shown.pages.leaves.entries
        assert [one.number for one in entries] == sorted((one.number for one in entries), reverse=True)
        assert json.loads(entries[-1].text)["type"] == entries[-1].kind == "epoch"
        assert not entries[-1].held, "no server has it"
        pc.agent.post(commands.ClosePage("leaves"))
        pc.seen.until(lambda now: now.pages.leaves is None, "the page to be forgotten")


def test_without_a_journal_the_page_says_so(tmp_path: Path) -> None:
    with running(tmp_path / "pc", None, "vault_missing") as pc:
        leaves, day = page(pc, "leaves", readable=False).pages.leaves, page(pc, "day", readable=False).pages.day
        assert leaves is not None
        assert day is not None
        assert (leaves.readable, day.readable) == (False, False)


def test_a_mood_is_masked_kept_over_a_restart_and_deleted_when_asked(tmp_path: Path) -> None:
    from tests.helpers.agent import machine

    here = machine()
    with running(tmp_path / "pc", here) as pc:
        page(pc, "day")
        pc.agent.post(commands.NoteMood(2, f"he read me  {CARD}"))
        pc.seen.until(lambda now: now.pages.day and now.pages.day.moods, "the note")
        pc.agent.post(commands.NoteMood(8, "better"))
        pc.seen.until(lambda now: now.pages.day and len(now.pages.day.moods) == 2, "the second note")
    again = machine()
    again.secrets = here.secrets
    with running(tmp_path / "pc", again) as pc:
        day = page(pc, "day").pages.day
        assert day is not None
        assert [one.strength for one in day.moods] == [2, 8]
        assert CARD not in day.moods[0].line
        pc.agent.post(commands.ForgetMood(day.moods[0].ms))
        pc.seen.until(lambda now: now.pages.day and len(now.pages.day.moods) == 1, "one to go")
        pc.agent.post(commands.ForgetMood())
        pc.seen.until(lambda now: now.pages.day and not now.pages.day.moods, "all to go")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_export_holds_what_leaves_what_stays_and_the_own_notes(tmp_path: Path, form: str) -> None:
    target = tmp_path / f"mine.{form}"
    with running(tmp_path / "pc") as pc:
        page(pc, "day")
        pc.agent.post(commands.NoteMood(4, "=1+1"))
        pc.seen.until(lambda now: now.pages.day and now.pages.day.moods, "the note")
        page(pc, "leaves")
        pc.agent.post(commands.ExportMine(str(target), form))
        pc.seen.until(lambda now: now.pages.leaves and now.pages.leaves.exported == "done", "the export")
        if form == "json":
            found = json.loads(target.read_bytes())
            assert set(found) == {"made", "leaves", "stays", "own", "photos"}
            assert found["leaves"][0]["type"] == "epoch"
            assert found["own"]["moods"][0][1:] == [4, "=1+1"]
        else:
            lines = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
            assert lines[0] == ["where", "number", "time", "type", "fields"]
            assert [line[3:] for line in lines if line[0] == "own"] == [["mood", "4 =1+1"]]
            assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "@"))]
        assert sys.platform == "win32" or target.stat().st_mode & 0o077 == 0
        pc.agent.post(commands.ExportMine(str(tmp_path / "nowhere" / "x.csv"), form))
        pc.seen.until(lambda now: now.pages.leaves and now.pages.leaves.exported == "unwritten", "the refusal")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_export_holds_a_report_that_is_only_a_draft_masked_and_with_its_photo(tmp_path: Path, form: str) -> None:
    target, report = tmp_path / f"mine.{form}", b"\x5a" * 16
    said = tuple({"text": f"他要我记下 {CARD}", "place": "北门"}.get(name, "") for name in FIELDS)
    with running(tmp_path / "pc") as pc:
        pc.seen.until(lambda now: now.reports.loaded, "the files")
        pc.agent.post(commands.EditReport(report, 1, said, kind="threat", level=2))
        pc.agent.post(commands.AddPhoto(report, JPEG))
        pc.seen.until(lambda now: any(one.saved and one.photos for one in now.reports.drafts), "the draft and its photo")
        page(pc, "leaves")
        pc.agent.post(commands.ExportMine(str(target), form))
        pc.seen.until(lambda now: now.pages.leaves and now.pages.leaves.exported == "done", "the export")
    found = target.read_text(encoding="utf-8-sig")
    assert CARD not in found
    if form == "json":
        whole = json.loads(found)
        (draft,) = whole["own"]["reports"]["drafts"]
        kept, (photo,) = dict(zip(FIELDS, draft["fields"], strict=True)), whole["photos"].values()
        assert base64.b64decode(photo) == JPEG
    else:
        ((*_, cell),) = [line for line in csv.reader(io.StringIO(found)) if line[3] == "report draft"]
        kept = json.loads(cell)
    assert kept["place"] == "北门"
    assert kept["text"].startswith("他要我记下 [")
