"""An agent in a process of its own that can be killed: takes versions of a draft from standard input, tells when each is kept.

Run as `python -m tests.helpers.report_writer PROFILE KEYS`; KEYS is a JSON file with the vault's secrets in hex, written here
if it is missing. A line is JSON: {"text": …, "cursor": …} (cursor -1: the field is left) or {"send": true}; the answer is one
line: "ready", "kept EDIT", "unkept REASON" or "sent NUMBER".
"""

import json
import sys
from pathlib import Path

from app.agent.commands import EditReport, SendReport
from app.agent.reports import FIELDS
from app.agent.snapshot import ReportDraft
from tests.helpers.agent import Pc, machine, running

REPORT = b"\x5a" * 16
TEXT = FIELDS.index("text")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def edited(pc: Pc, edit: int, asked: dict[str, object]) -> None:
    """Post one version and tell what became of it."""
    cursor = int(str(asked["cursor"]))
    fields = tuple(str(asked["text"]) if name == "text" else "" for name in FIELDS)
    active = TEXT if cursor >= 0 else -1
    pc.agent.post(EditReport(REPORT, edit, fields, kind="threat", level=2, active=active, cursor=max(0, cursor)))

    def mine(drafts: tuple[ReportDraft, ...]) -> ReportDraft | None:
        return next((one for one in drafts if one.report == REPORT and one.edit == edit and (one.saved or one.problem)), None)

    shown = pc.seen.until(lambda shown: mine(shown.reports.drafts), f"version {edit}")
    draft = mine(shown.reports.drafts)
    assert draft is not None
    say(f"kept {edit}" if draft.saved else f"unkept {draft.problem}")


def main(profile: Path, keys: Path) -> None:
    """Run until standard input closes or the process is killed."""
    on = machine()
    if keys.exists():
        on.secrets = {name: bytes.fromhex(value) for name, value in json.loads(keys.read_text()).items()}
    with running(profile, on) as pc:
        shown = pc.seen.until(lambda shown: shown.reports.loaded, "the files")
        keys.write_text(json.dumps({name: value.hex() for name, value in on.secrets.items()}))
        edit = max((one.edit for one in shown.reports.drafts), default=0)
        say("ready")
        for line in sys.stdin:
            asked = json.loads(line)
            if asked.get("send"):
                pc.agent.post(SendReport(REPORT))
                shown = pc.seen.until(lambda shown: shown.reports.sent, "the report to be sent")
                say(f"sent {shown.reports.sent[0].number}")
            else:
                edit += 1
                edited(pc, edit, asked)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
