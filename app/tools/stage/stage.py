"""The stage itself: one virtual screen with everything around it, as a context manager."""

import contextlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from app.tools.stage.crew import MARK, Crew, StageError, await_true, end_abandoned, run
from app.tools.stage.hands import Hands
from app.tools.stage.login import LOCKER, Login
from app.tools.stage.programs import NOTIFYD, find, missing

VAULT_PASSWORD = "stage"  # noqa: S105 - opens only the empty key store of a stage
FOLDER_PREFIX = "safeseat-stage-"
PANEL_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """What stands on a stage: screen size in real pixels, scale of the fonts and of Qt, and which helpers are there.

    `login` needs root: a real logind with a throw-away user; without `locker` nobody answers its lock signal.
    """

    width: int = 1280
    height: int = 800
    scale: float = 1.0
    tray: str | None = "trayer"
    login: bool = False
    locker: bool = True
    vault: bool = True
    notices: bool = True
    background: str = "#55677a"


class Stage(Hands):
    """A virtual desktop: enter it, run children with `env`, type and click; on leaving nothing of it is left.

    Use from one thread that lives as long as the stage. Every wait has a limit; StageError says what was missing.
    Several may run at the same time, also by several processes.
    """

    def __init__(self, setup: Setup = Setup()) -> None:
        self.setup = setup
        self.display = ""
        self.folder = Path()
        self.env: dict[str, str] = {}
        self._crew = Crew("", Path())
        self._login: Login | None = None

    def __enter__(self) -> Self:
        if absent := missing(tray=self.setup.tray, login=self.setup.login):
            raise StageError("The stage needs " + ", ".join(absent) + ".")
        end_abandoned()
        _remove_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))
        self.folder.chmod(0o711)
        try:
            self._bring_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process in reverse order, remove the user and all files; may be called again."""
        self._crew.stop_all()
        if self._login is not None:
            self._login.leave()
            self._login = None
        if self.folder != Path():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = Path()

    def wait_locker(self, limit: float = 10.0) -> None:
        """Wait until the locker covers the screen; logind may say "locked" a moment before."""
        await_true(lambda: self.finds("--onlyvisible", "--class", "i3lock"), "the locker's window", limit)

    def unlock(self, limit: float = 30.0) -> None:
        """Type the person's password into the locker and wait until logind says unlocked."""
        login = self._session()
        end = time.monotonic() + limit
        self.wait_locker()
        while login.locked():
            # Keys typed before the locker has taken the keyboard are lost: clear the field, type once more.
            self.keys("Escape")
            self.type_text(self.password, delay_ms=30)
            self.keys("Return")
            with contextlib.suppress(StageError):
                await_true(lambda: not login.locked(), "the session to be unlocked", 5.0)
            if time.monotonic() > end:
                raise StageError(f"The session was not unlocked within {limit:g} s.")

    def locked(self) -> bool:
        """Whether logind says that the session is locked."""
        return self._session().locked()

    @property
    def vault_password(self) -> str:
        """What opens the key store when its dialog asks."""
        return VAULT_PASSWORD

    @property
    def person(self) -> str:
        """Name of the throw-away user."""
        login = self._session()
        return login.person.name if login.person is not None else ""

    @property
    def password(self) -> str:
        """Password of the throw-away user."""
        login = self._session()
        return login.person.password if login.person is not None else ""

    def await_true(self, condition: Callable[[], bool], what: str, limit: float = 10.0) -> None:
        """Wait until `condition` holds; StageError naming `what` after `limit` seconds."""
        await_true(condition, what, limit, every=0.05)

    def log(self, name: str) -> str:
        """What one of the stage's programs wrote so far (screen, session-bus, vault, locker, ...)."""
        return self._crew.log(name)

    # What can go wrong on a desktop

    def lock_vault(self) -> None:
        """Lock the default collection: from now on a caller gets a dialog."""
        self._session_call(
            "org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/aliases/default",
        )  # fmt: skip

    def stop(self, name: str) -> None:
        """End one program (locker, tray, notices, vault, screen, ...) while the stage goes on."""
        self._crew.stop(name)

    def start_tray(self) -> None:
        """Start the tray host of the setup (again) and wait until it is there."""
        if self.setup.tray == "trayer":
            height = str(round(28 * self.setup.scale))
            self._crew.start("tray", ["trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request",
                                      "--height", height], self.env)  # fmt: skip
            await_true(lambda: self.finds("--class", "trayer"), "the tray")
        elif self.setup.tray is not None:
            file = self.folder / "home/.config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(PANEL_FILE, encoding="ascii")
            self._crew.start("tray", [self.setup.tray, "--disable-wm-check"], self.env)
            await_true(lambda: self.owns("org.kde.StatusNotifierWatcher"), "the panel's tray", 20.0)

    def start_locker(self, command: Sequence[str] = LOCKER) -> None:
        """Start what answers logind's lock signal (again), with another locker if given; returns once it listens."""
        self._session().start_locker(command)

    def forget_lock(self) -> None:
        """Clear the "locked" that a locker left behind when it was ended."""
        self._session().forget_lock()

    def start_vault(self) -> None:
        """Start the key store (again), unlocked, and wait until it answers."""
        self._crew.start(
            "vault", ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"], self.env,
            feed=VAULT_PASSWORD.encode(),
        )  # fmt: skip
        await_true(lambda: self.owns("org.freedesktop.secrets"), "the key store")

    def start_notices(self) -> None:
        """Start the notice server (again) and wait until it answers."""
        self._crew.start("notices", [find(NOTIFYD) or NOTIFYD], self.env)
        await_true(lambda: self.owns("org.freedesktop.Notifications"), "the notice server")

    def runs(self, name: str) -> bool:
        """Whether one of the stage's programs runs."""
        return self._crew.alive(name)

    def pid(self, name: str) -> int:
        """Process id of one of the stage's programs."""
        return self._crew.pid(name)

    def owns(self, bus_name: str) -> bool:
        """Whether somebody owns `bus_name` on the session bus."""
        return "true" in self._session_call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", f"string:{bus_name}"
        )

    def leftovers(self) -> list[int]:
        """Process ids that belong to this stage and still run."""
        return self._crew.leftovers()

    def _bring_up(self) -> None:
        mark = f"{os.getpid()}-{secrets.token_hex(6)}"
        for name in ("logs", "home", "runtime"):
            (self.folder / name).mkdir(mode=0o700)
        self._crew = Crew(mark, self.folder / "logs")
        self.env = self._base_environment(mark)
        self._start_screen()
        if self.setup.login:
            self._login = Login(self._crew, self.folder, self.env)
            self.env |= self._login.enter(self.display, self._crew.pid("screen"))
        # Services that the bus starts take DISPLAY from the bus's own environment, hence the order.
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._crew.start(
            "session-bus", ["dbus-daemon", "--session", f"--address=unix:path={self.folder}/session_bus", "--nofork",
                            "--nopidfile", "--nosyslog", "--print-address={answer}"], self.env, answer=True,
        )  # fmt: skip
        if self.setup.vault:
            self.start_vault()
        self._crew.start("manager", ["openbox"], self.env)
        await_true(lambda: "window id" in self._root("_NET_SUPPORTING_WM_CHECK"), "the window manager")
        self._paint_background()
        self.start_tray()
        if self.setup.notices:
            self.start_notices()
        if self._login is not None and self.setup.locker:
            self._login.start_locker()

    def _paint_background(self) -> None:
        if painter := find("xsetroot"):  # for the pictures only; a black screen serves as well
            run([painter, "-solid", self.setup.background], self.env)

    def _base_environment(self, mark: str) -> dict[str, str]:
        home = str(self.folder / "home")
        keep = (
            "PATH",
            "LANG",
            "LC_ALL",
            "PYTHONPATH",
            "VIRTUAL_ENV",
            "PYTHONDONTWRITEBYTECODE",
            "COVERAGE_PROCESS_START",
        )
        env = {name: os.environ[name] for name in keep if name in os.environ}
        path = env.get("PATH", os.defpath)
        env["PATH"] = path if "/usr/sbin" in path.split(os.pathsep) else path + ":/usr/sbin:/sbin"
        env.setdefault("LANG", "C.UTF-8")
        return env | {
            MARK: mark, "HOME": home, "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "XDG_CONFIG_HOME": f"{home}/.config", "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_CACHE_HOME": f"{home}/.cache", "XDG_STATE_HOME": f"{home}/.local/state",
            "XDG_SESSION_TYPE": "x11", "XDG_CURRENT_DESKTOP": "XFCE", "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": f"{self.setup.scale:g}", "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory",
        }  # fmt: skip

    def _start_screen(self) -> None:
        size = f"{self.setup.width}x{self.setup.height}x24"
        # -noreset: else the server starts anew when its last client leaves, and refuses whoever connects meanwhile.
        # -s 0: without it the server's own screen saver would lock the session after ten minutes without input.
        number = self._crew.start(
            "screen", ["Xvfb", "-displayfd", "{answer}", "-screen", "0", size, "-dpi", "96", "-s", "0",
                       "-noreset", "-nolisten", "tcp"], self.env, answer=True,
        )  # fmt: skip
        self.display = f":{number}"
        self.env["DISPLAY"] = self.display

    def _session(self) -> Login:
        if self._login is None:
            raise StageError("This stage has no login session (Setup.login).")
        return self._login

    def _session_call(self, destination: str, path: str, method: str, *arguments: str) -> str:
        return run(
            ["dbus-send", "--session", "--print-reply", f"--dest={destination}", path, method, *arguments], self.env
        )

    def _root(self, name: str) -> str:
        return run(["xprop", "-root", name], self.env)


def _remove_abandoned() -> None:
    """Remove the folders of stages whose process was killed before it could tidy up; the name tells the process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*-*"):
        owner = folder.name.removeprefix(FOLDER_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
