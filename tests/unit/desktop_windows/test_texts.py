import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desktop.ports import Locked
from app.desktop.windows.clipping import clipped
from app.desktop.windows.sessions import judged, told
from app.desktop.windows.startup import SWITCHED_OFF, SWITCHED_ON, approved, tray_command


@given(st.text(), st.integers(1, 300))
def test_a_clipped_text_fits_and_begins_like_the_whole(text: str, units: int) -> None:
    cut = clipped(text, units)
    assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= units
    assert text.replace("\0", "").startswith(cut) or (cut.endswith("…") and text.replace("\0", "").startswith(cut[:-1]))


def test_what_fits_stays_whole_and_no_character_is_cut_in_half() -> None:
    assert clipped("安席", 2) == "安席"
    assert clipped("😀😀", 4) == "😀😀"
    assert clipped("😀😀", 3) == "😀…"
    assert clipped("😀😀", 2) == "…"


@pytest.mark.parametrize(
    ("flags", "desktop", "state"),
    [
        (0, None, Locked.YES), (0, "Default", Locked.YES), (1, "Default", Locked.NO), (1, None, Locked.NO),
        (-1, "Default", Locked.NO), (-1, "Winlogon", Locked.UNKNOWN), (None, None, Locked.UNKNOWN),
        (None, "Default", Locked.NO),
    ],
)  # fmt: skip
def test_the_lock_is_judged_by_the_flags_and_without_them_by_the_desktop(
    flags: int | None, desktop: str | None, state: Locked
) -> None:
    assert judged(flags, desktop) is state


def test_only_two_session_messages_tell_of_the_lock() -> None:
    assert [told(message) for message in (7, 8, 5, 0)] == [Locked.YES, Locked.NO, None, None]


def test_startup_is_switched_off_as_the_task_manager_writes_it() -> None:
    assert [approved(data) for data in (None, b"", SWITCHED_ON, b"\6" + bytes(11))] == [True] * 4
    assert [approved(data) for data in (SWITCHED_OFF, b"\7" + bytes(11))] == [False] * 2


@pytest.mark.parametrize(
    ("executable", "command"),
    [
        (r"C:\Program Files\SafeSeat\SafeSeat.exe", r'"C:\Program Files\SafeSeat\SafeSeat.exe"'),
        (r"C:\Program Files\SafeSeat\bin\safeseat.exe", r'"C:\Program Files\SafeSeat\SafeSeat.exe"'),
        (r"C:\Python\python.exe", r'"C:\Python\python.exe" -m ui'),
    ],
)
def test_the_run_key_names_the_installed_launcher_or_this_python(executable: str, command: str) -> None:
    assert tray_command(executable) == command
