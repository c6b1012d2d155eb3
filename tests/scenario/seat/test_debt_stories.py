"""Stories of talk and calm: the shift-file contract, rule 9."""

from tests.helpers.shift_story import story


def test_talk_adds_up_over_calls_with_pauses_of_a_minute() -> None:
    entries = ("09:01:00 call start", "09:16:00 call end", "09:17:00 call start", "09:32:00 call end")
    assert story(*entries, end="09:32:10")[-1] == "09:32:10 break.offered talk 300"


def test_a_pause_of_more_than_a_minute_starts_the_talk_anew() -> None:
    entries = ("09:01:00 call start", "09:16:00 call end", "09:17:01 call start", "09:46:00 call end")
    assert not any("talk" in line for line in story(*entries, end="09:50:00"))


def test_calls_at_the_same_time_count_once() -> None:
    entries = ("09:01:00 call start a", "09:01:00 call start b", "09:21:00 call end a", "09:21:00 call end b")
    assert not any("talk" in line for line in story(*entries, end="09:30:00"))


def test_the_debt_comes_only_when_the_last_call_ends() -> None:
    entries = ("09:01:00 call start a", "09:30:00 call start b", "09:35:00 call end a", "09:36:00 call end b")
    assert story(*entries, end="09:36:10")[-1] == "09:36:10 break.offered talk 300"


def test_a_hard_call_leaves_a_calm_debt_that_goes_before_talk() -> None:
    entries = ("09:01:00 call start a", "09:40:00 call end a hard", "09:40:15 skip")
    assert story(*entries, end="09:40:20") == [
        "09:01:00 call.started a",
        "09:40:00 call.ended a 2340 True",
        "09:40:10 break.offered calm 180",
        "09:40:15 break.skipped calm",
        "09:40:15 break.offered talk 300",
    ]


def test_an_alarm_taken_back_or_settled_leaves_ten_minutes_of_calm() -> None:
    for how, kind in (("take_back", "taken_back"), ("settled", "settled")):
        assert story("09:01:00 raise", f"09:02:00 {how}", end="09:02:00") == [
            "09:01:00 alarm.raised",
            f"09:02:00 alarm.{kind}",
            "09:02:00 break.offered calm 600",
        ]


def test_of_two_debts_of_a_kind_the_larger_counts() -> None:
    entries = ("09:01:00 call start a", "09:01:00 raise", "09:02:00 settled", "09:02:30 call end a hard")
    assert story(*entries, end="09:02:40")[-1] == "09:02:40 break.offered calm 600"


def test_a_new_debt_of_a_kind_that_is_owed_lifts_its_postponement_and_count() -> None:
    entries = ("09:01:00 call start a", "09:02:00 call end a hard", "09:02:20 later", "09:03:00 call start b",
               "09:04:00 call end b hard", "09:04:20 later", "09:04:30 later")  # fmt: skip
    assert story(*entries, end="09:05:00")[-2:] == ["09:04:10 break.offered calm 180", "09:04:20 break.postponed calm"]


def test_a_debt_dropped_by_going_back_takes_its_postponements_with_it() -> None:
    # The count: the calm of the first call was postponed once, which is all it may be; the one of the second is a new debt.
    entries = ("09:01:00 call start a", "09:02:00 call end a hard", "09:02:20 later", "09:07:20 start", "09:07:30 back",
               "09:08:00 call start b", "09:09:00 call end b hard", "09:09:20 later")  # fmt: skip
    assert story(*entries, end="09:10:00")[-2:] == ["09:09:10 break.offered calm 180", "09:09:20 break.postponed calm"]


def test_a_new_debt_does_not_wait_for_the_postponement_of_one_that_was_dropped() -> None:
    entries = ("09:01:00 call start a", "09:02:00 call end a hard", "09:02:20 later", "09:02:30 now calm", "09:02:40 back",
               "09:03:00 call start b", "09:04:00 call end b hard")  # fmt: skip
    assert story(*entries, end="09:05:00")[-1] == "09:04:10 break.offered calm 180"


def test_a_debt_that_was_kept_before_another_came_in_the_silent_minute_is_told() -> None:
    # 30 s of calm are left at the last sign (10:06:30): away from there, they are paid at 10:07:00, before the alarm is settled.
    entries = ("09:01:00 call start a", "10:04:00 call end a hard", "10:04:00 raise", "10:04:00 lock", "10:06:30 unlock",
               "10:06:30 idle", "10:07:10 settled")  # fmt: skip
    assert story(*entries, end="10:07:40")[-2:] == [
        "10:07:10 break.offered calm 600",
        "10:07:30 break.kept calm natural",
    ]


def test_being_away_pays_a_debt_second_by_second() -> None:
    entries = ("09:01:00 raise", "09:02:00 settled", "09:02:00 lock", "09:05:00 unlock")
    assert story(*entries, end="09:05:00")[-1] == "09:05:00 break.offered calm 420"


def test_a_debt_that_is_paid_by_being_away_is_kept_naturally() -> None:
    entries = ("09:01:00 call start a", "09:02:00 call end a hard", "09:02:00 lock")
    assert story(*entries, end="09:05:30")[-1] == "09:05:00 break.kept calm natural"


def test_several_breaks_known_at_one_instant_come_in_the_order_in_which_they_were_kept() -> None:
    # Talk has 30 s left, eyes 900 s of load: eyes is empty after 15 s, talk after 30; both are known after 60.
    entries = ("09:01:00 call start", "09:36:00 call end", "09:36:00 lock", "09:40:30 unlock", "09:40:30 idle")
    lines = story(*entries, end="09:41:30")
    assert lines[-2:] == ["09:40:30 break.offered talk 30", "09:41:30 break.kept talk natural"]
