"""Stories of presence and loads: the shift-file contract, rules 6 to 8 and 10."""

from tests.helpers.shift_story import story

EYES_AT_0920 = ["09:20:00 break.offered eyes 20", "09:20:10 break.started eyes", "09:20:30 break.kept eyes taken"]


# Rule 6


def test_a_minute_with_a_sign_in_its_last_second_is_presence() -> None:
    assert story("09:15:00 idle", "09:15:59 active", end="09:20:30") == EYES_AT_0920


def test_a_sign_at_the_very_end_of_the_minute_still_counts() -> None:
    assert story("09:15:00 idle", "09:16:00 active", end="09:20:30") == EYES_AT_0920


def test_locking_is_an_absence_at_once() -> None:
    assert story("09:15:00 lock", end="09:15:30") == ["09:15:00 session.locked", "09:15:15 break.kept eyes natural"]


def test_on_a_call_a_locked_pc_still_has_somebody_present() -> None:
    # Rest fills on from 09:00; eyes stand still from 09:05 to 09:15.
    lines = story("09:01:00 call start", "09:05:00 lock", "09:15:00 unlock", "09:16:00 call end", end="09:30:00")
    assert lines[-1] == "09:30:00 break.offered eyes 20"


def test_waking_is_no_sign_of_presence() -> None:
    # Twenty seconds of sleep, then nobody: away from the sleep on, so 900 s of load are gone when it is known at 09:15:15.
    assert story("09:15:00 suspend 00:00:10", "09:15:10 call start", end="09:15:20") == ["09:15:10 call.started call"]
    assert story("09:15:00 suspend 00:00:10", end="09:15:20") == ["09:15:15 break.kept eyes natural"]


# Rule 7


def test_an_absence_counts_from_its_last_sign() -> None:
    assert story("09:15:00 idle", "09:17:00 active", end="09:37:00") == [
        "09:16:00 break.kept eyes natural",
        "09:37:00 break.offered eyes 20",
    ]


def test_an_offer_of_the_undone_minute_goes_and_the_load_with_it() -> None:
    policy = {"breaks.eyes.auto_start": 120}
    assert story("09:19:30 idle", "09:20:40 active", end="09:41:00", policy=policy) == [
        "09:20:00 break.offered eyes 20",
        "09:20:30 break.kept eyes natural",
        "09:40:40 break.offered eyes 20",
    ]


def test_a_break_in_the_minute_lets_the_absence_begin_only_at_its_end() -> None:
    # Present until 09:20:40, less the break: ten seconds of eyes load, which drain in a fraction of a second.
    assert story("09:19:40 idle", "09:21:30 active", end="09:41:30") == [
        *EYES_AT_0920,
        "09:41:30 break.offered eyes 20",
    ]


def test_a_break_that_the_sign_itself_cut_short_does_not_count() -> None:
    # Rest load 2720 s at 09:50:00, 2690 s after five seconds of break: empty 448 s after the sign, not 518.
    lines = story("09:50:00 now eyes", "09:50:05 back", "09:50:05 idle", end="09:57:34")
    assert lines[-5:] == [
        "09:50:05 break.cut_short eyes",
        "09:54:50 lock.warned",
        "09:55:05 lock.asked idle",
        "09:55:05 lock.confirmed simulated",
        "09:57:33 break.kept rest natural",
    ]


def test_a_debt_that_arose_in_the_minute_stays_less_the_time_since() -> None:
    # Settled 30 s after the last sign: at 09:03:00 it is 570 s, 90 s later 480 s are left.
    entries = ("09:01:00 raise", "09:02:00 idle", "09:02:30 settled", "09:04:30 active")
    assert story(*entries, end="09:04:30") == [
        "09:01:00 alarm.raised",
        "09:02:30 alarm.settled",
        "09:02:30 break.offered calm 600",
        "09:04:30 break.offered calm 480",
    ]


def test_the_minute_does_not_count_as_spent_present_for_a_skip() -> None:
    # 315 s of the half hour are spent by 10:10:00; the other 1485 begin at 10:12:00.
    lines = story("10:04:45 skip", "10:10:00 idle", "10:12:00 active", end="10:36:45")
    assert lines[-1] == "10:36:45 break.offered rest 600"


def test_a_skip_of_the_minute_stays_and_is_still_to_be_spent_whole() -> None:
    policy = {"breaks.rest.postpones": 0, "breaks.offer_patience": 30, "breaks.eyes.auto_start": 120}
    lines = story("10:05:00 idle", "10:08:00 active", end="10:38:00", policy=policy)
    assert "10:05:10 break.skipped rest" in lines
    assert lines[-1] == "10:38:00 break.offered rest 600"


def test_a_debt_dropped_in_the_minute_is_not_kept_besides() -> None:
    policy = {"breaks.calm.postpones": 0, "breaks.offer_patience": 30}
    entries = (
        "09:01:00 call start",
        "09:02:00 call end call hard",
        "09:02:00 lock",
        "09:04:40 unlock",
        "09:04:40 idle",
    )
    assert story(*entries, end="09:08:00", policy=policy)[3:] == [
        "09:04:40 session.unlocked",
        "09:04:40 break.offered calm 20",
        "09:05:10 break.skipped calm",
    ]


def test_a_debt_that_would_have_been_paid_in_the_minute_is_kept_and_a_new_one_stays() -> None:
    entries = ("09:01:00 call start", "09:02:00 call end call hard", "09:02:00 raise", "09:02:00 lock", "09:04:40 unlock",
               "09:04:40 idle", "09:05:10 settled", "09:06:00 active")  # fmt: skip
    assert story(*entries, end="09:06:00")[-4:] == [
        "09:05:10 alarm.settled",
        "09:05:10 break.offered calm 600",
        "09:05:40 break.kept calm natural",
        "09:06:00 break.offered calm 550",
    ]


def test_a_lock_at_the_end_of_the_minute_counts_nothing_back() -> None:
    policy = {"lock.idle_after": 60}
    entries = ("09:19:00 idle", "09:20:30 unlock")
    assert story(*entries, end="09:20:30", policy=policy) == [
        "09:19:45 lock.warned",
        "09:20:00 lock.asked idle",
        "09:20:00 lock.confirmed simulated",
        "09:20:20 break.kept eyes natural",
        "09:20:30 session.unlocked",
    ]


def test_a_sleep_within_the_minute_begins_the_absence_there() -> None:
    # Eyes load 630 s at the sleep, not 600 s at the last sign: it drains for ten and a half seconds.
    entries = ("09:10:00 idle", "09:10:30 suspend 00:00:11")
    assert story(*entries, end="09:11:00") == ["09:10:41 break.kept eyes natural"]


def test_while_a_break_runs_nobody_is_away() -> None:
    entries = ("09:40:00 now rest", "09:40:00 idle", "09:44:00 active", "09:44:30 idle")
    lines = story(*entries, end="09:52:00", policy={"lock.idle_after": 1800})
    assert lines[3:] == ["09:40:00 break.started rest", "09:50:00 break.kept rest taken"]


# Rule 8


def test_a_load_less_than_half_full_is_emptied_but_not_kept() -> None:
    assert story("09:09:59 lock", "09:10:30 unlock", end="09:30:30") == [
        "09:09:59 session.locked",
        "09:10:30 session.unlocked",
        "09:30:30 break.offered eyes 20",
    ]


def test_a_load_exactly_half_full_is_kept() -> None:
    assert story("09:10:00 lock", end="09:10:10")[-1] == "09:10:10 break.kept eyes natural"


def test_on_a_call_while_locked_eyes_stand_still_and_rest_fills() -> None:
    entries = ("09:05:00 call start", "09:05:00 lock", "09:25:00 unlock", "09:25:00 call end")
    assert story(*entries, end="09:40:00")[-1] == "09:40:00 break.offered eyes 20"


def test_an_absence_soon_after_another_goes_on_with_its_test() -> None:
    # Eyes 750 s and rest 1840 s at 09:33; ten seconds away, 50 s back: 200 s of eyes load are still in the first test.
    lines = story("09:33:00 lock", "09:33:10 unlock", "09:34:00 lock", end="09:39:30")
    assert lines[-2:] == ["09:34:03 break.kept eyes natural", "09:39:05 break.kept rest natural"]


def test_an_absence_after_a_minute_of_presence_is_new() -> None:
    # As above, but 60 s back: 210 s of eyes load are less than half in the new test, rest is just over it.
    lines = story("09:33:00 lock", "09:33:10 unlock", "09:34:10 lock", end="09:39:30")
    assert lines[-2:] == ["09:34:10 session.locked", "09:39:16 break.kept rest natural"]


def test_a_blip_of_input_does_not_make_a_new_absence() -> None:
    # Rest is in no test from 09:25 on (less than half full); a sign at 09:26 does not change that.
    entries = ("09:25:00 lock", "09:25:30 unlock", "09:25:30 idle", "09:40:00 active")
    assert [line for line in story(*entries, end="09:40:00") if "natural" in line] == []


def test_a_rest_break_of_ten_minutes_away_is_kept_naturally() -> None:
    lines = story("09:50:00 lock", "10:01:00 unlock", end="10:01:00")
    assert lines[-2:] == ["09:57:33 break.kept rest natural", "10:01:00 session.unlocked"]


# Rule 10


def test_after_the_shift_everything_drains_silently() -> None:
    entries = ("09:10:00 call start", "09:19:00 shift end", "09:50:00 call end", "10:10:00 shift start")
    assert story(*entries, end="10:30:00") == [
        "09:10:00 call.started call",
        "09:19:00 shift.ended",
        "09:50:00 call.ended call 2400 False",
        "10:10:00 shift.started",
        "10:30:00 break.offered eyes 20",
    ]


def test_the_end_of_the_shift_cuts_a_break_and_still_locks() -> None:
    entries = ("09:10:00 now", "09:12:00 shift end", "09:12:00 idle")
    assert story(*entries, end="09:20:00") == [
        "09:10:00 break.started rest",
        "09:12:00 shift.ended",
        "09:12:00 break.cut_short rest",
        "09:16:45 lock.warned",
        "09:17:00 lock.asked idle",
        "09:17:00 lock.confirmed simulated",
    ]
