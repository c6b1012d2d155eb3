"""Calls, links, choices, the lead's board and the keeper of faults, each driven by hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from app.agent import commands
from app.agent.actor import Part
from app.agent.events import (
    Acked,
    AlarmNote,
    BindHotkeys,
    CallChanged,
    Commit,
    Committed,
    DeskEvent,
    EnrolmentChanged,
    HistoryFault,
    HotkeyPressed,
    HotkeysBound,
    JournalMute,
    KeepChoice,
    LaneFailed,
    LinkChanged,
    LockTried,
    OpenLinks,
    OpenVault,
    PartFailed,
    SayGoodbye,
    SendDeskAct,
    SendReceipt,
    ServerKnows,
    SessionChanged,
    ShowNotice,
    Started,
    StateRecalled,
    Stop,
    StopWatching,
    TellAgain,
    VaultOpened,
    WakeLinks,
)
from app.agent.events.policy import PolicyHolds
from app.agent.events.power import PowerChanged, ReviveLinks, SayAsleep
from app.agent.parts.calls import EXPLICIT_HOLDS, LEASE, CallsPart
from app.agent.parts.choices import ChoicesPart
from app.agent.parts.desk import DELIVERED, ON_SPOT, SEEN, TAKEN, DeskPart
from app.agent.parts.keeper import VAULT_AGAIN, KeeperPart
from app.agent.parts.link import LinkPart
from app.agent.snapshot import DeskFace, DeskRow, HelpFace, SeatFace, Settings, Snapshot, TrayState
from app.content.texts import LANGUAGES, Texts
from app.desktop.ports import Locked, LockResult
from app.desktop.simulated.machine import FAULTS
from app.domain.moment import NS
from app.domain.rules import Rules
from app.protocol.api import DeskAlarm, DeskCover, Hello
from app.protocol.record_kinds import PolicyChanged
from tests.unit.agent.moments import START, at

ONE, TWO = "https://one:1", "https://two:2"
ALARM = b"\xab" * 16
LOCKED, FAILED = LockResult(True, "logind"), LockResult(False, "logind", "timeout")


def give(part: Part, item: object, seconds: float = 0) -> list[object]:
    return list(part.handle(item, at(seconds)))


def face(part: Part, **parts: Any) -> Snapshot:
    return part.face(replace(Snapshot(0, START), **parts), START)


# --- calls --------------------------------------------------------------------------------------------------------


def test_a_call_lasts_from_its_start_to_its_end() -> None:
    part = CallsPart()
    assert give(part, commands.Call("start", "a")) == [CallChanged("a", True)]
    assert give(part, commands.Call("hold", "a")) == []
    assert give(part, commands.Call("hard", "a")) == [CallChanged("a", False, True)]
    assert give(part, commands.Call("end", "a")) == []


def test_a_call_whose_end_was_never_told_ends_after_four_hours_and_a_url_after_a_minute() -> None:
    part = CallsPart()
    give(part, commands.Call("start", "hook"))
    give(part, commands.Call("start", "link", source="url"))
    assert part.due() == START.boot + LEASE
    assert give(part, None, LEASE / NS) == [CallChanged("link", False)]
    assert give(part, None, EXPLICIT_HOLDS / NS - 1) == []
    assert give(part, None, EXPLICIT_HOLDS / NS) == [CallChanged("hook", False)]
    assert part.due() is None


def test_a_url_never_shortens_what_a_hook_said() -> None:
    part = CallsPart()
    give(part, commands.Call("start", "a"))
    give(part, commands.Call("start", "a", source="url"), 1)
    assert give(part, None, LEASE / NS + 2) == []


def test_a_seat_that_was_built_anew_is_told_of_the_calls() -> None:
    part = CallsPart()
    give(part, commands.Call("start", "a"))
    assert give(part, PartFailed("seat")) == [CallChanged("a", True)]


# --- links --------------------------------------------------------------------------------------------------------


def test_the_sentence_counts_from_when_the_last_server_was_lost() -> None:
    part = LinkPart((ONE, TWO))
    give(part, EnrolmentChanged(True, False))
    give(part, LinkChanged(ONE, "bulk", True, 1000))
    give(part, LinkChanged(TWO, "bulk", False, 2000))
    assert face(part).sync.connected
    give(part, LinkChanged(ONE, "bulk", False, 3000))
    give(part, LinkChanged(TWO, "bulk", False, 4000))
    shown = face(part).sync
    assert (shown.connected, shown.unreachable_since_ms) == (False, 3000)
    give(part, Acked(TWO, 5, 2, 5000))
    shown = face(part).sync
    assert (shown.connected, shown.unreachable_since_ms, shown.waiting, shown.last_synced_ms) == (True, None, 2, 5000)


def test_records_that_wait_wake_the_links_and_unkept_ones_do_not() -> None:
    part = LinkPart()
    assert give(part, Committed(True, 1)) == [WakeLinks()]
    assert give(part, Committed(True, 0)) == []
    assert give(part, Committed(False, 3)) == []


def test_pending_only_while_no_server_knows_this_pc() -> None:
    part = LinkPart()
    give(part, EnrolmentChanged(True, True))
    assert face(part).sync.pending_approval
    give(part, ServerKnows(ONE, True))
    give(part, ServerKnows(TWO, False))
    assert not face(part).sync.pending_approval


def test_a_history_that_differs_is_a_fault() -> None:
    part = LinkPart()
    give(part, HistoryFault("history_differs"))
    assert face(part).faults == ("history_differs",)


# --- choices ------------------------------------------------------------------------------------------------------


def choices(**more: Any) -> ChoicesPart:
    hotkeys = (("help", "<ctrl>+<alt>+`"), ("card", "<ctrl>+<alt>+4"))

    def resolve(key: str, value: str) -> Settings | None:
        if key == "theme":
            return Settings(theme=value, hotkeys=hotkeys)
        return Settings(hotkeys=(("help", value),)) if key == "hotkey.help" else None

    return ChoicesPart(Settings(hotkeys=hotkeys), resolve, **more)


def test_the_help_chord_counts_when_it_comes_twice_within_a_second_and_a_half() -> None:
    part = choices()

    def press(seconds: float) -> list[object]:
        return give(part, HotkeyPressed("help", at(seconds).boot), seconds)

    assert press(0) == []
    assert press(1.6) == []
    assert press(3.1) == [commands.RaiseAlarm(at(3.1).boot)]
    assert press(3.2) == [], "a third press begins anew"


def test_a_choice_is_kept_and_chords_are_bound_anew_only_when_they_changed() -> None:
    part = choices()
    assert give(part, Started()) == [BindHotkeys(part.settings.hotkeys)]
    assert give(part, commands.ChangeSetting("theme", "dark")) == [KeepChoice("theme", "dark")]
    assert face(part).settings.theme == "dark"
    assert give(part, commands.ChangeSetting("theme", "dark")) == []
    assert give(part, commands.ChangeSetting("lock.idle_after", "9999")) == [], "the policy refuses it"
    changed = give(part, commands.ChangeSetting("hotkey.help", "<ctrl>+x"))
    assert changed == [KeepChoice("hotkey.help", "<ctrl>+x"), BindHotkeys((("help", "<ctrl>+x"),))]


def test_the_first_start_is_shown_until_it_was_seen() -> None:
    part = choices(first_start=True)
    assert face(part).first_start
    assert give(part, commands.ChangeSetting("first_start", "seen")) == []
    assert not face(part).first_start


def test_the_sign_chord_tells_the_sign_and_the_card_chord_goes_into_the_card() -> None:
    part = choices()
    give(part, HotkeyPressed("sign", 42))
    assert face(part).help.told_boot == 42
    give(part, HotkeyPressed("card", 43))
    assert face(part).seat.card_boot == 43


# --- the desk -----------------------------------------------------------------------------------------------------


def alarm(**differs: Any) -> DeskAlarm:
    base: dict[str, Any] = {
        "alarm": ALARM, "no": 1, "who": "林小雨", "team": "A", "seat": "A-17", "floor": "3", "level": 2, "drill": False,
        "on_call": True, "unverified": False, "raised_ms": START.wall_ms - 2000, "state": "raised",
    }  # fmt: skip
    return DeskAlarm(**{**base, **differs})


def desk(idle: float | None = 0) -> DeskPart:
    part = DeskPart(lambda: None if idle is None else round(idle * NS), shown=True)
    give(part, LinkChanged(ONE, "stream", True, 0))
    return part


def rows(part: DeskPart) -> tuple[DeskRow, ...]:
    shown = face(part).desk
    assert isinstance(shown, DeskFace)
    return shown.rows


def test_no_receipt_before_the_window_has_painted() -> None:
    part = desk()
    assert give(part, DeskEvent(ONE, alarm())) == []
    assert rows(part)[0].raised_boot == START.boot - 2 * NS
    assert give(part, commands.Painted(ALARM, 5)) == [SendReceipt(ALARM, 1, SEEN)]
    assert give(part, commands.Painted(ALARM, 9)) == []
    assert rows(part)[0].painted_boot == 5


@pytest.mark.parametrize("idle", [None, 601])
def test_without_anybody_there_it_is_delivered_and_seen_once_somebody_comes(idle: float | None) -> None:
    hours: list[float | None] = [idle]
    part = DeskPart(lambda: None if hours[0] is None else round(hours[0] * NS), shown=True)
    give(part, DeskEvent(ONE, alarm()))
    assert give(part, commands.Painted(ALARM, 5)) == [SendReceipt(ALARM, 1, DELIVERED)]
    assert part.due() == at(5).boot
    assert give(part, None, 5) == []
    hours[0] = 0
    assert give(part, None, 10) == [SendReceipt(ALARM, 1, SEEN)]
    assert part.due() is None


def test_a_locked_screen_shows_nothing_to_anybody() -> None:
    part = desk()
    give(part, SessionChanged(Locked.YES))
    give(part, DeskEvent(ONE, alarm()))
    assert give(part, commands.Painted(ALARM, 5)) == []
    assert give(part, SessionChanged(Locked.NO)) == [SendReceipt(ALARM, 1, SEEN)]


def test_a_newer_move_gets_its_own_receipt_and_an_older_one_changes_nothing() -> None:
    part = desk()
    give(part, DeskEvent(ONE, alarm()))
    give(part, commands.Painted(ALARM, 5))
    assert give(part, DeskEvent(ONE, alarm(no=2, level=1))) == [SendReceipt(ALARM, 2, SEEN)]
    assert give(part, DeskEvent(ONE, alarm())) == []
    assert rows(part)[0].level == 1


def test_one_alarm_of_two_servers_is_one_row_with_the_furthest_state() -> None:
    part = desk()
    give(part, DeskEvent(ONE, alarm(state="taken", taken_by="陈主管")))
    give(part, DeskEvent(TWO, alarm()))
    assert [(row.state, row.taken_by) for row in rows(part)] == [("taken", "陈主管")]
    shown = face(part).desk
    assert shown is not None
    assert not shown.sounding


def test_a_server_that_learns_of_a_painted_alarm_later_gets_the_receipt_too() -> None:
    part = desk()
    give(part, DeskEvent(ONE, alarm()))
    give(part, commands.Painted(ALARM, 5))
    assert give(part, DeskEvent(TWO, alarm())) == [SendReceipt(ALARM, 1, SEEN)]


def test_a_settled_alarm_does_not_come_back_from_the_other_server_unless_asked_again() -> None:
    part = desk()
    give(part, DeskEvent(ONE, alarm()))
    give(part, DeskEvent(ONE, alarm(state="settled")))
    give(part, DeskEvent(TWO, alarm()))
    assert rows(part) == ()
    give(part, DeskEvent(TWO, alarm(no=2)))
    assert len(rows(part)) == 1


def test_the_one_button_goes_from_take_to_settle_for_the_one_who_took_it() -> None:
    part = desk()
    give(part, DeskEvent(ONE, alarm()))
    assert rows(part)[0].next_action == "take"
    assert give(part, commands.DeskAct(ALARM, "take")) == [SendReceipt(ALARM, 1, TAKEN)]
    give(part, DeskEvent(ONE, alarm(state="taken")))
    assert (rows(part)[0].mine, rows(part)[0].next_action) == (True, "on_spot")
    assert give(part, commands.DeskAct(ALARM, "on_spot")) == [SendReceipt(ALARM, 1, ON_SPOT)]
    give(part, DeskEvent(ONE, alarm(state="on_spot")))
    assert rows(part)[0].next_action == "settle"
    assert give(part, commands.DeskAct(ALARM, "settle")) == [SendDeskAct(ALARM, "settle", 0, "other")]
    assert give(part, commands.DeskAct(b"x" * 16, "settle")) == []


def test_real_before_drill_then_level_one_then_the_newest() -> None:
    part = desk()
    for number, differs in enumerate(({"drill": True, "level": 1}, {}, {"level": 1}, {"raised_ms": START.wall_ms})):
        give(part, DeskEvent(ONE, alarm(alarm=bytes([number]) * 16, **differs)))
    assert [row.alarm[0] for row in rows(part)] == [2, 3, 1, 0]


def test_the_board_is_for_those_whom_the_server_calls_leads() -> None:
    part = DeskPart(lambda: 0)
    assert face(part).desk is None
    give(part, DeskEvent(ONE, Hello(roles=("agent",))))
    assert face(part).desk is None
    give(part, DeskEvent(ONE, Hello(roles=("lead",))))
    assert face(part).desk is not None


def test_cover_comes_to_leads_only_and_names_seats_in_trouble() -> None:
    part = DeskPart(lambda: 0)
    give(part, DeskEvent(ONE, DeskCover(covered=30, listening=3, tried_ms=0, trouble=())))
    shown = face(part).desk
    assert shown is not None
    assert (shown.seats_covered, shown.leads_online, shown.last_tested_ms) == (30, 3, None)


# --- the keeper of faults -----------------------------------------------------------------------------------------


def keeper(*missing: str, faceless: bool = False) -> KeeperPart:
    part = KeeperPart(missing, faceless)
    give(part, EnrolmentChanged(True, False))
    give(part, LinkChanged(ONE, "stream", True, 0))
    return part


HEARD = {"help": HelpFace(listeners=1)}


def test_all_is_well_only_when_somebody_would_hear() -> None:
    part = keeper()
    assert face(part, **HEARD).tray is TrayState.WELL
    assert face(part, help=HelpFace(listeners=0)).tray is TrayState.UNPROTECTED
    assert face(part, help=HelpFace()).tray is TrayState.UNPROTECTED
    assert face(part, **HEARD, seat=SeatFace(on_shift=False)).tray is TrayState.OFF_SHIFT
    give(part, LinkChanged(ONE, "stream", False, 0))
    assert face(part, **HEARD).tray is TrayState.UNPROTECTED
    assert face(keeper("lock_missing"), **HEARD).tray is TrayState.UNPROTECTED
    assert face(keeper("notices_missing"), **HEARD).tray is TrayState.ATTENTION
    assert face(keeper("pack_refused", "pack_stale"), **HEARD).tray is TrayState.WELL
    assert face(keeper("pack_refused", "policy_bad"), **HEARD).tray is TrayState.ATTENTION


@pytest.mark.parametrize(
    ("item", "fault", "ends"),
    [
        (VaultOpened(False, False, faults=("vault_missing",)), "vault_missing", VaultOpened(True, True)),
        (VaultOpened(True, False, faults=("journal_key",)), "journal_key", VaultOpened(True, True)),
        (VaultOpened(True, True, faults=("journal_damaged",)), "journal_damaged", None),
        (Committed(False, 0, "full"), "journal_full", Committed(True, 0)),
        (Committed(False, 0, "the file is gone"), "journal_missing", Committed(True, 0)),
        (JournalMute(), "journal_missing", Committed(True, 0)),
        (LockTried(FAILED), "lock_failed", LockTried(LOCKED)),
        (LockTried(FAILED), "lock_failed", SessionChanged(Locked.YES)),
        (PartFailed("seat"), "part_failed", None),
        (LaneFailed("desk", "SendReceipt", "x"), "part_failed", None),
        (LaneFailed("vault", "OpenVault", "x"), "vault_missing", VaultOpened(True, True)),
        (LaneFailed("journal", "Commit", "x"), "journal_missing", Committed(True, 0)),
        (StateRecalled(b"", ("journal_key",)), "journal_key", None),
    ],
)
def test_each_fault_is_shown_until_it_is_over(item: object, fault: str, ends: object) -> None:
    part = keeper()
    give(part, item)
    assert face(part, **HEARD).faults == (fault,)
    assert face(part, **HEARD).tray is TrayState.ATTENTION
    if ends is not None:
        give(part, ends)
        assert face(part, **HEARD).faults == ()


def test_records_that_come_before_the_vault_has_opened_are_no_full_disk() -> None:
    part = keeper()
    give(part, Committed(False, 0, "closed"))
    assert face(part, **HEARD).faults == ()


def test_not_enrolled_is_a_fault_of_its_own() -> None:
    assert face(KeeperPart()).faults == ("not_enrolled",)
    assert face(KeeperPart()).tray is TrayState.UNPROTECTED


def test_the_vault_is_opened_at_start_again_after_an_unlock_and_after_ten_minutes_but_does_not_nag() -> None:
    part = keeper()
    assert give(part, Started()) == [OpenVault()]
    give(part, VaultOpened(False, False, faults=("vault_missing",)))
    assert give(part, None, 60) == []
    assert give(part, SessionChanged(Locked.NO), 60) == [OpenVault()]
    assert give(part, SessionChanged(Locked.NO), 61) == []
    give(part, VaultOpened(False, False, faults=("vault_missing",)), 100)
    assert part.due() == at(100).boot + VAULT_AGAIN
    assert give(part, None, 701) == [OpenVault()]
    assert give(part, VaultOpened(True, True), 702) == [OpenLinks()]
    assert give(part, SessionChanged(Locked.NO), 703) == []


def test_a_failed_lock_is_told_once_where_no_window_tells_it_and_never_while_help_is_on_its_way() -> None:
    part = keeper(faceless=True)
    assert give(part, LockTried(FAILED)) == [ShowNotice("fault.lock_failed")]
    assert give(part, LockTried(FAILED)) == []
    give(part, LockTried(LOCKED))
    give(part, AlarmNote("raise"))
    assert give(part, LockTried(FAILED)) == []
    assert give(keeper(), LockTried(FAILED)) == []


def test_a_part_that_failed_is_told_again_what_it_missed() -> None:
    assert give(keeper(), PartFailed("desk")) == [TellAgain("desk")]


def test_the_end_comes_once_and_in_order() -> None:
    part = keeper()
    assert give(part, commands.Quit("takeover")) == [StopWatching(), SayGoodbye("takeover"), Stop()]
    assert face(part).stopping
    assert give(part, commands.Quit()) == []
    assert give(keeper(), commands.Quit("nonsense")) == [StopWatching(), SayGoodbye("asked"), Stop()]


def test_chords_that_are_taken_are_named() -> None:
    part = keeper()
    give(part, HotkeysBound((("help", "taken"),)))
    assert face(part).hotkey_faults == (("help", "taken"),)


def fault_keys() -> Iterable[str]:
    yield from FAULTS
    yield from (
        "vault_missing", "journal_missing", "journal_key", "journal_damaged", "journal_full", "lock_failed", "lock_missing",
        "part_failed", "not_enrolled", "history",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_sentence(language: str) -> None:
    texts = Texts(language)
    for key in fault_keys():
        assert texts.t(f"fault.{key}").strip()


def test_a_sleep_is_said_before_and_the_links_begin_anew_after_it() -> None:
    part = LinkPart()
    assert list(part.handle(PowerChanged(True), at(1))) == [SayAsleep()]
    assert list(part.handle(PowerChanged(False), at(2))) == [ReviveLinks()]


def test_a_changed_policy_is_a_record_and_only_other_chords_are_bound_anew() -> None:
    part = ChoicesPart(Settings(), lambda key, value: None)
    new = replace(Settings(), theme="dark")
    held = PolicyHolds(Rules(), new, (), "", False, ("theme",), "file", False)
    (commit,) = part.handle(held, at(1))
    assert isinstance(commit, Commit)
    assert [(one.source, one.keys) for one in commit.records if isinstance(one, PolicyChanged)] == [("file", ("theme",))]
    chords = replace(held, settings=replace(new, hotkeys=(("help", "<ctrl>+<alt>+8"),)))
    assert next(iter(part.handle(chords, at(2)))) == BindHotkeys((("help", "<ctrl>+<alt>+8"),))
    assert list(part.handle(replace(chords, keys=(), broken=True), at(3))) == []


def test_a_policy_that_cannot_be_used_is_a_fault_until_it_can() -> None:
    part = KeeperPart()
    held = PolicyHolds(Rules(), Settings(), (), "", False, (), "built_in", True)
    for broken in (True, False):
        part.handle(replace(held, broken=broken), at(1))
        assert ("policy_bad" in part.face(Snapshot(0, at(1)), at(1)).faults) is broken
