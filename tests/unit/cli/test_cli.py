"""The command line: exit codes, one sentence for every fault, help for every verb."""

import json
from pathlib import Path

import pytest

from app import __version__
from app.agent.control import ControlPort
from app.agent.profile import Profile
from app.agent.snapshot import Snapshot
from app.agent.verbs import Verbs
from app.cli import PASSED_ON, main
from app.domain.moment import NS, Moment

NOW = Moment(3600 * NS, 3600 * NS, 1_795_000_000 * NS)
ASKING = (["status"], ["stop"], ["lock"], ["call", "start"], ["alarm", "raise"], ["alarm", "status"])


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of one verb."""
    try:
        code = main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_without_an_agent_every_verb_says_so_and_exits_3(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words, "--profile", str(tmp_path))
    assert (code, out) == (3, "")
    assert err == "SafeSeat does not run in this profile; start it first.\n"


@pytest.mark.parametrize(
    "words",
    [
        [], ["dance"], ["call"], ["call", "dance"], ["agent"], ["enroll"], ["alarm"],
        ["enroll", "--server", "https://x", "--token-file", "absent"],
        ["alarm", "take-back", "--pin-file", "absent"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_exits_2_and_never_shows_a_traceback(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *words, *(["--profile", str(tmp_path)] if len(words) > 2 else []))
    assert code == 2
    assert err
    assert "Traceback" not in err


def test_a_server_address_that_is_none_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token = tmp_path / "token"
    token.write_text("something")
    for url in ("ftp://x", "http://elsewhere:1", "https://", "https://a/b", "https://[::1"):
        code, _, err = run(capsys, "enroll", "--server", url, "--token-file", str(token), "--profile", str(tmp_path))
        assert code == 2, url
        assert len(err.splitlines()) == 1


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for verb in ("agent", "enroll", "status", "stop", "lock", "call", "alarm", "doctor", *PASSED_ON):
        assert f"    {verb}" in out
    assert run(capsys, "--version")[1] == f"safeseat {__version__}\n"


def test_verbs_reach_the_running_agent_and_print_text_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posted: list[object] = []
    profile = Profile(tmp_path)
    port = ControlPort(profile, Verbs(posted.append, lambda: Snapshot(3, NOW), lambda: NOW.boot).table(), "headless")
    here = ("--profile", str(tmp_path))
    pin = tmp_path / "pin"
    pin.write_text("482913\n")
    try:
        assert run(capsys, "lock", *here) == (0, "Locking.\n", "")
        assert run(capsys, "call", "start", "--id", "7", *here) == (0, "Noted.\n", "")
        code, out, _ = run(capsys, "alarm", "raise", "--drill", *here)
        assert code == 0
        assert "not known that anybody hears it" in out, "with nobody listening it must not claim to have reached anybody"
        assert run(capsys, "alarm", "status", *here) == (0, "none\n", "")
        assert run(capsys, "alarm", "take-back", "--pin-file", str(pin), *here) == (0, "Sent.\n", "")
        code, out, _ = run(capsys, "status", "--json", *here)
        assert (code, json.loads(out)["revision"]) == (0, 3)
        assert "revision: 3" in run(capsys, "status", *here)[1]
        assert "faults: none" in run(capsys, "status", *here)[1]
        pin.write_text("12")
        assert run(capsys, "alarm", "take-back", "--pin-file", str(pin), *here) == (2, "", "A PIN has 6 to 32 digits.\n")
        assert run(capsys, "call", "start", "--id", "", *here)[0] == 2
    finally:
        port.close()
    assert len(posted) == 4
    assert "482913" not in repr(posted)


def test_a_folder_that_cannot_hold_a_profile_exits_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    code, _, err = run(capsys, "status", "--profile", str(tmp_path / "file" / "x"))
    assert code == 3
    assert "cannot be used" in err
