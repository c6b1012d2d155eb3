"""`safeseat policy` as scripts of IT see it: output, exit codes, one sentence on an error."""

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from app.domain.errors import UnavailableError
from app.policy import cli
from app.policy.cli import main
from app.policy.settings import SETTINGS
from app.protocol.document import DocKind, open_document
from app.protocol.keys import Ed25519Signer
from app.protocol.keyset import KeySet, ServerKey

SEED, SITE = "07" * 32, "0a" * 16


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "policy.toml"
    found.write_text("lock.idle_after = 600\n", encoding="utf-8")
    return found


def test_show_lists_every_setting_with_its_origin(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--file", str(file), "--set", "theme=dark"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == len(SETTINGS)
    assert f"lock.idle_after            600  ({file})" in out
    assert 'theme                      "dark"  (command line)' in out
    assert "lock.retry                 30  (built in)" in out


def test_show_as_json_is_one_object_a_line_and_tells_problems(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--json", "--set", "lock.retry=1"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"key": "lock.idle_after", "value": 300, "source": "built_in", "from": "built in"}
    assert lines[-1]["problem"] == "lock.retry = 1: must be from 5 to 300."


def test_the_lab_scope_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--lab", "--set", "lock.retry=1"]) == 0
    assert "lock.retry                 1 " in capsys.readouterr().out


def test_check_tells_what_would_not_be_taken(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: 1 settings, all good.\n"
    file.write_text("lock.idle_after = 5\nlock.soon = 1\n", encoding="utf-8")
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{file}: lock.idle_after = 5: must be from 60 to 1800.",
        f"{file}: lock.soon is not a setting.",
    ]
    assert main(["check", "--json", str(file)]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[0])["key"] == "lock.idle_after"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["burn"],
        ["check"],
        ["check", "/no/such/file.toml"],
        ["show", "--set", "nonsense"],
        ["generate", "admx"],
        ["generate", "poem"],
    ],
)
def test_wrong_use_is_code_two_and_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def test_help_is_code_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "show|check|generate|sign" in capsys.readouterr().out


def test_documents_go_to_stdout_or_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "docs"]) == 0
    assert capsys.readouterr().out.startswith("# 策略")
    assert main(["generate", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"
    assert main(["generate", "admx", "--out", str(tmp_path / "out")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    Xml.parse(tmp_path / "out" / "zh-CN" / "SafeSeat.adml")


def test_a_folder_that_cannot_be_written_is_code_three(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "docs", "--out", str(file)]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_the_system_lacks_is_code_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(_what: str, _words: object) -> dict[str, str]:
        raise UnavailableError("There is no template maker here.")

    monkeypatch.setattr(cli, "generated", lacking)
    assert main(["generate", "docs"]) == 3
    assert capsys.readouterr().err == "There is no template maker here.\n"


def _sign(file: Path, key: str, *more: str) -> int:
    out = file.with_name("policy.doc")
    return main(
        ["sign", "--file", str(file), "--key-file", key, "--site", SITE, "--number", "3", "--out", str(out), *more]
    )


@pytest.mark.parametrize("content", [SEED.encode(), SEED.encode() + b"\n", bytes.fromhex(SEED)])
def test_a_signed_policy_opens_with_its_key(file: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    key = file.with_name("key")
    key.write_bytes(content)
    assert _sign(file, str(key)) == 0
    assert "weaker than built in: lock.idle_after." in capsys.readouterr().out
    pub = Ed25519Signer(bytes.fromhex(SEED)).pub33
    entry = ServerKey(id="it", alg=1, pub=pub, use="policy", from_ms=0, to_ms=1 << 50)
    keys = KeySet(server=b"s" * 16, generation=1, expires=1 << 50, keys=(entry,))
    verified = open_document(file.with_name("policy.doc").read_bytes(), DocKind.POLICY, keys, 1)
    assert (verified.use, verified.document.version) == ("policy", 3)
    assert verified.document.body == b'{"lock.idle_after":600}'
    assert verified.document.not_after - verified.document.not_before == 365 * cli.DAY_MS


def test_the_key_can_come_by_stdin(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SEED.encode())))
    assert _sign(file, "-") == 0


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (b"short", [], "The key must be 64 hex digits."),
        (b"\xff" * 40, [], "neither 32 bytes nor 64 hex digits"),
        (SEED.encode(), ["--number", "0"], "1 or more"),
        (SEED.encode(), ["--days", "9999"], "1 to 3650 days"),
        (SEED.encode(), ["--site", "zz"], "The site id must be 32 hex digits."),
    ],
)
def test_signing_refuses_what_is_no_key_number_or_site(
    file: Path, content: bytes, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = file.with_name("key")
    key.write_bytes(content)
    assert _sign(file, str(key), *more) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert SEED not in captured.err
    assert not file.with_name("policy.doc").exists()


def test_a_bad_policy_is_not_signed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("lock.idle_after = 5\n", encoding="utf-8")
    key = file.with_name("key")
    key.write_text(SEED, encoding="utf-8")
    assert _sign(file, str(key)) == 2
    assert "must be from 60 to 1800" in capsys.readouterr().err
    key.unlink()
    file.write_text("", encoding="utf-8")
    assert _sign(file, str(key)) == 3
