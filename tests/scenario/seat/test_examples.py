"""The four examples at the end of the shift-file contract, word for word, and the formats of the output."""

import json
from pathlib import Path

import pytest

from app.tools.simulate import load_shift, main, simulate

SHIFTS = Path(__file__).parents[2] / "data" / "shifts"


def play(name: str) -> list[tuple[object, ...]]:
    return [tuple(line.values()) for line in simulate(load_shift(SHIFTS / name))]


def test_an_idle_pc_is_warned_locked_and_signed_out() -> None:
    assert play("idle.toml") == [
        ("09:06:45", 405.0, "lock.warned"),
        ("09:07:00", 420.0, "lock.asked", "idle"),
        ("09:07:00", 420.0, "lock.confirmed", "simulated"),
        ("09:17:00", 1020.0, "shift.signed_out"),
    ]


def test_after_a_long_call_talk_is_offered_before_eyes() -> None:
    assert play("long_call.toml") == [
        ("09:10:00", 600.0, "call.started", "call"),
        ("09:45:00", 2700.0, "call.ended", "call", 2100, False),
        ("09:45:10", 2710.0, "break.offered", "talk", 300),
        ("09:47:10", 2830.0, "break.postponed", "talk"),
        ("09:47:10", 2830.0, "break.offered", "eyes", 20),
        ("09:47:20", 2840.0, "break.started", "eyes"),
        ("09:47:40", 2860.0, "break.kept", "eyes", "taken"),
    ]


def test_a_wall_clock_jump_moves_only_the_printed_time() -> None:
    assert play("wall_jump.toml") == [
        ("10:20:00", 1200.0, "break.offered", "eyes", 20),
        ("10:20:10", 1210.0, "break.started", "eyes"),
        ("10:20:30", 1230.0, "break.kept", "eyes", "taken"),
    ]


def test_an_absence_of_two_minutes_keeps_the_eyes_break() -> None:
    assert play("short_absence.toml") == [("09:16:00", 960.0, "break.kept", "eyes", "natural")]


def test_json_prints_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SHIFTS / "idle.toml"), "--json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first == {"time": "09:06:45", "elapsed": 405.0, "kind": "lock.warned"}


def test_sums_add_a_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SHIFTS / "long_call.toml"), "--json", "--sums"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last == {
        "time": "09:50:00",
        "elapsed": 3000.0,
        "kind": "sums",
        "interruptions": 2,
        "kept": {
            "eyes": {"taken": 1, "natural": 0},
            "rest": {"taken": 0, "natural": 0},
            "talk": {"taken": 0, "natural": 0},
            "calm": {"taken": 0, "natural": 0},
        },
        "longest_without_rest": 2980.0,
        "locks": 0,
        "loads": {"eyes": 140.0, "rest": 2860.0},
        "debts": {"talk": 280.0, "calm": 0.0},
    }


def test_sums_of_a_pc_that_sleeps_through_the_end_are_those_of_the_end() -> None:
    shift = load_shift(SHIFTS / "idle.toml")
    asleep = shift.__class__(shift.start, shift.offset, 900, shift.rules, ())
    assert simulate(asleep, sums=True)[-1]["loads"] == {"eyes": 900.0, "rest": 900.0}


def test_the_time_line_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("whole_day.toml", "long_call.toml"):
        assert main([str(SHIFTS / name), "--sums"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "09:45:10     2710.0  break.offered     talk break offered, 300 s" in lines
    assert any("ends after 300 s, hard" in line for line in lines)


def test_tenths_are_rounded_half_up_and_the_clock_is_cut(tmp_path: Path) -> None:
    # 601 s of eyes load drain in 10 s and a sixtieth; of 603 s in 10.05 s.
    for seconds, elapsed, time in ((601, 611.0, "09:10:11"), (603, 613.1, "09:10:13")):
        file = tmp_path / f"{seconds}.toml"
        clock = f"+00:{seconds // 60:02}:{seconds % 60:02}"
        file.write_text(
            f'start = 2026-11-23T09:00:00+08:00\nend = "+00:12:00"\n[[at]]\ntime = "{clock}"\nsession = "lock"\n'
        )
        kept = simulate(load_shift(file))[1]
        assert (kept["kind"], kept["elapsed"], kept["time"]) == ("break.kept", elapsed, time)
