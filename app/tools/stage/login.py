"""A real systemd-logind with one X11 session of a throw-away ordinary user, so that locking really locks."""

import contextlib
import os
import secrets
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.tools.stage.crew import Crew, StageError, await_true, run
from app.tools.stage.programs import LOGIND, find

SESSION = "c1"
"""Id of the only session; every stage has a logind, a bus and a /run of its own, so the same id serves in all."""

USER_PREFIX = "safeseat-"
LOCKER = ("i3lock", "-n", "-c", "24323a")
LOGIN = "org.freedesktop.login1"

USER_FILE = """NAME={user}
STATE=active
STOPPING=no
RUNTIME=/run/user/{uid}
DISPLAY={session}
REALTIME=1
MONOTONIC=1
SESSIONS={session}
SEATS=
ACTIVE_SESSIONS={session}
ONLINE_SESSIONS={session}
"""

SESSION_FILE = """UID={uid}
USER={user}
ACTIVE=1
IS_DISPLAY=1
STATE=active
REMOTE=0
LOCKED_HINT=0
TYPE=x11
CLASS=user
SCOPE=session-{session}.scope
SERVICE=lightdm
LEADER={leader}
AUDIT=0
REALTIME=1
MONOTONIC=1
"""


@dataclass(frozen=True, slots=True)
class Person:
    """The throw-away user at the locker, with a password that can be typed on any layout."""

    name: str
    uid: int
    password: str


class Login:
    """Brings up the system bus, logind, the person and the locker; root only. Everything ends with `Crew` and `leave`."""

    def __init__(self, crew: Crew, folder: Path, env: Mapping[str, str]) -> None:
        self._crew = crew
        self._folder = folder
        self._env = dict(env)
        self._run = Path()
        self._turn: Turn | None = None
        self.person: Person | None = None

    def enter(self, display: str, leader: int) -> dict[str, str]:
        """Start all but the locker; returns what is to be added to the environment of the session's programs."""
        if sys.platform == "win32" or os.geteuid() != 0:
            raise StageError("A login session that really locks needs root; run the command as root (sudo).")
        _remove_abandoned()
        self.person = _new_person(self._env)
        address = f"unix:path={self._folder}/system_bus"
        self._env |= {"DBUS_SYSTEM_BUS_ADDRESS": address, "DISPLAY": display, "XDG_SESSION_ID": SESSION}
        self._crew.start(
            "system-bus",
            ["dbus-daemon", "--config-file=/usr/share/dbus-1/system.conf", f"--address={address}", "--nofork",
             "--nopidfile", "--nosyslog", "--print-address={answer}"],
            self._env, answer=True,
        )  # fmt: skip
        self._start_logind(leader)
        return {"DBUS_SYSTEM_BUS_ADDRESS": address, "XDG_SESSION_ID": SESSION}

    def start_locker(self, command: Sequence[str] = LOCKER) -> None:
        """Let xss-lock wait for logind's signal and run `command` as the person; returns once it listens."""
        assert self.person is not None
        # i3lock checks the typed password with the file /etc/pam.d/i3lock of its own package: nothing to set up.
        env = {**self._env, "HOME": "/nonexistent", "USER": self.person.name}
        self._crew.start(
            "locker", ["xss-lock", "--ignore-sleep", "-s", SESSION, "--", *command], env,
            user=self.person.name,
        )  # fmt: skip
        await_true(self._locker_listens, "the locker to listen")

    def locked(self) -> bool:
        """LockedHint of the session as logind tells it now."""
        reply = run(
            ["dbus-send", "--system", "--print-reply=literal", f"--dest={LOGIN}", f"/org/freedesktop/login1/session/{SESSION}",
             "org.freedesktop.DBus.Properties.Get", f"string:{LOGIN}.Session", "string:LockedHint"], self._env,
        )  # fmt: skip
        return "true" in reply

    def forget_lock(self) -> None:
        """Clear a LockedHint that a locker left behind when it was ended."""
        run(
            ["dbus-send", "--system", "--print-reply", f"--dest={LOGIN}", f"/org/freedesktop/login1/session/{SESSION}",
             f"{LOGIN}.Session.SetLockedHint", "boolean:false"], self._env,
        )  # fmt: skip

    def leave(self) -> None:
        """Remove the person; call after all processes have ended."""
        if self.person is not None:
            person, self.person = self.person, None
            if self._turn is not None:
                for path in (*self._facts(person.uid), self._run / "systemd" / "seats" / "seat0"):
                    path.unlink(missing_ok=True)
                self._turn.give_back()
            _patiently(lambda: run(["userdel", "--force", person.name], self._env), f"{person.name} to be removed")

    def _start_logind(self, leader: int) -> None:
        assert self.person is not None
        logind = find(LOGIND) or LOGIND
        self._run = self._folder / "run"
        # A mount namespace gives logind a /run of its own, so that it sees neither the host's sessions nor another stage's.
        script = 'mount --bind "$0" /run && exec "$1"'
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, str(self._run), logind]
        if not can_unshare(self._env):
            # A container without that right: then one stage at a time uses the real /run.
            self._turn = Turn()
            self._run, command = Path("/run"), [logind]
        for name in ("sessions", "users", "seats", "inhibit"):
            (self._run / "systemd" / name).mkdir(parents=True, exist_ok=True)
        facts = {"user": self.person.name, "uid": self.person.uid, "session": SESSION, "leader": leader}
        for path, text in self._facts(self.person.uid).items():
            path.write_text(text.format(**facts), encoding="ascii")
        self._crew.start("logind", command, self._env)
        await_true(self._logind_answers, f"systemd-logind ({self._crew.log('logind')[-200:]})")

    def _facts(self, uid: int) -> dict[Path, str]:
        folder = self._run / "systemd"
        return {folder / "users" / str(uid): USER_FILE, folder / "sessions" / SESSION: SESSION_FILE}

    def _logind_answers(self) -> bool:
        if not self._crew.alive("logind"):
            raise StageError(f"systemd-logind ended: {self._crew.log('logind')[-300:].strip()}")
        try:
            return f"session/{SESSION}" in self._ask(LOGIN, "/org/freedesktop/login1", f"{LOGIN}.Manager.ListSessions")
        except StageError:
            return False

    def _locker_listens(self) -> bool:
        # Asking the bus for its match rules: a lock signal sent before xss-lock subscribed would be lost.
        rules = self._ask(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.Debug.Stats.GetAllMatchRules"
        )
        return f"interface='{LOGIN}.Session',path='/org/freedesktop/login1/session/{SESSION}'" in rules

    def _ask(self, destination: str, path: str, method: str) -> str:
        return run(["dbus-send", "--system", "--print-reply", f"--dest={destination}", path, method], self._env)


def can_unshare(env: Mapping[str, str]) -> bool:
    """Whether this root may have mounts of its own; in many containers it may not."""
    try:
        run(["unshare", "--mount", "--propagation", "private", "sh", "-c", "mount --bind /tmp /run"], env)
    except StageError:
        return False
    return True


class Turn:
    """The right to use the machine's one /run/systemd, waited for 120 s at most; freed when the process ends."""

    def __init__(self, path: Path = Path("/run/safeseat-stage.lock")) -> None:
        self._file = path.open("w")
        await_true(self._mine, "another stage to end (without mount namespaces only one can run)", 120.0, every=0.2)

    def give_back(self) -> None:
        """Let the next one in."""
        self._file.close()

    def _mine(self) -> bool:
        if sys.platform == "win32":
            return False
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _new_person(env: Mapping[str, str]) -> Person:
    """Create the user; the comment names the owner's process, so that a later stage can remove an abandoned one."""
    import pwd

    name = USER_PREFIX + "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
    password = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
    add = ["useradd", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "--user-group",
           "--comment", f"SafeSeat stage of process {os.getpid()}", name]  # fmt: skip
    _patiently(lambda: run(add, env), "a throw-away user")
    _patiently(lambda: run(["chpasswd"], env, feed=f"{name}:{password}\n"), "a password for the throw-away user")
    if sys.platform != "win32":
        return Person(name, pwd.getpwnam(name).pw_uid, password)
    raise StageError("There is no such user here.")


def _remove_abandoned() -> None:
    """Remove throw-away users whose stage was killed before it could tidy up."""
    if sys.platform == "win32":
        return
    import pwd

    for entry in pwd.getpwall():
        owner = entry.pw_gecos.removeprefix("SafeSeat stage of process ").strip(",")
        if entry.pw_name.startswith(USER_PREFIX) and owner.isdigit() and not Path(f"/proc/{owner}").exists():
            # another stage that begins at the same moment may tidy up the same user first
            with contextlib.suppress(StageError):
                run(["userdel", "--force", entry.pw_name], os.environ)


def _patiently(act: Callable[[], object], what: str) -> None:
    """The user database is locked while another program changes it: try again for 10 s."""

    def done() -> bool:
        try:
            act()
        except StageError as error:
            if "lock" in str(error):
                return False
            raise
        return True

    await_true(done, what, every=0.1)
