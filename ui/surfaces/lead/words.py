"""What the desk says about a call for help, as plain sentences; names are data and may hold anything. No Qt."""

from collections.abc import Callable

from app.agent.snapshot import DeskFace, DeskRow
from ui.surfaces.lead.folding import Entry

Text = Callable[..., str]
NS = 1_000_000_000
LONGEST = 60
UNBROKEN = 12
SENTENCES = (1, 2, 3)
"""The ready sentences by number: on my way, ask them to wait, you may hang up (ux, the words)."""

_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_OPEN, _SHUT = "\u2068", "\u2069"


def clean(name: str) -> str:
    """A name on one line, at most 60 characters, which cannot turn the direction of the words around it."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in name.translate(_TURNING)).split())
    line = line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
    return f"{_OPEN}{line}{_SHUT}" if any(ord(sign) > 0x58F and ord(sign) < 0x900 for sign in line) else line


def breakable(sentence: str) -> str:
    """`sentence` with places to break (zero-width spaces) inside words that no line could hold."""
    return " ".join(
        "\u200b".join(word[at : at + UNBROKEN] for at in range(0, len(word), UNBROKEN)) for word in sentence.split(" ")
    )


def place(t: Text, row: DeskRow) -> str:
    """Floor and seat, or that they are not known."""
    return " ".join(part for part in (clean(row.floor), clean(row.seat)) if part) or t("lead.unknown_place")


def person(t: Text, row: DeskRow) -> str:
    """Who, and of which team."""
    return " · ".join(part for part in (clean(row.who) or t("lead.unknown_person"), clean(row.team)) if part)


def clock(seconds: int) -> str:
    """Waiting time as m:ss, or h:mm:ss from an hour on."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def waited(row: DeskRow, now: int) -> int:
    """Whole seconds since it was raised."""
    return max(0, (now - row.raised_boot) // NS)


def waiting(row: DeskRow) -> bool:
    """Nobody answers it yet."""
    return not row.taken_by and not row.mine and row.state not in ("taken", "on_spot", "settled", "reviewed")


def state(t: Text, row: DeskRow) -> str:
    """Who answers, in one short sentence."""
    there = row.state == "on_spot"
    if row.mine:
        return t("lead.state_mine_there" if there else "lead.state_mine")
    if waiting(row):
        return t("lead.state_waiting")
    if row.state in ("settled", "reviewed"):
        return t("lead.state_settled")
    return t("lead.state_there" if there else "lead.state_taken", who=clean(row.taken_by) or t("lead.unknown_person"))


def level(t: Text, row: DeskRow) -> str:
    """The level in words."""
    return t(f"lead.level_{row.level if row.level in (1, 2, 3) else 3}")


def meta(t: Text, entry: Entry) -> str:
    """The third line of a row: the state, then what matters besides."""
    row = entry.first
    parts = [state(t, row)]
    if row.taken_back:
        parts.append(t("lead.state_taken_back"))
    if not entry.folded:
        parts.append(t("lead.on_call" if row.on_call else "lead.off_call"))
    if row.unverified:
        parts.append(t("lead.unverified"))
    return " · ".join(parts)


def heading(t: Text, entry: Entry) -> str:
    """The big line: the place, or how many seats."""
    return t("lead.fold", n=len(entry.rows)) if entry.folded else place(t, entry.first)


def second(t: Text, entry: Entry) -> str:
    """The second line: who, or where they sit."""
    if not entry.folded:
        return person(t, entry.first)
    seats = ", ".join(clean(row.seat) or t("lead.unknown_place") for row in entry.rows)
    return " ".join(part for part in (clean(entry.first.floor), seats) if part)


def spoken(t: Text, entry: Entry, now: int) -> str:
    """The whole row for a screen reader."""
    row, seconds = entry.first, waited(entry.rows[-1], now)
    parts = [t("lead.drill")] if row.drill else []
    parts += [level(t, row), heading(t, entry), second(t, entry)]
    parts += [t("lead.waited_spoken", minutes=seconds // 60, seconds=seconds % 60), meta(t, entry)]
    return ", ".join(parts)


def title(t: Text, desk: DeskFace) -> str:
    """All that the title bar, the taskbar and a notice may say."""
    open_ones = sum(waiting(row) for row in desk.rows)
    return t("lead.title_waiting", n=open_ones) if open_ones else t("lead.title")


def counts(t: Text, desk: DeskFace) -> str:
    """The line over the list."""
    waits = sum(waiting(row) for row in desk.rows)
    parts = [t("lead.count_waiting", n=waits)] if waits else []
    if len(desk.rows) > waits:
        parts.append(t("lead.count_open", n=len(desk.rows) - waits))
    return " · ".join(parts)


def calm(t: Text, desk: DeskFace) -> str:
    """The one sentence while nothing is open; it never says that all is well when it is not known."""
    if not desk.connected:
        return t("lead.calm_offline")
    if desk.uncovered:
        return t("lead.calm_partly", seats=desk.seats_covered, n=len(desk.uncovered))
    if not desk.seats_covered:
        return t("lead.calm_no_seats")
    if desk.leads_online == 1:
        return t("lead.calm_one", seats=desk.seats_covered)
    return t("lead.calm", seats=desk.seats_covered, leads=desk.leads_online)
