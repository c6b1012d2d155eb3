"""Sentences that faces share, made from a Snapshot and the texts of one language; no Qt, no state.

`boot` is the present reading of the Snapshot's clock in nanoseconds (see `Moment.boot`).
"""

from datetime import UTC, datetime
from math import ceil

from app.agent.snapshot import Sign, Snapshot, TrayState
from app.content.texts import Texts
from app.domain.moment import NS

DIGITS = {Sign.NONE: "", Sign.NOBODY: "0", Sign.KEPT: "1", Sign.SHOWN: "2", Sign.COMING: "3"}
"""What the sign says aloud: a bare figure (ux, help sign)."""


FAULTS_FIRST = ("lock_failed", "not_enrolled", "lock_missing", "vault_missing", "journal_missing", "journal_full")
"""Which fault is told first when there are several; the others follow by name."""
QUIET_FAULTS = ("notices_missing", "not_enrolled")
"""Faults that the flyout's sentence does not need: nothing is lost, or the line below the help button says it."""


def _rank(fault: str) -> tuple[int, str]:
    return (FAULTS_FIRST.index(fault) if fault in FAULTS_FIRST else len(FAULTS_FIRST), fault)


def duration(texts: Texts, seconds: int) -> str:
    """Whole minutes as people say them; under a minute is no minute."""
    hours, minutes = divmod(max(0, seconds) // 60, 60)
    if hours and minutes:
        return texts.t("flyout.hours_minutes", h=hours, m=minutes)
    return texts.t("flyout.hours", h=hours) if hours else texts.t("flyout.minutes", m=minutes)


def minutes_to_break(snapshot: Snapshot, boot: int) -> int | None:
    """Minutes until the next break, at least 1; None when none is in sight or the clock stands still."""
    seat = snapshot.seat
    if not seat.on_shift or seat.on_call or seat.next_in_seconds is None:
        return None
    gone = (boot - snapshot.moment.boot) / NS if seat.present else 0
    return max(1, ceil((seat.next_in_seconds - gone) / 60))


def minutes_of_rest(snapshot: Snapshot, boot: int) -> int | None:
    """Minutes that the running break still has, at least 1; None when none runs."""
    running = snapshot.seat.running
    return None if running is None else max(1, ceil((running.until_boot - boot) / NS / 60))


def tray_line(snapshot: Snapshot, texts: Texts, boot: int) -> str:
    """The tooltip of the tray icon: one line; a lead's sentence alone while there is one."""
    said = sentence(snapshot, texts)
    return said or texts.t("tray.line", state=_tray_state(snapshot, texts, boot))


def _tray_state(snapshot: Snapshot, texts: Texts, boot: int) -> str:
    help_, seat = snapshot.help, snapshot.seat
    if fault := first_fault(snapshot, texts):
        return fault
    if help_.enrolled and help_.listeners == 0:
        return texts.t("tray.nobody", number=help_.number) if help_.number else texts.t("tray.nobody_no_number")
    if snapshot.tray is TrayState.OFF_SHIFT or not seat.on_shift:
        return texts.t("tray.off_shift")
    if seat.running is not None:
        return texts.t("tray.resting")
    if seat.on_call:
        return texts.t("tray.on_call")
    minutes = minutes_to_break(snapshot, boot)
    return texts.t("tray.well") if minutes is None else texts.t("tray.well_break", minutes=minutes)


def first_fault(snapshot: Snapshot, texts: Texts) -> str:
    """The most important thing that is wrong, as one sentence; empty when nothing is."""
    if snapshot.seat.lock_failed:
        return texts.t("fault.lock_failed")
    if not_enrolled(snapshot):
        return texts.t(f"fault.{unenrolled_fault(snapshot)}")
    faults = sorted((key for key in snapshot.faults if key not in QUIET_FAULTS), key=_rank)
    if faults:
        key = "history" if faults[0].startswith("history") else faults[0]
        return texts.t(f"fault.{key}" if f"fault.{key}" in texts else "fault.other")
    for key, _reason in snapshot.hotkey_faults:
        return texts.t("fault.hotkey_taken", chord=key_name(key))
    return texts.t("fault.read_only") if snapshot.read_only else ""


def not_enrolled(snapshot: Snapshot) -> bool:
    """Whether a call for help has nowhere to go because this PC was never enrolled."""
    return not snapshot.help.enrolled and not snapshot.sync.pending_approval


def unenrolled_fault(snapshot: Snapshot) -> str:
    """Why this PC is not enrolled: how the code fares that IT left, else that there is none."""
    return next((fault for fault in snapshot.faults if fault.startswith("handover_")), "not_enrolled")


def key_name(chord: str) -> str:
    """A chord as people read it: <ctrl>+<alt>+1 is Ctrl+Alt+1."""
    return "+".join(part.strip("<>").capitalize() for part in chord.split("+") if part) or chord


def day_sentence(snapshot: Snapshot, texts: Texts) -> str:
    """The state of today in one sentence."""
    seat = snapshot.seat
    if not seat.on_shift:
        return texts.t("flyout.day_off")
    if seat.running is not None:
        return texts.t("flyout.day_resting")
    if seat.worked_seconds < 60:
        return texts.t("flyout.day_fresh")
    worked = duration(texts, seat.worked_seconds)
    if seat.breaks_kept == 1:
        return texts.t("flyout.day_one", worked=worked)
    return texts.t("flyout.day", worked=worked, breaks=seat.breaks_kept)


def next_line(snapshot: Snapshot, texts: Texts) -> str:
    """The line beside the ring; it reads on from the minutes inside it."""
    seat = snapshot.seat
    if not seat.on_shift:
        return texts.t("flyout.next_off")
    if seat.running is not None:
        return texts.t("flyout.left_resting")
    if seat.on_call:
        return texts.t("flyout.next_on_call")
    return texts.t(f"flyout.next_{seat.next_kind}") if seat.next_in_seconds is not None else texts.t("flyout.next_none")


def reach_line(snapshot: Snapshot, texts: Texts) -> str:
    """Who would hear a call for help now."""
    help_ = snapshot.help
    if not_enrolled(snapshot):
        return texts.t(f"fault.{unenrolled_fault(snapshot)}")
    if help_.listeners is None and snapshot.sync.configured and help_.enrolled and not reached_by_nobody(snapshot):
        return texts.t("flyout.reach_unknown")
    if not help_.listeners:
        number = help_.number
        return texts.t("flyout.reach_nobody", number=number) if number else texts.t("flyout.reach_nobody_no_number")
    return texts.t("flyout.reach_one") if help_.listeners == 1 else texts.t("flyout.reach", n=help_.listeners)


def reached_by_nobody(snapshot: Snapshot) -> bool:
    """Whether a call for help would be heard by no one, as far as is known; an unreachable server counts as no one."""
    help_ = snapshot.help
    if help_.listeners is None:
        return not help_.enrolled or (snapshot.sync.unreachable_since_ms is not None and not help_.lan_tested)
    return not help_.enrolled or help_.listeners == 0


def sync_line(snapshot: Snapshot, texts: Texts, boot: int) -> str:
    """Honest figures on delivery, for the foot of the flyout."""
    sync, help_ = snapshot.sync, snapshot.help
    if not sync.configured:
        return texts.t("sync.local")
    if sync.pending_approval:
        return texts.t("sync.pending")
    if not sync.connected and sync.unreachable_since_ms is not None:
        how = "gone_lan" if help_.lan_tested else "gone_call" if help_.number else "gone_no_number"
        args: dict[str, object] = {"time": clock(sync.unreachable_since_ms), "n": sync.waiting}
        return texts.t(f"sync.{how}", **args, **({"number": help_.number} if how == "gone_call" else {}))
    if not sync.connected:
        if sync.waiting:
            return texts.t("sync.connecting_waiting", n=sync.waiting)
        return texts.t("sync.connecting")
    when = _synced(snapshot, texts, boot)
    return texts.t("sync.waiting", when=when, n=sync.waiting) if sync.waiting else when


def _synced(snapshot: Snapshot, texts: Texts, boot: int) -> str:
    last = snapshot.sync.last_synced_ms
    if last is None:
        return texts.t("sync.connected")
    minutes = max(0, snapshot.moment.wall_ms + (boot - snapshot.moment.boot) // 1_000_000 - last) // 60_000
    if minutes < 1:
        return texts.t("sync.now")
    return texts.t("sync.hours", n=minutes // 60) if minutes >= 60 else texts.t("sync.minutes", n=minutes)


def clock(wall_ms: int) -> str:
    """Wall time of this PC's zone as HH:MM."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone().strftime("%H:%M")


def sentence(snapshot: Snapshot, texts: Texts) -> str:
    """What the lead said, at most 8 characters (16 in English); empty when nothing was said."""
    key = f"tray.sentence_{snapshot.help.sentence}"
    return texts.t(key) if snapshot.help.sentence and key in texts else ""


def told(snapshot: Snapshot, texts: Texts) -> str:
    """What the sign tells on its hotkey: the lead's sentence, else a bare figure, else nothing."""
    return sentence(snapshot, texts) or DIGITS[snapshot.help.sign]
