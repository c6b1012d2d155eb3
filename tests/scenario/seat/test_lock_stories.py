"""Stories of the session lock: the shift-file contract, rules 1 to 5."""

from tests.helpers.shift_story import story

WARNED_AND_LOCKED = [
    "09:06:45 lock.warned",
    "09:07:00 lock.asked idle",
    "09:07:00 lock.confirmed simulated",
]


# Rule 1


def test_on_a_call_the_larger_limit_counts() -> None:
    assert story("09:01:00 call start", "09:02:00 idle", end="09:13:00") == [
        "09:01:00 call.started call",
        "09:11:45 lock.warned",
        "09:12:00 lock.asked call_limit",
        "09:12:00 lock.confirmed simulated",
    ]


def test_a_smaller_on_call_limit_never_shortens_the_ordinary_one() -> None:
    policy = {"lock.idle_after": 600, "lock.idle_after_on_call": 60}
    assert story("09:01:00 call start", "09:02:00 idle", end="09:12:00", policy=policy)[1:] == [
        "09:11:45 lock.warned",
        "09:12:00 lock.asked call_limit",
        "09:12:00 lock.confirmed simulated",
    ]


def test_a_call_that_ends_late_warns_at_once_and_gives_the_full_warning() -> None:
    assert story("09:01:00 call start", "09:02:00 idle", "09:08:00 call end", end="09:09:00") == [
        "09:01:00 call.started call",
        "09:08:00 call.ended call 420 False",
        "09:08:00 lock.warned",
        "09:08:15 lock.asked idle",
        "09:08:15 lock.confirmed simulated",
    ]


def test_an_answer_is_input_even_where_it_does_not_fit() -> None:
    assert story("09:02:00 idle", "09:05:00 skip", end="09:10:00") == [
        "09:09:45 lock.warned",
        "09:10:00 lock.asked idle",
        "09:10:00 lock.confirmed simulated",
    ]


def test_input_that_goes_on_never_locks() -> None:
    assert story(end="09:19:00") == []


def test_input_at_the_very_instant_of_the_lock_comes_first() -> None:
    assert story("09:02:00 idle", "09:07:00 active", end="09:10:00") == [
        "09:06:45 lock.warned",
        "09:07:00 lock.withdrawn",
    ]


def test_input_at_the_very_instant_of_the_warning_leaves_no_warning() -> None:
    assert story("09:02:00 idle", "09:06:45 active", end="09:10:00") == []


def test_somebody_else_settling_the_alarm_is_no_input() -> None:
    assert story("09:02:00 raise", "09:02:00 idle", "09:05:00 settled", end="09:07:00") == [
        "09:02:00 alarm.raised",
        "09:05:00 alarm.settled",
        *WARNED_AND_LOCKED,
    ]


# Rule 2


def test_input_withdraws_the_warning() -> None:
    assert story("09:02:00 idle", "09:06:50 active", end="09:10:00") == [
        "09:06:45 lock.warned",
        "09:06:50 lock.withdrawn",
    ]


def test_a_call_withdraws_the_warning_and_the_on_call_limit_follows() -> None:
    assert story("09:02:00 idle", "09:06:50 call start", end="09:12:00") == [
        "09:06:45 lock.warned",
        "09:06:50 call.started call",
        "09:06:50 lock.withdrawn",
        "09:11:45 lock.warned",
        "09:12:00 lock.asked call_limit",
        "09:12:00 lock.confirmed simulated",
    ]


def test_calls_alone_never_keep_a_pc_open() -> None:
    calls = [
        f"09:{minute:02}:{second} call {what}"
        for minute in range(3, 14)
        for second, what in (("00", "start"), ("50", "end"))
    ]
    lines = [line for line in story("09:02:00 idle", *calls, end="09:14:00") if "lock." in line]
    assert lines[:3] == ["09:06:50 lock.warned", "09:07:00 lock.withdrawn", "09:07:50 lock.warned"]
    assert lines[-3:] == ["09:11:45 lock.warned", "09:12:00 lock.asked call_limit", "09:12:00 lock.confirmed simulated"]


def test_a_second_call_does_not_withdraw_the_on_call_warning() -> None:
    assert story("09:01:00 call start a", "09:02:00 idle", "09:11:50 call start b", end="09:12:00") == [
        "09:01:00 call.started a",
        "09:11:45 lock.warned",
        "09:11:50 call.started b",
        "09:12:00 lock.asked call_limit",
        "09:12:00 lock.confirmed simulated",
    ]


def test_a_call_withdraws_a_late_warning_only_before_the_on_call_warning_is_due() -> None:
    entries = ("09:01:00 call start", "09:02:00 idle", "09:11:40 call end")
    assert story(*entries, "09:11:44 call start", end="09:11:44")[-1] == "09:11:44 lock.withdrawn"
    assert story(*entries, "09:11:45 call start", end="09:11:55")[-3:] == [
        "09:11:45 call.started call",
        "09:11:55 lock.asked call_limit",
        "09:11:55 lock.confirmed simulated",
    ]


def test_locking_by_hand_withdraws_the_warning_as_input() -> None:
    assert story("09:02:00 idle", "09:06:50 lock", end="09:07:30") == [
        "09:06:45 lock.warned",
        "09:06:50 session.locked",
        "09:06:50 lock.withdrawn",
    ]


# Rule 3


def test_a_failed_lock_is_tried_again_until_it_holds() -> None:
    assert story("09:02:00 idle", "09:02:00 lock_fails on", "09:07:40 lock_fails off", end="09:09:00") == [
        "09:06:45 lock.warned",
        "09:07:00 lock.asked idle",
        "09:07:00 lock.failed simulated",
        "09:07:30 lock.failed simulated",
        "09:08:00 lock.confirmed simulated",
    ]


def test_input_ends_the_retrying() -> None:
    assert story("09:02:00 idle", "09:02:00 lock_fails on", "09:07:10 active", end="09:19:00") == [
        "09:06:45 lock.warned",
        "09:07:00 lock.asked idle",
        "09:07:00 lock.failed simulated",
    ]


def test_retrying_ends_when_a_call_has_raised_the_limit_and_a_new_warning_comes_later() -> None:
    assert story("09:02:00 idle", "09:02:00 lock_fails on", "09:07:10 call start", end="09:12:10") == [
        "09:06:45 lock.warned",
        "09:07:00 lock.asked idle",
        "09:07:00 lock.failed simulated",
        "09:07:10 call.started call",
        "09:11:45 lock.warned",
        "09:12:00 lock.asked call_limit",
        "09:12:00 lock.failed simulated",
    ]


def test_a_call_between_two_tries_changes_nothing() -> None:
    entries = ("09:02:00 idle", "09:02:00 lock_fails on", "09:07:10 call start", "09:07:20 call end")
    assert story(*entries, end="09:07:30")[-1] == "09:07:30 lock.failed simulated"


# Rule 4


def test_waking_past_the_limit_locks_at_once_without_a_warning() -> None:
    assert story("09:05:00 suspend 00:10:00", end="09:15:30") == [
        "09:15:00 lock.asked woke",
        "09:15:00 lock.confirmed simulated",
    ]


def test_waking_exactly_at_the_limit_locks_too_and_a_second_before_it_warns() -> None:
    assert story("09:02:00 idle", "09:03:00 suspend 00:04:00", end="09:07:00")[0] == "09:07:00 lock.asked woke"
    assert story("09:02:00 idle", "09:03:00 suspend 00:03:59", end="09:07:30") == [
        "09:06:59 lock.warned",
        "09:07:14 lock.asked idle",
        "09:07:14 lock.confirmed simulated",
    ]


def test_suspending_ends_open_calls_and_the_input() -> None:
    lines = story("09:05:00 call start a", "09:06:00 call start b", "09:07:00 suspend 00:01:00", end="09:12:00")
    assert lines == [
        "09:05:00 call.started a",
        "09:06:00 call.started b",
        "09:07:00 call.ended a 120 False",
        "09:07:00 call.ended b 60 False",
        "09:11:45 lock.warned",
        "09:12:00 lock.asked idle",
        "09:12:00 lock.confirmed simulated",
    ]


def test_what_falls_into_a_sleep_is_printed_on_waking_after_its_lock() -> None:
    assert story("09:15:00 suspend 00:45:00", end="10:05:00") == [
        "10:00:00 lock.asked woke",
        "10:00:00 lock.confirmed simulated",
        "10:00:00 break.kept eyes natural",
        "10:00:00 shift.signed_out",
    ]


def test_a_sleep_that_outlasts_the_file_prints_nothing() -> None:
    assert story("09:15:00 suspend 03:00:00", end="10:00:00") == []


def test_a_sleep_while_the_lock_fails_is_asked_anew_on_waking() -> None:
    assert story("09:02:00 idle", "09:02:00 lock_fails on", "09:07:10 suspend 00:10:00", end="09:17:40")[3:] == [
        "09:17:10 lock.asked woke",
        "09:17:10 lock.failed simulated",
        "09:17:40 lock.failed simulated",
    ]


# Rule 5


def test_signed_out_fifteen_minutes_after_the_last_sign_not_after_the_lock() -> None:
    assert story("09:02:00 idle", end="09:17:00")[-1] == "09:17:00 shift.signed_out"


def test_a_call_on_a_locked_pc_puts_the_sign_out_off_until_after_its_end() -> None:
    assert story("09:02:00 lock", "09:02:00 idle", "09:10:00 call start", "09:30:00 call end", end="09:46:00") == [
        "09:02:00 session.locked",
        "09:10:00 call.started call",
        "09:30:00 call.ended call 1200 False",
        "09:45:00 shift.signed_out",
    ]


def test_unlocking_brings_the_shift_back_silently() -> None:
    entries = ("09:02:00 lock", "09:02:00 idle", "09:30:00 unlock")
    assert story(*entries, end="09:50:10")[2:] == ["09:30:00 session.unlocked", "09:50:00 break.offered eyes 20",
                                                   "09:50:10 break.started eyes"]  # fmt: skip


def test_unlocking_after_the_end_of_the_shift_does_not_bring_it_back() -> None:
    entries = ("09:02:00 shift end", "09:03:00 lock", "09:04:00 unlock")
    assert story(*entries, end="10:30:00") == [
        "09:02:00 shift.ended",
        "09:03:00 session.locked",
        "09:04:00 session.unlocked",
    ]


def test_nobody_who_goes_on_typing_at_the_locked_screen_is_signed_out() -> None:
    assert "shift.signed_out" not in " ".join(story("09:02:00 lock", end="10:30:00"))


def test_while_signed_out_a_call_makes_nobody_present() -> None:
    entries = ("09:02:00 lock", "09:02:00 idle", "09:20:00 call start", "09:55:00 call end", "10:00:00 unlock")
    lines = story(*entries, end="10:00:00")
    # Away all the time: the talk debt of the call drains from its end on and is kept five minutes later.
    assert lines[1:] == [
        "09:17:00 shift.signed_out",
        "09:20:00 call.started call",
        "09:55:00 call.ended call 2100 False",
        "10:00:00 break.kept talk natural",
        "10:00:00 session.unlocked",
    ]


def test_a_shift_that_was_only_signed_out_cannot_start_again() -> None:
    entries = ("09:02:00 lock", "09:02:00 idle", "09:20:00 shift start", "09:21:00 shift end", "09:22:00 shift start")
    assert story(*entries, end="09:23:00")[1:] == [
        "09:17:00 shift.signed_out",
        "09:21:00 shift.ended",
        "09:22:00 shift.started",
    ]


def test_what_already_holds_prints_nothing() -> None:
    entries = (
        "09:01:00 shift start",
        "09:01:00 unlock",
        "09:01:00 take_back",
        "09:01:00 settled",
        "09:01:00 share off",
    )
    again = (
        "09:02:00 lock",
        "09:02:30 lock",
        "09:03:00 raise",
        "09:03:10 raise",
        "09:04:00 shift end",
        "09:04:10 shift end",
    )
    assert story(*entries, *again, end="09:05:00") == [
        "09:02:00 session.locked",
        "09:03:00 alarm.raised",
        "09:04:00 shift.ended",
    ]
