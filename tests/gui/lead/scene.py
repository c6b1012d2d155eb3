"""A lead's surface fed with made-up boards, a voice that a test can look at, and rows by the dozen."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint

from app.agent.commands import DeskAct, Painted
from app.agent.snapshot import DeskFace, DeskRow
from app.domain.moment import NS
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.lead.desk import Desk
from ui.surfaces.lead.player import Voice
from ui.surfaces.lead.surface import LeadSurface

PEOPLE = ("王小明", "李丽", "陈大伟", "张思敏", "赵倩", "孙晓", "周杰", "吴敏")


def row(number: int = 1, ago: int = 30, **differs: Any) -> DeskRow:
    """One call for help of `ago` seconds ago, answered by nobody yet."""
    base = DeskRow(
        alarm=bytes([number % 256]) * 16, who=PEOPLE[number % 8], team="投诉一组", seat=f"A-{number + 10}", floor="3 楼",
        level=2, drill=False, on_call=True, unverified=False, raised_boot=START.boot - ago * NS, state="delivered",
        taken_by="", mine=False, next_action="take",
    )
    return replace(base, **differs)


def fresh(number: int = 1, **differs: Any) -> DeskRow:
    """As `row`, with an id that no other test has."""
    return row(number, alarm=os.urandom(16), **differs)


def board(*rows: DeskRow, **differs: Any) -> DeskFace:
    """A board of thirty covered seats with these rows."""
    base = DeskFace(
        rows=rows, seats_covered=30, leads_online=3, last_tested_ms=START.wall_ms - 480_000, connected=True,
        sounding=any(one.next_action == "take" and not one.taken_by for one in rows),
    )
    return replace(base, **differs)


class QuietVoice(Voice):
    """Keeps what it was asked to play instead of playing it: most stories are not about sound."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[str] = []
        self.stopped = 0

    def play(self, file: Path) -> None:
        self.played.append(file.name)

    def stop(self) -> None:
        self.stopped += 1


class Scene:
    """The surface, its source and its desk."""

    def __init__(self, language: str = "zh_CN", look: str = "light", voice: Voice | None = None) -> None:
        self.language, self.look = language, look
        self.voice = voice if voice is not None else QuietVoice()
        self.bridge, self.source = bridge_for(snapshot_of(language=language, look=look))
        self.surface = LeadSurface(self.bridge, self.voice)

    def show(self, *rows: DeskRow, **differs: Any) -> None:
        """The agent shows this board."""
        self.show_face(board(*rows, **differs))

    def show_face(self, face: DeskFace) -> None:
        """The agent shows this board."""
        snapshot = snapshot_of(language=self.language, look=self.look, desk=face)
        self.source.snapshot = self.bridge.snapshot = snapshot
        self.surface.show_snapshot(snapshot)

    @property
    def desk(self) -> Desk:
        assert self.surface.desk is not None
        return self.surface.desk

    @property
    def painted(self) -> list[bytes]:
        """Alarms reported as painted, in order."""
        return [command.alarm for command in self.source.posted if isinstance(command, Painted)]

    @property
    def acts(self) -> list[DeskAct]:
        return [command for command in self.source.posted if isinstance(command, DeskAct)]

    def settle(self) -> None:
        """Time goes on until the button counts again."""
        self.source.now += NS

    def spot(self, at: int = 0) -> QPoint:
        """The middle of row `at` on the screen."""
        listing = self.desk.list
        return listing.viewport().mapToGlobal(listing.visualRect(listing.entries.index(at)).center())

    def close(self) -> None:
        self.surface.close()
        self.bridge.close()
