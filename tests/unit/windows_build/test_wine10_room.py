"""The folder with Wine 10: which mirror it comes from, and the sentence where it cannot be had."""

import os
from pathlib import Path

import pytest

from tests.unit.windows_build.loading import loaded

room = loaded("wine10_room")

SAID = """\
https://other.example/repo stable Other Other main
http://mirror.example/debian-security/ Debian Debian-Security main
http://mirror.example/debian/ Debian Debian main
"""


def apt_that_says(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "apt-get"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{text}END\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_the_mirror_is_that_of_the_machine_s_own_debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt_that_says(SAID, tmp_path, monkeypatch)
    assert room.mirror() == "http://mirror.example/debian/"


def test_a_machine_whose_apt_knows_no_debian_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt_that_says("https://other.example/repo Other Other main\n", tmp_path, monkeypatch)
    with pytest.raises(room.NoRoomError, match="apt-get update"):
        room.mirror()


def test_without_root_it_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(room.NoRoomError, match="needs root"):
        room.folder()
