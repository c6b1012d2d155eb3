"""The readable time line of `safeseat simulate`: one line for each record, for people of IT."""

from collections.abc import Mapping

_TEXTS = {
    "lock.warned": "lock warning shown",
    "lock.withdrawn": "lock warning withdrawn",
    "lock.asked": "lock asked for ({reason})",
    "lock.confirmed": "lock confirmed ({method})",
    "lock.failed": "lock failed ({method})",
    "session.locked": "locked by the person",
    "session.unlocked": "unlocked by the person",
    "shift.started": "shift starts",
    "shift.ended": "shift ends",
    "shift.signed_out": "signed out: nobody there for too long",
    "call.started": "call {id} starts",
    "call.ended": "call {id} ends after {seconds} s{hard}",
    "break.offered": "{break} break offered, {seconds} s",
    "break.postponed": "{break} break postponed",
    "break.skipped": "{break} break skipped",
    "break.started": "{break} break starts",
    "break.cut_short": "{break} break cut short",
    "break.kept": "{break} break kept ({how})",
    "alarm.raised": "alarm raised",
    "alarm.taken_back": "alarm taken back",
    "alarm.settled": "alarm settled",
}


def line(record: Mapping[str, object]) -> str:
    """Return one line of the time line for an object that `simulate` gave."""
    elapsed = record["elapsed"]
    seconds = elapsed if isinstance(elapsed, float) else 0.0
    return f"{record['time']}  {seconds:>9.1f}  {record['kind']:<16}  {_said(record)}"


def _said(record: Mapping[str, object]) -> str:
    if record["kind"] == "sums":
        return _sums(record)
    words = {**record, "hard": ", hard" if record.get("hard") else ""}
    return _TEXTS[str(record["kind"])].format_map(words)


def _sums(record: Mapping[str, object]) -> str:
    kept = _table(record["kept"])
    breaks = ", ".join(
        f"{kind} {_table(how)['taken']} taken {_table(how)['natural']} natural" for kind, how in kept.items()
    )
    loads, debts = _table(record["loads"]), _table(record["debts"])
    left = ", ".join(f"{name} {value} s" for name, value in {**loads, **debts}.items())
    return (
        f"interruptions {record['interruptions']}; kept: {breaks}; longest without rest {record['longest_without_rest']} s;"
        f" locks {record['locks']}; left: {left}"
    )


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
