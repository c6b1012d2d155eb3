"""Random shift files: entries in order that break no rule of the contract, under small policies, for comparisons."""

import random
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.helpers.naive_seat import DEFAULTS, Entry

START = datetime(2026, 11, 23, 9, 0, 0, tzinfo=timezone(timedelta(hours=8)))

_WEIGHTS = {
    "idle": 14,
    "active": 8,
    "call": 10,
    "lock": 4,
    "unlock": 6,
    "suspend": 2,
    "wall": 1,
    "share": 3,
    "start": 4,
    "later": 4,
    "skip": 4,
    "back": 4,
    "now": 4,
    "lock_fails": 2,
    "raise": 3,
    "take_back": 2,
    "settled": 4,
    "shift": 3,
}


def random_policy(rng: random.Random) -> dict[str, int]:
    """A policy, often with short times so that much happens; every load drains whole seconds in a second."""
    if rng.random() < 0.25:
        return {}
    policy: dict[str, int] = {}

    def pick(key: str, *values: int) -> None:
        if rng.random() < 0.7:
            policy[key] = rng.choice(values)

    pick("lock.idle_after", 60, 90, 120, 300)
    pick("lock.idle_after_on_call", 60, 120, 200, 600)
    pick("lock.warning", 5, 15, 30)
    pick("lock.retry", 5, 30, 40)
    pick("lock.sign_out_after", 300, 400)
    pick("presence.away_after", 15, 30, 60)
    for kind, everys, lengths in (("eyes", (300, 400, 600), (5, 10, 20, 100)), ("rest", (1200, 1500), (60, 100, 300))):
        if rng.random() < 0.8:
            every = policy[f"breaks.{kind}.every"] = rng.choice(everys)
            policy[f"breaks.{kind}.length"] = rng.choice([one for one in lengths if every % one == 0])
    pick("breaks.eyes.auto_start", 3, 10, 60)
    pick("breaks.eyes.yield_to_rest", 0, 100, 300)
    pick("breaks.eyes.after_skip", 60, 120, 600)
    pick("breaks.rest.after_skip", 60, 200, 600)
    pick("breaks.talk.after", 300, 400)
    pick("breaks.talk.gap", 0, 20, 60)
    pick("breaks.talk.length", 60, 100)
    pick("breaks.calm.length", 60, 100)
    pick("breaks.calm.after_alarm", 60, 90, 200)
    pick("breaks.wrap_up", 0, 10, 40)
    pick("breaks.share_patience", 0, 60, 200)
    pick("breaks.alarm_holds", 0, 60, 200)
    pick("breaks.postpone", 60, 100)
    pick("breaks.offer_patience", 30, 60)
    for kind in ("eyes", "rest", "talk", "calm"):
        pick(f"breaks.{kind}.postpones", 0, 1, 2)
    value = {**DEFAULTS, **policy}
    if value["lock.warning"] > value["lock.idle_after"] // 2:
        policy["lock.warning"] = 5
    if value["presence.away_after"] > value["lock.idle_after"]:
        policy["presence.away_after"] = 30
    return policy


def random_entries(rng: random.Random, end: int, policy: dict[str, int]) -> list[Entry]:
    """Entries of a shift of `end` seconds, in order, often at instants where something is due."""
    entries: list[Entry] = []
    open_calls: list[str] = []
    waits = sorted({*policy.values(), 1, 10, 45, 59, 60, 61, 105, 285, 300, 600, 1200})
    shared = failing = False
    on_shift = True
    weights = [weight * rng.choice((0, 0.2, 1, 1, 3)) for weight in _WEIGHTS.values()]
    weights[0] += 1
    spans = rng.choice(((5, 60), (5, 60, 400), (60, 400, 1500)))
    t = earliest = 0
    while True:
        draw = rng.random()
        step = 0 if draw < 0.15 else rng.choice(waits) if draw < 0.5 else rng.randint(1, rng.choice(spans))
        t = max(t + step, earliest)
        if t > end:
            return entries
        word = rng.choices(list(_WEIGHTS), weights)[0]
        if word == "call":
            if open_calls and rng.random() < 0.6:
                call_id = open_calls.pop(rng.randrange(len(open_calls)))
                entries.append((t, "call", "end", {"id": call_id, "hard": rng.random() < 0.3}))
            else:
                call_id = f"c{len(entries)}"
                open_calls.append(call_id)
                entries.append((t, "call", "start", {"id": call_id}))
        elif word == "suspend":
            length = rng.choice((1, 5, 20, 60, 200, 900, rng.randint(1, 1500)))
            entries.append((t, "suspend", length, {}))
            open_calls.clear()
            earliest = t + length
        elif word == "share":
            shared = not shared
            entries.append((t, "share", shared, {}))
        elif word == "lock_fails":
            failing = not failing
            entries.append((t, "lock_fails", failing, {}))
        elif word == "shift":
            entries.append((t, "shift", "start" if on_shift else "end", {}))
            on_shift = not on_shift
        elif word == "wall":
            entries.append((t, "wall", rng.randint(-7200, 7200), {}))
        elif word == "now":
            kind = rng.choice(("eyes", "rest", "talk", "calm"))
            entries.append((t, "answer", "now", {"break": kind}))
        else:
            entries.append((t, _word(word), word, {}))


def _word(value: str) -> str:
    if value in ("idle", "active"):
        return "input"
    if value in ("lock", "unlock"):
        return "session"
    return "alarm" if value in ("raise", "take_back", "settled") else "answer"


def clock(seconds: int) -> str:
    """HH:MM:SS of a number of seconds."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def table(policy: dict[str, int], entries: list[Entry], end: int) -> dict[str, Any]:
    """The contents of the shift file, as TOML would give them."""
    rows: list[dict[str, Any]] = []
    for t, word, value, extra in entries:
        written = value
        if word == "suspend":
            written = clock(value)
        elif word == "wall":
            written = ("-" if value < 0 else "+") + clock(abs(value))
        rows.append({"time": "+" + clock(t), word: written, **extra})
    return {"start": START, "end": "+" + clock(end), "policy": policy, "at": rows}
