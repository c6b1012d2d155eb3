"""Stories of offers, breaks, answers and the wall clock: the shift-file contract, rules 11 to 15."""

from tests.helpers.shift_story import story

HARD_CALL = ("09:01:00 call start", "09:02:00 call end call hard")
TOLD = ["09:01:00 call.started call", "09:02:00 call.ended call 60 True", "09:02:10 break.offered calm 180"]


# Rule 11


def test_a_break_waits_until_the_call_and_the_wrap_up_are_over() -> None:
    assert story("09:10:00 call start", "09:25:00 call end", end="09:25:10") == [
        "09:10:00 call.started call",
        "09:25:00 call.ended call 900 False",
        "09:25:10 break.offered eyes 20",
    ]


def test_a_share_holds_an_offer_until_both_have_lasted_fifteen_minutes() -> None:
    assert story("09:10:00 share on", end="09:35:00") == ["09:35:00 break.offered eyes 20"]
    assert story("09:19:00 share on", end="09:35:00") == ["09:35:00 break.offered eyes 20"]
    assert story("09:19:00 share on", "09:25:00 share off", end="09:25:00") == ["09:25:00 break.offered eyes 20"]


def test_a_lock_warning_does_not_matter_to_an_offer() -> None:
    entries = ("09:10:00 call start", "09:14:52 idle", "09:19:47 call end")
    assert story(*entries, end="09:20:00")[-2:] == ["09:19:47 lock.warned", "09:20:00 break.offered eyes 20"]


def test_an_open_alarm_holds_offers_for_half_an_hour() -> None:
    assert story("09:10:00 raise", end="09:40:00") == ["09:10:00 alarm.raised", "09:40:00 break.offered eyes 20"]


def test_eyes_yield_to_a_rest_that_is_near() -> None:
    # Two eyes breaks took 240 s off the rest load: at 10:01 eyes are due and rest is 220 s from full.
    assert story(end="10:04:40")[-2:] == ["09:41:00 break.kept eyes taken", "10:04:40 break.offered rest 600"]


def test_eyes_do_not_yield_to_a_rest_that_was_postponed() -> None:
    assert story("10:04:50 later", end="10:04:50")[-2:] == [
        "10:04:50 break.postponed rest",
        "10:04:50 break.offered eyes 20",
    ]


def test_a_debt_with_a_fraction_left_is_offered_rounded_up() -> None:
    # Eyes are full a third of a second past 09:22:23, so the call cuts their break after six and two thirds.
    policy = {"breaks.eyes.every": 1000, "breaks.eyes.length": 30}
    entries = ("09:10:00 lock", "09:10:10 unlock", "09:19:00 raise", "09:19:30 take_back", "09:19:35 later")
    calls = ("09:22:40 call start", "09:22:41 call end")
    assert story(*entries, *calls, end="09:24:35", policy=policy)[-6:] == [
        "09:22:23 break.offered eyes 30",
        "09:22:33 break.started eyes",
        "09:22:40 call.started call",
        "09:22:40 break.cut_short eyes",
        "09:22:41 call.ended call 1 False",
        "09:24:35 break.offered calm 594",
    ]


# Rule 12


def test_a_call_withdraws_an_offer_silently_and_it_comes_again() -> None:
    assert story("09:20:05 call start", "09:21:00 call end", end="09:21:10") == [
        "09:20:00 break.offered eyes 20",
        "09:20:05 call.started call",
        "09:21:00 call.ended call 55 False",
        "09:21:10 break.offered eyes 20",
    ]


def test_an_offer_that_a_share_withdrew_comes_when_the_share_is_over() -> None:
    assert story("09:20:05 share on", "09:22:00 share off", end="09:22:00") == [
        "09:20:00 break.offered eyes 20",
        "09:22:00 break.offered eyes 20",
    ]


def test_locking_drops_the_offer_and_drains_its_load() -> None:
    assert story("09:20:05 lock", "09:20:10 unlock", end="09:25:10") == [
        "09:20:00 break.offered eyes 20",
        "09:20:05 session.locked",
        "09:20:10 session.unlocked",
        "09:25:10 break.offered eyes 20",
    ]


def test_a_call_and_an_answer_at_one_instant_start_no_break_on_the_call() -> None:
    assert story("09:20:05 call start", "09:20:05 start", end="09:21:00")[1:] == ["09:20:05 call.started call"]


# Rule 13


def test_eyes_start_by_themselves_and_another_offer_counts_as_later() -> None:
    assert story(end="09:20:10")[-1] == "09:20:10 break.started eyes"
    assert story(*HARD_CALL, end="09:04:10") == [*TOLD, "09:04:10 break.postponed calm"]


def test_a_break_by_oneself_lasts_its_length_and_withdraws_an_offer() -> None:
    assert story(*HARD_CALL, "09:02:20 now eyes", end="09:02:40") == [
        *TOLD,
        "09:02:20 break.started eyes",
        "09:02:40 break.kept eyes taken",
        "09:02:40 break.offered calm 160",
    ]


def test_a_break_by_oneself_for_an_open_debt_lasts_what_is_left() -> None:
    entries = (*HARD_CALL, "09:02:20 lock", "09:03:20 unlock", "09:03:20 now calm")
    assert story(*entries, end="09:05:20")[-2:] == ["09:03:20 break.started calm", "09:05:20 break.kept calm taken"]


def test_a_break_by_oneself_is_ignored_on_a_call_locked_or_with_an_alarm() -> None:
    assert story("09:01:00 call start", "09:02:00 now", end="09:03:00") == ["09:01:00 call.started call"]
    assert story("09:01:00 lock", "09:02:00 now", end="09:03:00") == ["09:01:00 session.locked"]
    assert story("09:01:00 raise", "09:02:00 now", end="09:03:00") == ["09:01:00 alarm.raised"]
    assert story("09:01:00 now talk", "09:02:00 now", end="09:06:00") == [
        "09:01:00 break.started talk",
        "09:06:00 break.kept talk taken",
    ]


def test_somebody_away_who_asks_for_a_break_is_back_by_asking() -> None:
    assert story("09:01:00 idle", "09:04:00 now eyes", end="09:04:20") == [
        "09:04:00 break.started eyes",
        "09:04:20 break.kept eyes taken",
    ]


def test_going_back_drops_a_debt() -> None:
    assert story(*HARD_CALL, "09:02:20 start", "09:02:30 back", end="09:15:00") == [
        *TOLD,
        "09:02:20 break.started calm",
        "09:02:30 break.cut_short calm",
    ]


def test_going_back_from_eyes_or_rest_is_not_counted_as_postponing() -> None:
    policy = {"breaks.eyes.postpones": 1, "breaks.eyes.length": 200, "breaks.eyes.every": 400, "breaks.postpone": 60}
    entries = ("09:06:45 start", "09:06:46 back", "09:07:55 later", "09:08:57 later")
    assert story(*entries, end="09:08:57", policy=policy)[-6:] == [
        "09:06:45 break.started eyes",
        "09:06:46 break.cut_short eyes",
        "09:07:46 break.offered eyes 200",
        "09:07:55 break.postponed eyes",
        "09:08:55 break.offered eyes 200",
        "09:08:57 break.skipped eyes",
    ]


def test_a_call_cuts_a_break_short_and_drops_nothing() -> None:
    entries = (*HARD_CALL, "09:02:20 start", "09:03:20 call start", "09:04:00 call end")
    assert story(*entries, end="09:04:10")[3:] == [
        "09:02:20 break.started calm",
        "09:03:20 call.started call",
        "09:03:20 break.cut_short calm",
        "09:04:00 call.ended call 40 False",
        "09:04:10 break.offered calm 120",
    ]


def test_locking_and_sleeping_do_not_cut_a_break() -> None:
    assert story("09:20:05 start", "09:20:06 lock", end="09:20:25")[-1] == "09:20:25 break.kept eyes taken"
    assert story("09:10:00 now", "09:11:00 suspend 00:04:00", end="09:20:00") == [
        "09:10:00 break.started rest",
        "09:15:45 lock.warned",
        "09:16:00 lock.asked idle",
        "09:16:00 lock.confirmed simulated",
        "09:20:00 break.kept rest taken",
    ]


def test_a_break_that_ends_in_a_sleep_is_kept_on_waking() -> None:
    assert story("09:10:00 now eyes", "09:10:10 suspend 00:02:00", end="09:12:10") == [
        "09:10:00 break.started eyes",
        "09:12:10 break.kept eyes taken",
    ]


def test_what_a_break_empties_is_as_if_kept() -> None:
    # Eyes were skipped at 09:20:05; the talk break empties them, so they come back 20 min after it, not 20 min of presence later.
    entries = ("09:20:05 skip", "09:20:10 now talk")
    assert story(*entries, end="09:45:10")[-1] == "09:45:10 break.offered eyes 20"


# Rule 14


def test_an_offer_is_postponed_for_five_minutes() -> None:
    assert story("09:20:05 later", end="09:25:05") == [
        "09:20:00 break.offered eyes 20",
        "09:20:05 break.postponed eyes",
        "09:25:05 break.offered eyes 20",
    ]


def test_after_two_postponements_in_a_row_eyes_are_skipped_until_twenty_minutes_of_presence() -> None:
    entries = ("09:20:05 later", "09:25:10 later", "09:30:15 later", "09:31:00 lock", "09:31:10 unlock")
    assert story(*entries, end="09:50:25")[-4:] == [
        "09:30:15 break.skipped eyes",
        "09:31:00 session.locked",
        "09:31:10 session.unlocked",
        "09:50:25 break.offered eyes 20",
    ]


def test_a_calm_break_can_be_postponed_once() -> None:
    assert story(*HARD_CALL, "09:02:20 later", "09:07:30 later", end="09:13:00")[3:] == [
        "09:02:20 break.postponed calm",
        "09:07:20 break.offered calm 180",
        "09:07:30 break.skipped calm",
    ]


def test_keeping_a_break_by_an_absence_lifts_its_skip() -> None:
    entries = ("09:20:05 skip", "09:21:00 lock", "09:22:00 unlock")
    assert story(*entries, end="09:42:00")[-3:] == [
        "09:21:20 break.kept eyes natural",
        "09:22:00 session.unlocked",
        "09:42:00 break.offered eyes 20",
    ]


def test_a_skipped_rest_comes_back_after_half_an_hour_spent_present() -> None:
    lines = story("10:04:45 skip", end="10:34:45")
    assert lines[-1] == "10:34:45 break.offered rest 600"


# Rule 15


def test_jumps_of_the_wall_clock_change_only_the_printed_time() -> None:
    plain = story("09:02:00 idle", end="09:20:00")
    jumped = story("09:02:00 idle", "09:06:50 wall -01:00:00", "09:10:00 wall +02:00:00", end="09:20:00")
    assert [line.split()[1:] for line in jumped] == [line.split()[1:] for line in plain]
    assert [line.split()[0] for line in jumped] == ["09:06:45", "08:07:00", "08:07:00", "10:17:00"]


def test_a_jump_applies_to_what_is_printed_after_it_at_the_same_instant() -> None:
    assert story("09:05:00 lock", "09:05:00 wall +01:00:00", "09:05:00 unlock", end="09:06:00") == [
        "09:05:00 session.locked",
        "10:05:00 session.unlocked",
    ]


def test_the_printed_time_goes_round_at_midnight() -> None:
    assert story("09:05:00 wall -10:00:00", "09:06:00 lock", end="09:07:00") == ["23:06:00 session.locked"]
