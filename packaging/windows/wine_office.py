"""The other side of the Windows proof: a server of this checkout, and a lead's desk on a virtual Linux desktop of its own.

The parts are the demo's; nothing here stands in for a program of the product.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from app.protocol.enrol import parse_token  # noqa: E402  # found through the path set above
from app.tools.demo.cast import Cast, Member  # noqa: E402  # found through the path set above
from app.tools.demo.play import READ_THE_WORD, environment, part  # noqa: E402  # found through the path set above
from app.tools.stage import Setup, Stage  # noqa: E402  # found through the path set above

SITE, TEAM, AGENT, SEAT = "demo", "客服一组", "林小雨", "A-17"
PAINTED = ("delivered", "seen")
"""Receipts that a desk gives only for what it has painted (decision record 0011)."""


class Office:
    """Server, roster and lead; used as a context. Every wait has a limit and raises UnavailableError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "office"
        self._folder.mkdir()
        self._stack = ExitStack()
        self.stage = Stage(Setup())
        self.cast = Cast(self._folder)
        self.lead = Member(self._folder / "lead", "陈主管", "lead", "L-01")

    def __enter__(self) -> Self:
        try:
            self._stack.enter_context(self.stage)
            self._stack.callback(self.cast.close)
            env = environment(self.stage)
            self.cast.start_server({**os.environ})
            self.cast.enrol(self.lead, TEAM, env)
            self.cast.start_tray("lead", self.lead, env, "--lead", "--lang", "zh_CN", lab=False)
            self.cast.until(lambda: part(self.cast.status(self.lead), "sync").get("connected"), "the lead's connection", 30.0)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def url(self) -> str:
        return self.cast.url

    @property
    def authority(self) -> Path:
        """The server's own authority, as a copy that outlives it."""
        copy = self._folder.parent / "ca.pem"
        if not copy.exists():
            shutil.copyfile(self.cast.ca, copy)
        return copy

    def token(self) -> str:
        """An enrolment code for the agent's PC."""
        words = ["server", "token", "--data", str(self._folder / "server"), "--site", SITE, "--person", AGENT, "--role", "agent"]
        return self.cast.tool([*words, "--team", TEAM, "--seat", SEAT, "--floor", "3 楼"], {**os.environ}).strip()

    def key(self, token: str) -> str:
        """SERVER_KEY: the fingerprint of the root that the code names."""
        return parse_token(token).fingerprint.hex()

    def row(self) -> dict[str, object]:
        """The first row on the lead's desk, empty without one."""
        rows = part(self.cast.status(self.lead), "desk").get("rows")
        return rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}

    def touched(self) -> None:
        """Somebody sits at the lead's desk."""
        self.stage.move(640, 400)
        self.stage.move(650, 410)

    def painted(self) -> list[str]:
        """Receipts of the lead's device in the server's rows, in their order."""
        device = bytes.fromhex(json.loads((self.lead.profile / "ids.json").read_text())["device"])
        found: list[str] = []
        for file in sorted((self._folder / "server").glob("*.db")):
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5.0)) as rows:
                if rows.execute("SELECT 1 FROM sqlite_master WHERE name = 'acts'").fetchone():
                    found += [act for act, desk in rows.execute("SELECT act, desk FROM acts ORDER BY seq") if desk == device]
        return [act for act in found if act in PAINTED]

    def press(self, action: str) -> None:
        """Click the desk's one button once it offers `action`, as a person does who has read its word."""
        self.cast.until(lambda: self.row().get("next_action") == action, f"the lead's button {action}", 15.0)
        time.sleep(READ_THE_WORD)
        place = self.cast.where(self.lead, "lead.action")
        self.stage.click(place[0], place[1])

    def picture(self, file: Path) -> None:
        self.stage.screenshot(file)

    def last_words(self) -> str:
        """The ends of the logs of server and lead."""
        logs = [file for file in sorted(self._folder.glob("*.log")) if file.stat().st_size]
        return "\n".join(f"--- {file.name}\n{file.read_text(encoding='utf-8', errors='replace')[-800:]}" for file in logs)
