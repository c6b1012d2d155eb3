"""`safeseat demo`: on somebody's own desktop it opens the programs to play with, without a screen it plays by itself."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import SafeSeatError, UnavailableError
from app.tools.demo.cast import Cast, Member
from app.tools.stage import missing

ON_THE_SAME_SCREEN = (
    "--set", "hotkey.help=", "--set", "hotkey.card=", "--set", "hotkey.sign=", "--set", "edge_handle=false",
)  # fmt: skip
"""Lead and agent share one screen here, so chords and handle belong to the agent."""


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when every step came, 1 when one did not, 3 when the system lacks something."""
    options = _parser().parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="safeseat-demo-"))
    folder.chmod(0o700)
    try:
        if os.environ.get("DISPLAY") and not options.play:
            return _open(folder, really_lock=options.really_lock)
        return _play(folder, options.pictures)
    except UnavailableError as fault:
        print(f"demo: {fault}", file=sys.stderr)
        _show_logs(folder)
        return 1
    except SafeSeatError as fault:
        print(f"demo: {fault}", file=sys.stderr)
        return 1
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safeseat demo", description="Server, agent and lead desk on this machine.")
    parser.add_argument(
        "--play", action="store_true", help="play by itself on virtual desktops, also if there is a screen"
    )
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="leave pictures of each step here")
    parser.add_argument("--really-lock", action="store_true", help="on your own desktop: lock the real screen too")
    parser.add_argument("--keep", action="store_true", help="keep the demo's folder")
    return parser


def _play(folder: Path, pictures: Path | None) -> int:
    from app.tools.demo.play import play

    lacking = missing(login=True)
    if lacking:
        print("demo: the virtual desktop needs " + ", ".join(lacking), file=sys.stderr)
        return 3
    if sys.platform == "win32" or os.geteuid() != 0:
        words = " ".join([sys.executable, "-m", "app", "demo", "--play"])
        print(
            f"The self-playing demo starts a real locker under a throw-away user, which needs root. Run:\n  sudo {words}"
        )
        return 3
    began = time.monotonic()
    code = play(folder, pictures)
    print(f"all steps came in {time.monotonic() - began:.0f} s" + (f"; pictures are in {pictures}" if pictures else ""))
    return code


def _open(folder: Path, *, really_lock: bool) -> int:
    """Leave server, agent and lead desk open on the person's own desktop until Ctrl+C."""
    cast = Cast(folder)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    more = [] if really_lock else ["--pretend-lock"]
    try:
        cast.start_server(env)
        agent = Member(folder / "agent", "林小雨", "agent", "A-17")
        lead = Member(folder / "lead", "陈主管", "lead", "L-01")
        for member in (agent, lead):
            cast.enrol(member, "客服一组", env)
        cast.start_tray("lead", lead, env, "--lead", *ON_THE_SAME_SCREEN, *more, lab=False)
        cast.start_tray("agent", agent, env, *more)
        print(
            "Server, agent and lead desk run. Hold the edge handle for a second, or press Ctrl+Alt+` twice: the lead's"
        )
        print(
            "desk shows it. The policy counts in seconds here"
            + ("." if really_lock else ", and the screen is not really locked.")
        )
        print("Ctrl+C ends everything.", flush=True)
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        cast.close()


def _show_logs(folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        if lines:
            print(f"--- {log.name}\n" + "\n".join(lines[-15:]), file=sys.stderr)
