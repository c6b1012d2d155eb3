"""Which way a passing notice takes, and whose clock running times are drawn by."""

from dataclasses import dataclass, field, replace

import pytest

from app.agent.bootclock import machine_boot
from app.agent.events import ShowNotice
from app.agent.handwork import TEXT_UNITS, TITLE_UNITS, Handwork
from app.agent.ports import NoticeBoard
from app.content.texts import LANGUAGES, Texts
from app.desktop.open import open_desktop
from app.desktop.simulated import Machine

NOTICE = ShowNotice("fault.lock_failed")


@dataclass
class Face:
    """A face that keeps what it was given."""

    able: bool = True
    shown: list[tuple[str, str]] = field(default_factory=list)

    def show(self, title: str, text: str) -> bool:
        if self.able:
            self.shown.append((title, text))
        return self.able


def noticed(system: str, face: Face | None, machine: Machine) -> None:
    board = NoticeBoard()
    if face is not None:
        board.put(face)
    desktop = replace(machine.desktop(), name=system)
    Handwork(desktop, Texts("zh_CN"), lambda _: None, board).notice(NOTICE)


def test_on_windows_the_tray_icon_comes_first_and_alone() -> None:
    face, machine = Face(), Machine()
    noticed("windows", face, machine)
    assert face.shown == [("安席", Texts("zh_CN").t("fault.lock_failed"))]
    assert machine.notices == []


@pytest.mark.parametrize("face", [None, Face(able=False)], ids=["no face", "an icon that refuses"])
def test_on_windows_the_desktop_s_way_stands_behind(face: Face | None) -> None:
    machine = Machine()
    noticed("windows", face, machine)
    assert [title for title, _ in machine.notices] == ["安席"]


def test_elsewhere_the_desktop_s_way_is_the_only_one() -> None:
    face, machine = Face(), Machine()
    noticed("linux", face, machine)
    assert face.shown == []
    assert len(machine.notices) == 1


def test_a_face_that_went_shows_nothing_and_does_not_take_its_successor_away() -> None:
    board, old, new = NoticeBoard(), Face(), Face()
    board.put(old)
    board.put(new)
    board.take(old)
    assert board.show("a", "b")
    board.take(new)
    assert not board.show("c", "d")
    assert (old.shown, new.shown) == ([], [("a", "b")])


class LongTexts(Texts):
    """Says everything far too long, with characters beyond the basic plane."""

    def t(self, key: str, **args: object) -> str:
        return "𠮷" * 400


def test_a_notice_is_cut_to_what_windows_holds() -> None:
    face, board = Face(), NoticeBoard()
    board.put(face)
    desktop = replace(Machine().desktop(), name="windows")
    Handwork(desktop, LongTexts(LANGUAGES[0]), lambda _: None, board).notice(NOTICE)
    units = [len(part.encode("utf-16-le")) // 2 for part in face.shown[0]]
    assert units == [TITLE_UNITS, TEXT_UNITS]
    assert all(part.endswith("𠮷…") for part in face.shown[0])


def test_running_times_are_drawn_by_the_clock_of_the_desktop_s_adapter() -> None:
    desktop = open_desktop()
    before = desktop.clock.now().boot
    drawn = machine_boot()()
    assert before <= drawn <= desktop.clock.now().boot
    desktop.close()
