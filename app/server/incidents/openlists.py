"""What everybody of a site may see: open hazards without names, the risk list, notices and their sums of readers."""

import secrets
import tomllib
from pathlib import Path

from sqlalchemy import Connection

from app.domain.errors import UsageError
from app.protocol.api import MESSAGE_MAX, encode_message
from app.protocol.errors import ProtocolError
from app.protocol.reports import Hazard, HazardList, Notice, NoticeList, Risk
from app.server.incidents.handling import Desk, Row
from app.server.incidents.taking import opened
from app.server.storage import bulletins, reports
from app.server.storage.bulletins import Bulletin
from app.server.storage.directory import Directory
from app.server.storage.keyring import Keyring
from app.server.storage.reports import Incident

HAZARDS_MAX = 150
RISKS_MAX = 100
NOTICES_MAX = 20
GROUP_MIN = 8
"""A figure on people is shown for so many or more (privacy, "Groups")."""
_ABOUT_PEOPLE = frozenset({"threat", "harassment", "injury", "colleague"})
_ROOM = MESSAGE_MAX - 4096


def hazards(conn: Connection, keys: Keyring, site: bytes) -> HazardList:
    """Return the site's open hazards and risks; the oldest give way if they do not fit one message."""
    shown = [_hazard(keys, row) for row in reports.open_hazards(conn, site, HAZARDS_MAX)]
    found = tuple(one for one in shown if one is not None)
    listed = tuple(Risk(what=what, likelihood=a, impact=b) for what, a, b in bulletins.risks(conn, site)[:RISKS_MAX])
    while found:
        try:
            if len(encode_message(HazardList(hazards=found, risks=listed))) <= _ROOM:
                break
        except ProtocolError:
            pass
        found = found[: len(found) * 9 // 10]
    return HazardList(hazards=found, risks=listed)


def _hazard(keys: Keyring, row: Incident) -> Hazard | None:
    """A line for everybody; None for what is not for every lead, names somebody or is about people."""
    report = opened(keys, row)
    if report is None or report.named or row.handler != "lead" or row.kind in _ABOUT_PEOPLE:
        return None
    return Hazard(
        number=row.number,
        kind=report.kind,
        level=row.level,
        place=report.place,
        state=row.state,  # type: ignore[arg-type]  # one of the four states, by the domain
        since_ms=row.received_ms,
    )


def notices(conn: Connection, site: bytes, now_ms: int) -> NoticeList:
    """Return the notices that hold now, newest first."""
    now = [one for one in bulletins.of_site(conn, site) if one.from_ms <= now_ms < one.until_ms]
    while len(now) > NOTICES_MAX or sum(len(one.text.encode()) + len(one.title.encode()) for one in now) > _ROOM // 2:
        now.pop()
    return NoticeList(
        notices=tuple(
            Notice(id=one.id, title=one.title, text=one.text, from_ms=one.from_ms, until_ms=one.until_ms) for one in now
        )
    )


def add_notice(at: Desk, title: str, text: str, from_ms: int, until_ms: int) -> str:
    """Store a notice and return its id in hex; UsageError for texts or dates out of their bounds."""
    _officer(at)
    if not 0 < len(title) <= 80 or not 0 < len(text) <= 2000:
        raise UsageError("A notice has a title of 1 to 80 and a text of 1 to 2000 characters.")
    if until_ms <= from_ms:
        raise UsageError("A notice ends after it begins.")
    one = Bulletin(secrets.token_bytes(16), title, text, from_ms, until_ms)
    bulletins.add(at.conn, at.site, one)
    at.note("notice.added", {"notice": one.id.hex()})
    return one.id.hex()


def read_notice(conn: Connection, people: Directory, site: bytes, team: str, notice: bytes) -> bool:
    """Add one to the team's sum; False if the site has no such notice. Keeps nothing of the person."""
    if notice not in {one.id for one in bulletins.of_site(conn, site)}:
        return False
    bulletins.count_read(conn, site, notice, team, _size(people, site, team))
    return True


def list_notices(at: Desk) -> list[Row]:
    """Return the site's notices; a team's sum only where 8 or more read it, and not all."""
    _officer(at)
    found: list[Row] = []
    for one in bulletins.of_site(at.conn, at.site):
        sums = bulletins.reads(at.conn, at.site, one.id)
        shown = {
            team: count
            for team, count in sorted(sums.items())
            if GROUP_MIN <= count < _size(at.people, at.site, team)
        }
        found.append({"id": one.id.hex(), "title": one.title, "from_ms": one.from_ms, "until_ms": one.until_ms, "read": shown})
    return found


def _size(people: Directory, site: bytes, team: str) -> int:
    return sum(1 for one in people.people.values() if one.site == site and one.team == team)


def load_risks(at: Desk, path: Path) -> int:
    """Replace the risk list by a TOML file of [[risk]] tables; UsageError names what is wrong. Return how many."""
    _officer(at)
    try:
        rows = tomllib.loads(path.read_text("utf-8-sig")).get("risk", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"The list {path.name} cannot be read: {error}.") from None
    if not isinstance(rows, list) or len(rows) > RISKS_MAX:
        raise UsageError(f"A risk list has up to {RISKS_MAX} [[risk]] tables.")
    found = [_risk(number, row) for number, row in enumerate(rows, 1)]
    bulletins.put_risks(at.conn, at.site, found)
    at.note("risks.renewed", {"count": len(found)})
    return len(found)


def _risk(number: int, row: object) -> tuple[str, int, int]:
    if not isinstance(row, dict) or set(row) != {"what", "likelihood", "impact"}:
        raise UsageError(f"Risk {number} needs what, likelihood and impact, and nothing else.")
    what, likelihood, impact = row["what"], row["likelihood"], row["impact"]
    if not isinstance(what, str) or not 0 < len(what) <= 120:
        raise UsageError(f"Risk {number} has a text of 1 to 120 characters.")
    if likelihood not in (1, 2, 3) or impact not in (1, 2, 3):
        raise UsageError(f"Risk {number}: likelihood and impact are 1, 2 or 3.")
    return what, likelihood, impact


def _officer(at: Desk) -> None:
    if not at.holds("officer"):
        raise UsageError("This is the safety officer's.")
