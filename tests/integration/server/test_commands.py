"""`safeseat server …` as IT uses it: codes, lists, approvals, errors in one sentence, exit codes."""

import json
import stat
from pathlib import Path

import pytest

from app.protocol.enrol import parse_token
from tests.helpers.server_child import ServerChild, safeseat
from tests.helpers.server_client import Pc, Where


def test_codes_are_printed_one_a_line_and_nothing_else(tmp_path: Path) -> None:
    done = safeseat("server", "token", "--data", str(tmp_path), "--site", "上海", "--count", "3")
    codes = done.stdout.split()
    assert (done.returncode, len(codes), {len(code) for code in codes}) == (0, 3, {77})
    assert done.stderr == ""


def test_the_database_keeps_no_secret_of_a_code(tmp_path: Path) -> None:
    token = parse_token(safeseat("server", "token", "--data", str(tmp_path), "--site", "S").stdout)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    assert token.id in files
    assert token.secret not in files


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    safeseat("server", "token", "--data", str(tmp_path), "--site", "S")
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert set(found) >= {"root.key", "answer.key", "seal.key", "pepper.key", "master.key", "keyset.bin"}
    assert set(found.values()) == {0o600}


def test_a_list_is_taken_and_taken_again_without_a_change(tmp_path: Path) -> None:
    people = tmp_path / "people.toml"
    people.write_text('[[person]]\nsite="上海"\nteam="A"\nperson="王芳"\nrole="agent"\nseat="A-1"\nfloor="3"\n', "utf-8")
    for _ in range(2):
        done = safeseat("server", "people", "import", "--data", str(tmp_path), str(people))
        assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("site,team,person\nS,A,B\n", "no role"),
        ("site,team,person,role\nS,A,B,boss\n", "unknown role"),
        ("site,team,person,role,shoe\nS,A,B,agent,44\n", "unknown field"),
        ("", "names nobody"),
    ],
)
def test_a_list_with_an_error_is_refused_in_one_sentence(tmp_path: Path, text: str, word: str) -> None:
    people = tmp_path / "people.csv"
    people.write_text(text, "utf-8")
    done = safeseat("server", "people", "import", "--data", str(tmp_path), str(people))
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_wrong_use_and_missing_things_have_their_exit_codes(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    assert safeseat("server", *data, "--tls-cert", "x.pem").returncode == 2
    assert safeseat("server", *data, "--database", "mysql://x/y").returncode == 3
    assert safeseat("server", *data, "--host", "203.0.113.7").returncode == 3
    assert safeseat("server", "head", *data, "--device", "zz", "--stream", "00").returncode == 2
    assert safeseat("server", "approve", *data, "--site", "nowhere", "AAAA-BBBB-CCCC").returncode == 2


def test_a_waiting_pc_is_listed_and_let_in_while_the_server_runs(tmp_path: Path) -> None:
    child = ServerChild(tmp_path, "--no-tls")
    pc = Pc(Where(child.port, f"127.0.0.1:{child.port}", bytes.fromhex(str(child.ready["fingerprint"]))))
    try:
        safeseat("server", "token", "--data", str(tmp_path), "--site", "S")
        answer = pc.enrol(None)
        listed = safeseat("server", "devices", "--data", str(tmp_path))
        assert json.loads(listed.stdout)["code"] == answer.code
        let_in = ("--site", "S", "--person", "王芳", "--team", "A", "--seat", "A-1", answer.code)
        assert safeseat("server", "approve", "--data", str(tmp_path), *let_in).returncode == 0
        assert pc.enrol(None).state == "enrolled"
        assert pc.deliver().ack().n == 1
    finally:
        pc.close()
        child.stop()


def test_pins_are_read_from_stdin_and_kept_as_values_only(tmp_path: Path) -> None:
    child = ServerChild(tmp_path, "--no-tls")
    pc = Pc(Where(child.port, f"127.0.0.1:{child.port}", bytes.fromhex(str(child.ready["fingerprint"]))))
    try:
        code = safeseat("server", "token", "--data", str(tmp_path), "--site", "S", "--person", "王芳", "--team", "A").stdout
        pc.enrol(code.strip())
        pin = ("server", "people", "pin", "--data", str(tmp_path), "--site", "S", "--person", "王芳")
        assert safeseat(*pin, stdin="482913\n482056\n").stdout.strip() == "1"
        assert safeseat(*pin, stdin="482913\n482914\n").returncode == 2
        assert safeseat(*pin, stdin="abc\nabd\n").returncode == 2
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
        assert b"482913" not in stored
    finally:
        pc.close()
        child.stop()
