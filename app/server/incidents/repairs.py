"""Repairs that shift checks asked for: the list for IT and leads, and what is done (domain facts, section 6).

A line says which seat and what is at fault, never who sat there; it goes with its record (privacy, "shift check").
"""

import datetime as dt

from sqlalchemy import Connection

from app.domain.errors import UsageError
from app.server.incidents import handling
from app.server.incidents.handling import Actor, Row
from app.server.storage import audit, people, repairs
from app.server.storage.keyring import Keyring
from app.server.storage.repairs import Asked

ANSWER_MS = 4 * 3600 * 1000
"""IT answers within 4 h (domain facts, section 6)."""
ROLES = ("it", "lead")
"""Who may say that one is done: those who read shift checks (privacy)."""


def list_repairs(conn: Connection, keys: Keyring, actor: Actor, *, everything: bool) -> list[Row]:
    """Return the open repairs, oldest first, with `everything` those done as well; that they were read is recorded."""
    names, closed = people.site_names(conn), repairs.done(conn)
    found = [
        _line(one, names.get(one.site, ("", ""))[0], closed.get(one.id, 0), actor.now_ms)
        for one in repairs.asked(conn)
        if everything or one.id not in closed
    ]
    audit.append(conn, keys.server, actor.now_ms, "repairs.listed", {"account": actor.account, "count": len(found)})
    return found


def _line(one: Asked, site: str, done_ms: int, now_ms: int) -> Row:
    """What can be said of one: `in_time` is None while its 4 h still run."""
    took = (done_ms or now_ms) - one.since_ms
    in_time = took <= ANSWER_MS if done_ms else False if took > ANSWER_MS else None
    return {
        "id": one.id, "site": site, "seat": one.seat, "floor": one.floor, "checklist": one.check.checklist,
        "faults": [item.id for item in one.check.items if not item.well],
        "since_ms": one.since_ms, "done_ms": done_ms, "in_time": in_time,
    }  # fmt: skip


def set_done(conn: Connection, keys: Keyring, actor: Actor, name: str) -> None:
    """Note in the server's chain that a repair is done, once; UsageError if there is none or the person may not."""
    one = next((one for one in repairs.asked(conn) if one.id == name), None)
    if one is None:
        raise UsageError("There is no such repair; safeseat server repairs list shows them.")
    site = people.site_names(conn)[one.site][0]
    at = handling.desk(conn, keys, Actor(site, actor.by, actor.now_ms, actor.account))
    if not any(at.holds(role) for role in ROLES):
        raise UsageError("That a repair is done is said by IT or a lead of the site.")
    body: Row = {"repair": one.id, "by": at.person.hex(), "account": actor.account}
    audit.append(conn, keys.server, actor.now_ms, repairs.DONE, body, ref=b"repair" + one.site + one.id.encode())


def text_of(row: Row) -> str:
    """Return a line for people to read."""
    since = dt.datetime.fromtimestamp(int(str(row["since_ms"])) / 1000, dt.UTC).astimezone()
    state = "done" if row["done_ms"] else "open"
    answered = {True: "within 4 h", False: "over 4 h", None: "4 h not over"}[row["in_time"]]  # type: ignore[index]  # a bool or None
    faults = row["faults"]
    assert isinstance(faults, list)
    where = f"{row['site']} {row['seat'] or '-'} floor {row['floor'] or '-'}"
    return f"{row['id']}  {where}  {row['checklist']}: {', '.join(faults) or '-'}  since {since:%Y-%m-%d %H:%M}  {state}, {answered}"
