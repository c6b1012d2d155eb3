"""What is wrong in a shift file is said in one sentence with the file and the entry, and the exit code is 2."""

from errno import ENOSPC
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from app.domain.errors import UsageError
from app.tools.simulate import load_shift, main
from app.tools.simulate_file import LARGEST_FILE

HEAD = 'start = 2026-11-23T09:00:00+08:00\nend = "10:00:00"\n'


def at(*rows: str) -> str:
    return HEAD + "".join(f"[[at]]\n{row}\n" for row in rows)


FAULTS = {
    "start without offset": ('start = 2026-11-23T09:00:00\nend = "10:00:00"', "offset"),
    "start as text": ('start = "2026-11-23T09:00:00+08:00"\nend = "10:00:00"', "start must be"),
    "start missing": ('end = "10:00:00"', "start must be"),
    "start between seconds": ('start = 2026-11-23T09:00:00.5+08:00\nend = "10:00:00"', "whole second"),
    "end missing": ("start = 2026-11-23T09:00:00+08:00", "end is missing"),
    "end as a TOML time": ("start = 2026-11-23T09:00:00+08:00\nend = 10:00:00", "end must be"),
    "unknown key": (HEAD + "until = 1", "'until' is not known"),
    "no TOML": ("start = ", "not TOML"),
    "policy of another kind": (HEAD + "policy = 3", "policy must be a table"),
    "unknown policy key": (HEAD + 'policy = { "lock.idle" = 300 }', "lock.idle"),
    "policy value out of bounds": (HEAD + 'policy = { "lock.idle_after" = 59 }', "lock.idle_after"),
    "policy value above another's half": (
        HEAD + 'policy = { "lock.idle_after" = 60, "lock.warning" = 31 }',
        "lock.warning",
    ),
    "policy value of another type": (HEAD + 'policy = { "lock.idle_after" = true }', "lock.idle_after"),
    "at as a table": (HEAD + '[at]\ntime = "09:20:00"', "at must be a list"),
    "at with other things": (HEAD + "at = [3]", "entry 1: an entry must be a table"),
    "no time": (at('input = "idle"'), "entry 1: time is missing"),
    "time without seconds": (at('time = "09:20"\ninput = "idle"'), "entry 1: time must be"),
    "time that is none": (at('time = "25:00:00"\ninput = "idle"'), "entry 1: time must be"),
    "nothing happens": (at('time = "09:20:00"'), "entry 1: it holds 0 things"),
    "two things happen": (at('time = "09:20:00"\ninput = "idle"\nshare = true'), "entry 1: it holds 2 things"),
    "unknown thing": (at('time = "09:20:00"\nlunch = true'), "entry 1: 'lunch' is not known"),
    "unknown word": (at('time = "09:20:00"\ninput = "typing"'), 'entry 1: input must be one of "active", "idle"'),
    "unknown session": (at('time = "09:20:00"\nsession = "open"'), "entry 1: session must be one of"),
    "unknown alarm": (at('time = "09:20:00"\nalarm = "end"'), "entry 1: alarm must be one of"),
    "unknown answer": (at('time = "09:20:00"\nanswer = "no"'), "entry 1: answer must be one of"),
    "unknown call": (at('time = "09:20:00"\ncall = "hold"'), "entry 1: call must be one of"),
    "unknown break": (at('time = "09:20:00"\nanswer = "now"\nbreak = "tea"'), 'entry 1: break must be one of "eyes"'),
    "break beside another answer": (
        at('time = "09:20:00"\nanswer = "later"\nbreak = "rest"'),
        "'break' does not belong",
    ),
    "hard with a start": (at('time = "09:20:00"\ncall = "start"\nhard = true'), "'hard' does not belong"),
    "hard as text": (
        at('time = "09:20:00"\ncall = "start"', 'time = "09:21:00"\ncall = "end"\nhard = "yes"'),
        "entry 2: hard",
    ),
    "id as a number": (at('time = "09:20:00"\ncall = "start"\nid = 3'), "entry 1: id must be text"),
    "share as a number": (at('time = "09:20:00"\nshare = 1'), "entry 1: share must be one of true, false, not 1"),
    "lock_fails as text": (at('time = "09:20:00"\nlock_fails = "yes"'), "entry 1: lock_fails must be one of"),
    "further key": (at('time = "09:20:00"\ninput = "idle"\nid = "a"'), "entry 1: 'id' does not belong"),
    "id started twice": (
        at('time = "09:20:00"\ncall = "start"', 'time = "09:21:00"\ncall = "start"'),
        "entry 2: the call 'call' was",
    ),
    "id ended unknown": (at('time = "09:20:00"\ncall = "end"\nid = "b"'), "entry 1: the call 'b' is ended"),
    "call ended by a sleep": (
        at(
            'time = "09:20:00"\ncall = "start"',
            'time = "09:21:00"\nsuspend = "00:01:00"',
            'time = "09:23:00"\ncall = "end"',
        ),
        "entry 3: the call 'call' is ended but not open",
    ),
    "entry that goes back": (
        at('time = "09:20:00"\nshare = true', 'time = "09:19:59"\nshare = false'),
        "entry 2: 09:19:59 goes back",
    ),
    "entry after the end": (at('time = "10:00:01"\nshare = true'), "entry 1: 10:00:01 is after the end"),
    "clock time of the start": (at('time = "09:00:00"\nshare = true'), "entry 1: 09:00:00 is after the end"),
    "entry in a sleep": (
        at('time = "09:20:00"\nsuspend = "00:10:00"', 'time = "09:29:59"\nshare = true'),
        "entry 2: 09:29:59 falls",
    ),
    "sleep of no time": (at('time = "09:20:00"\nsuspend = "00:00:00"'), "entry 1: suspend must be"),
    "sleep without a form": (at('time = "09:20:00"\nsuspend = 45'), "entry 1: suspend must be"),
    "number of thousands of digits": (at('time = "09:20:00"\ninput = ' + "9" * 5000), "a number that is too long"),
    "lists in lists without end": (HEAD + "policy = " + "[" * 3000 + "]" * 3000, "nested too deep"),
    "word with a line break": (at('time = "09:20:00"\ninput = "a\\nb"'), 'not "a\\nb"'),
    "wall without a sign": (at('time = "09:20:00"\nwall = "01:00:00"'), "entry 1: wall must be"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_sentence_with_exit_code_two(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, told = FAULTS[name]
    file = tmp_path / "shift.toml"
    file.write_text(text, encoding="utf-8")
    assert main([str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert str(file) in said.err
    assert said.err.count("\n") == 1


def test_a_missing_file_and_a_file_that_is_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_shift(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        load_shift(tmp_path / "bytes.toml")


def test_wrong_arguments_are_told_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        [],
        ["a.toml", "--tick", "0"],
        ["a.toml", "--tick", "1/0"],
        ["a.toml", "--tick", "nan"],
        ["a.toml", "--tick", "-1"],
        ["a.toml", "--tick", "1e999999999"],
        ["a.toml", "--tick", "1e-999999999"],
        ["a.toml", "--what"],
    ):
        assert main(arguments) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_file_without_end_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "long.toml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(UsageError, match="larger than"):
        load_shift(tmp_path / "long.toml")


def test_an_id_that_the_console_cannot_show_is_written_in_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, written = tmp_path / "shift.toml", BytesIO()
    file.write_text(at('time = "09:20:00"\ncall = "start"\nid = "通话"'), encoding="utf-8")
    monkeypatch.setattr("sys.stdout", TextIOWrapper(written, encoding="ascii"))
    assert main([str(file)]) == 0
    assert rb"\u901a\u8bdd" in written.getvalue()


class FullDisk(StringIO):
    """An output that takes nothing more."""

    def write(self, text: str) -> int:
        raise OSError(ENOSPC, "No space left on device")


def test_an_output_that_is_full_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shift.toml"
    file.write_text(HEAD, encoding="utf-8")
    monkeypatch.setattr("sys.stdout", FullDisk())
    assert main([str(file)]) == 3
    assert capsys.readouterr().err == "The output cannot be written: No space left on device.\n"


def test_what_stands_at_the_edges_of_the_rules_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "edges.toml"
    file.write_text(
        at(
            'time = "+00:00:00"\nsuspend = "00:10:00"',
            'time = "09:10:00"\ncall = "start"',
            'time = "09:10:00"\ncall = "end"\nhard = false',
            'time = "09:10:00"\ncall = "start"',
            'time = "10:00:00"\nanswer = "now"',
        )
    )
    assert len(load_shift(file).entries) == 5


def test_lab_times_are_taken_only_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "lab.toml"
    file.write_text(HEAD + 'policy = { "lock.idle_after" = 4, "lock.warning" = 1, "presence.away_after" = 2 }')
    with pytest.raises(UsageError, match=r"lock\."):
        load_shift(file)
    assert load_shift(file, lab=True).rules.lock_idle_after == 4


def test_a_clock_time_not_after_the_start_is_on_the_next_day(tmp_path: Path) -> None:
    file = tmp_path / "night.toml"
    file.write_text('start = 2026-11-23T22:00:00+08:00\nend = "06:00:00"\n[[at]]\ntime = "00:30:00"\ninput = "idle"\n')
    shift = load_shift(file)
    assert (shift.length, shift.entries[0].at) == (8 * 3600, 9000)
