"""What works on this PC and what does not, each with what it means and what to do; reads only, changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from app.agent.client import NoAgentError, ask
from app.agent.enrolled import DamagedEnrolmentError, enrolled_servers
from app.agent.profile import Profile
from app.desktop.open import open_desktop
from app.desktop.ports import Desktop, Locked
from app.domain.errors import SafeSeatError

Finding = dict[str, str]
VAULT_LIMIT = 5.0
MEGABYTE = 1_000_000
LITTLE_ROOM, SOME_ROOM = 16 * MEGABYTE, 256 * MEGABYTE


def examine(folder: Path | None, desktop: Desktop | None = None) -> list[Finding]:
    """Every check in order: {what, state: well|note|fault, says}. Blocking, a few seconds at most.

    `desktop`: the machine to look at (closed afterwards); None opens this one.
    """
    profile = Profile(folder)
    desktop = desktop or open_desktop()
    try:
        return [*_desktop(desktop), _room(profile), *_enrolment(profile), *_agent(profile)]
    finally:
        desktop.close()


def _finding(what: str, state: str, says: str) -> Finding:
    return {"what": what, "state": state, "says": says}


def _desktop(desktop: Desktop) -> Iterator[Finding]:
    idle = desktop.idle.idle_ns() if desktop.idle else None
    yield (
        _finding("idle time", "well", f"last input {idle / 1e9:.1f} s ago")
        if idle is not None
        else _finding("idle time", "fault", "cannot be read, so the PC locks by its limit counted from the last known input")
    )
    state = desktop.lock.state() if desktop.lock else None
    if state is None:
        yield _finding("screen lock", "fault", "no login session and no locker: the screen cannot be locked")
    else:
        told = "its state can be read" if state is not Locked.UNKNOWN else "its state cannot be read beforehand"
        yield _finding("screen lock", "well" if state is not Locked.UNKNOWN else "note", told)
    yield _vault(desktop)
    for name, part, without in (
        ("hotkeys", desktop.hotkeys, "the help chord does not work; hold the edge handle instead"),
        ("notices", desktop.notices, "no passing notices; nothing important depends on them"),
        ("microphone", desktop.microphone, "calls are known only from hooks"),
    ):
        yield _finding(name, "well" if part else "note", "there" if part else without)


def _room(profile: Profile) -> Finding:
    import psutil

    return room(psutil.disk_usage(str(profile.folder)).free)


def room(free: int) -> Finding:
    """What `free` bytes on the profile's disk mean: 180 days of records need some megabytes, a full disk stops them."""
    says = f"{free / MEGABYTE:,.0f} MB free for the journal"
    if free < LITTLE_ROOM:
        return _finding("disk", "fault", says + "; only alarms and audit records are still kept, free some space")
    return _finding("disk", "note" if free < SOME_ROOM else "well", says)


def _vault(desktop: Desktop) -> Finding:
    if desktop.vault is None:
        return _finding("key store", "fault", "missing: no journal is kept and alarms show as unverified")
    try:
        desktop.vault.get("safeseat/doctor", VAULT_LIMIT)
    except SafeSeatError as fault:
        return _finding("key store", "fault", str(fault))
    return _finding("key store", "well", "open")


def _enrolment(profile: Profile) -> Iterator[Finding]:
    try:
        servers = enrolled_servers(profile)
    except DamagedEnrolmentError as fault:
        yield _finding("enrolment", "fault", str(fault))
        return
    if not servers:
        yield _finding("enrolment", "fault", "this PC is not enrolled, so an alarm would reach nobody; ask IT for a code")
    for server in servers:
        pending = "IT still has to approve it" if server.pending else "enrolled"
        yield _finding(f"server {server.url}", "note" if server.pending else "well", pending)


def _agent(profile: Profile) -> Iterator[Finding]:
    asked: Callable[[], object] = lambda: ask(profile.control, "status", timeout=3.0)  # noqa: E731  # typed for mypy
    try:
        answer = asked()
    except NoAgentError:
        yield _finding("agent", "fault", "SafeSeat does not run in this profile")
        return
    except SafeSeatError as fault:
        yield _finding("agent", "fault", str(fault))
        return
    told = answer if isinstance(answer, dict) else {}
    faults = told.get("faults", [])
    yield _finding("agent", "note" if faults else "well", "runs" + (f"; it tells of {', '.join(map(str, faults))}" if faults else ""))
    content = told.get("content")
    if isinstance(content, dict) and (content.get("version") or content.get("refused")):
        yield site_content(content)


def site_content(told: Mapping[str, object]) -> Finding:
    """What holds of the site's own content, by the agent's word, and why a newer pack was refused."""
    version, refused = told.get("version"), told.get("refused")
    says = f"{told.get('pack')} version {version}" if version else "none holds"
    if told.get("stale"):
        says += ", past its time and still shown; sign it again"
    if refused:
        says += f"; a pack was refused: {refused}"
    return _finding("site content", "note" if refused or told.get("stale") else "well", says)
