"""What must hold after the job: a clean journal, the same head from the server's rows, no canary in any file."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.domain.errors import UnavailableError
from app.tools.demo.canaries import scan
from app.tools.demo.cast import Cast, Member


def examine(cast: Cast, agent: Member, env: Mapping[str, str], words: tuple[str, ...]) -> Iterator[str]:
    """Yield one sentence for each proof; UnavailableError at the first that fails."""
    profile = str(agent.profile)
    verified = json.loads(cast.tool(["journal", "verify", "--json", "--profile", profile], env).splitlines()[0])
    yield f"journal verify is clean: {verified.get('n', verified)} records"
    ids = json.loads((agent.profile / "ids.json").read_text())
    outside = json.loads(cast.tool(
        ["server", "head", "--data", str(cast.folder / "server"), "--device", ids["device"], "--stream", ids["stream"]],
        {**env},
    ))  # fmt: skip
    exported = [
        json.loads(line) for line in cast.tool(["journal", "export", "--json", "--profile", profile], env).splitlines()
    ]
    ours = {int(line["n"]): str(line["h"]) for line in exported if "n" in line and "h" in line}
    if ours.get(int(outside["n"])) != outside["h"]:
        raise UnavailableError(f"The server's rows give another head at {outside['n']} than this PC's journal.")
    yield f"the head computed from the server's rows agrees at record {outside['n']} of {max(ours)}: {outside['h'][:16]}…"
    found = scan(agent.profile, words)
    if found:
        raise UnavailableError("Something that was typed lies readable in the profile: " + ", ".join(f"{one.path.name}: {one.canary} as {one.form}" for one in found))
    yield f"{len(words)} canaries that were typed stand in no file of the profile, in no encoding"
    yield counter_check(cast.folder / "plain", agent, env, words)


def counter_check(folder: Path, agent: Member, env: Mapping[str, str], words: tuple[str, ...]) -> str:
    """The same search must find what the local file holds once it is written in clear."""
    folder.mkdir(exist_ok=True)
    out = folder / "copy.sql"
    command = [sys.executable, "-m", "app.tools.demo.plaincopy", str(agent.profile), str(out)]
    done = subprocess.run(
        command, env=dict(env), capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise UnavailableError(
            "The counter-check could not be made: " + done.stderr.decode(errors="replace").strip()[-300:]
        )
    found = scan(folder, words)
    out.unlink()
    if not found:
        raise UnavailableError("The same search finds nothing in an unencrypted copy, so it proves nothing.")
    return f"the same search does find them without encryption ({found[0].canary})"
