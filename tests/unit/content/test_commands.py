import ast
import io
import json
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.content.packs import Packs, Taken
from app.tools.packs.pinyin import script_readings
from app.tools.packs.signing import signed, usual_readings
from tests.unit.content.samples import KEYS, NOW, SITE, Memory, script
from tests.unit.content.test_check import CORE
from tests.unit.house.source import name, python_files, tree

HEAD = 'schema = 1\nid = "harbour"\nversion = 4\nreviewed_on = 2026-11-02\nremoved = ["scripts/none"]\n[site]\nguards_phone = "8119"\n'


def site_folder(tmp_path: Path) -> Path:
    """A site's pack with one of the shipped scripts under another name."""
    place = tmp_path / "harbour"
    (place / "scripts").mkdir(parents=True)
    (place / "pack.toml").write_text(HEAD, encoding="utf-8")
    shipped = sorted((CORE / "scripts").glob("*.toml"))[0]
    (place / "scripts" / "own-case.toml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    return place


def test_scripts_search_prints_the_best_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scripts", "search", "--lang", "en", "--json", "maren"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"id": "insults", "title": "Insults and swearing", "why": "words"}
    assert main(["scripts", "search", "--limit", "1", "ma", "ren"]) == 0
    assert capsys.readouterr().out.startswith("insults ")


def test_scripts_search_says_when_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scripts", "search", "qqqqq"]) == 1
    assert capsys.readouterr().err == "Nothing found; try a shorter word.\n"
    assert main(["scripts", "search"]) == 2
    assert main(["scripts", "--help"]) == 0


def test_content_check_counts_and_tells_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = site_folder(tmp_path)
    assert main(["content", "check", str(place)]) == 0
    assert "1 scripts; no faults." in capsys.readouterr().out
    (place / "scripts" / "bad.toml").write_text("x = 1\n", encoding="utf-8")
    assert main(["content", "check", str(place)]) == 1
    assert "scripts/bad.toml: x: is not a known key." in capsys.readouterr().out
    assert main(["content", "check", "--json", str(place)]) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"file": "scripts/bad.toml", "key": "x", "what": "is not a known key"} in told


def test_wrong_uses_are_told_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rubbish").write_bytes(b"x")
    (tmp_path / "key").write_bytes(b"short")
    (tmp_path / "other").write_bytes(b"\xff" * 40)
    place, out = str(site_folder(tmp_path)), str(tmp_path / "out")
    sign = ["content", "sign", place, "--out", out, "--key-file"]
    for argv, code in (
        (["content", "check", str(tmp_path / "nowhere")], 2),
        (["content", "check", str(tmp_path / "rubbish")], 2),
        (["content"], 2),
        ([*sign, str(tmp_path / "key"), "--site", SITE.hex()], 2),
        ([*sign, str(tmp_path / "other"), "--site", SITE.hex()], 2),
        ([*sign, str(tmp_path / "nowhere"), "--site", SITE.hex()], 3),
        ([*sign, str(tmp_path / "key"), "--site", "zz"], 2),
        ([*sign, str(tmp_path / "key"), "--days", "0"], 2),
    ):
        assert main(argv) == code, argv
        told = capsys.readouterr().err
        assert told.count("\n") == 1, told
        assert "Traceback" not in told


def test_a_pack_is_signed_seen_signed_again_and_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, once, twice = site_folder(tmp_path), tmp_path / "one.pack", tmp_path / "two.pack"
    (tmp_path / "first.key").write_text("07" * 32 + "\n", encoding="ascii")
    sign = ["content", "sign", str(place), "--site", SITE.hex(), "--key-file", str(tmp_path / "first.key"), "--out", str(once)]
    monkeypatch.setattr("time.time_ns", lambda: NOW * 1_000_000)
    assert main(sign) == 0
    assert main(["content", "check", str(once)]) == 0
    told = capsys.readouterr().out
    for line in ("pack: harbour", "version: 4", f"site: {SITE.hex()}", "from: 2026-11-24", "entries: scripts/own-case", "guards_phone = 8119"):
        assert line in told
    assert main(["content", "check", "--json", str(once)]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == "scripts/none"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bytes([8]) * 32)))
    assert main(["content", "sign", str(once), "--key-file", "-", "--out", str(twice)]) == 0
    for file in (once, twice):
        got = Packs(Memory(), SITE).take(file.read_bytes(), KEYS, NOW)
        assert isinstance(got, Taken)
        assert got.pack.version == 4
        assert got.pack.pinyin["own-case"]["title"]


def test_a_folder_with_faults_is_not_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = site_folder(tmp_path)
    (place / "pack.toml").write_text("schema = 1\n", encoding="utf-8")
    assert main(["content", "sign", str(place), "--site", SITE.hex(), "--key-file", "-", "--out", str(tmp_path / "x")]) == 2
    assert "faults in all" in capsys.readouterr().err
    assert main(["content", "build", str(place)]) == 2


def test_content_build_writes_below_the_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = site_folder(tmp_path)
    assert main(["content", "build", str(place)]) == 0
    assert (place / "built" / "en" / "scripts.json").exists()
    assert main(["content", "build", str(place)]) == 0
    assert capsys.readouterr().out.endswith("0 files were written anew.\n")


def test_without_pypinyin_the_table_of_sounds_gives_the_usual_readings() -> None:
    plain, whole = usual_readings(script()), script_readings(script())
    assert plain["title"] == ["KeHuMaRen"] == whole["title"][:1]
    assert set(plain["words"]) & set(whole["words"])


def test_a_machine_without_pypinyin_signs_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "app.tools.packs.pinyin", None)
    (tmp_path / "key").write_bytes(bytes([7]) * 32)
    file = signed(site_folder(tmp_path), str(tmp_path / "key"), SITE.hex(), 1, NOW)
    got = Packs(Memory(), SITE).take(file, KEYS, NOW)
    assert isinstance(got, Taken)
    assert got.pack.pinyin["own-case"]["words"]


def test_only_the_tools_for_packs_know_pypinyin() -> None:
    found = {
        name(file)
        for file in python_files("app", "ui")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "pypinyin" in [getattr(node, "module", ""), *(alias.name for alias in node.names)]
    }
    assert found == {"app/tools/packs/pinyin.py"}
