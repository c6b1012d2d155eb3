"""Runs the built installer and the Windows adapters under Wine: `dev.py test --windows` (Wine 8 of Debian 12, no screen needed).

In order: adapters (contract suite and what only Windows shows); then a server and a lead's desk on Linux, silent
installation with an enrolment code, launchers, doctor, the tray by the Run key's command, which enrols by itself, an alarm
that the lead paints and takes, a lock that Wine refuses, upgrade, refused downgrade, removal, and where the code is found
(nowhere). Prints a line for each look; exit code 0 well, 1 if something was not as expected, 3 if Wine does not run here.

What is not shown here (Wine has neither a lock nor toasts nor group policies) stands in the check list for real Windows.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_msi as build  # type: ignore[import-not-found]  # found beside this file
import wine_story as story  # type: ignore[import-not-found]  # found beside this file
from wine_lab import ROOT, NoWineError, Wine  # type: ignore[import-not-found]  # found beside this file
from wine_looks import Looks  # type: ignore[import-not-found]  # found beside this file

sys.path.insert(0, str(ROOT))
from app.domain.errors import SafeSeatError

WRONG_CODE = "SAFESEATWINETESTTOKEN234567"
SUITES = ("tests/contract/desktop", "tests/integration/windows", "tests/unit/desktop_windows", "tests/unit/sync/test_proxy.py")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py test --windows", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-adapters", action="store_true", help="only the installer")
    parser.add_argument("--only-adapters", action="store_true", help="only the adapters")
    parser.add_argument("--keep", action="store_true", help="keep the Wine folder and name it")
    parser.add_argument("--probe", action="store_true", help="only see whether Wine runs here (exit code 3: it does not)")
    options = parser.parse_args(argv)
    looks = Looks()
    folder = Path(tempfile.mkdtemp(prefix="safeseat-wine-"))
    try:
        with Wine(folder) as wine:
            if options.probe:
                return 0
            looks.extra = wine.last_words
            if not options.no_adapters:
                adapters(wine, looks)
            if not options.only_adapters:
                installer(wine, looks)
    except SafeSeatError as error:
        looks.look(str(error), False)
    finally:
        if options.keep:
            print(f"[wine] kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    looks.close("all well")
    return 1 if looks.failures else 0


def adapters(wine: Wine, looks: Looks) -> None:
    """The suites on the checkout, with the runtime's own Python and the locked wheels; every skip is shown with its reason."""
    said = wine.pytest(*SUITES, "-rs", "-k", "not linux")
    last = said.strip().splitlines()[-1] if said.strip() else "no output"
    looks.look(f"adapters: {last}", " passed" in last and "failed" not in last and "error" not in last, said)
    for count, reason in re.findall(r"^SKIPPED (\[\d+\]) \S+ (.*)$", said.replace("\r", ""), flags=re.M):
        print(f"                skipped {count} {reason}")


def installer(wine: Wine, looks: Looks) -> None:
    version = build.project_version()
    msi = build.OUT / f"SafeSeat-{version}-x64.msi"
    if not looks.look("the installer is there", msi.exists(), "run dev.py msi first"):
        return
    newer = ".".join([*version.split(".")[:2], str(int(version.split(".")[2]) + 1)])
    next_msi = Path(shutil.move(build.installer(build.OUT / "stage", newer), wine.folder))
    code, _ = wine.msiexec("/i", msi, f"ENROLL_TOKEN={WRONG_CODE}")
    looks.look("what is no enrolment code is refused before anything is installed", code != 0 and not wine.program.exists(), code)
    story.nowhere(wine, looks, WRONG_CODE, "what was refused")
    story.whole(wine, looks, msi, next_msi, (version, newer))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    try:
        sys.exit(main(sys.argv[1:]))
    except (NoWineError, build.FetchError) as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    except (build.BuildError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
