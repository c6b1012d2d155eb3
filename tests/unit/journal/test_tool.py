"""`safeseat journal verify|show|export`, and a new key by export, verify and swap."""

import io
import json
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.journal import cipher, rekey, tool
from app.journal.errors import JournalError, WrongKeyError
from app.journal.keys import JournalKeys
from app.journal.local import LocalStore
from app.journal.profile import PIN_STATE
from app.protocol.record_kinds import BreakKept
from tests.helpers.journal import KEY, SERVER, START, START_MS, ack_for, filled, open_journal

LOCAL_KEY = b"L" * 32
NEW_KEY = b"N" * 32


def keys() -> JournalKeys:
    return JournalKeys(KEY, LOCAL_KEY)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    journal = filled(tmp_path, 12)
    journal.note_ack(ack_for(journal), b"s" * 64, START)
    pin = journal.pinned(SERVER)
    assert pin is not None
    journal.close()
    local = LocalStore.open(tmp_path / "local.db", LOCAL_KEY, now=START)
    local.append([BreakKept(ms=START_MS, kind="eyes", how="taken")], START)
    local.put(PIN_STATE, pin.pack())
    local.close()
    return tmp_path


def run(profile: Path, *words: str) -> tuple[int, str]:
    out = io.StringIO()
    args = tool.parser().parse_args([*words, "--profile", str(profile)])
    return tool.run(args, keys, out), out.getvalue()


def test_verify_says_well_with_the_head(profile: Path) -> None:
    code, text = run(profile, "verify")
    assert code == 0
    assert text.startswith("well: 14 records, 13 of them acknowledged")


def test_verify_in_json_says_the_same(profile: Path) -> None:
    code, text = run(profile, "verify", "--json")
    said = json.loads(text)
    assert (code, said["ok"], said["n"], said["pinned"]) == (0, True, 14, 13)


def change(profile: Path, statement: str) -> None:
    conn = cipher.connect(profile / "journal.db", KEY)
    conn.execute(statement)
    conn.close()


def test_verify_names_the_first_bad_record_and_exits_1(profile: Path) -> None:
    change(profile, "UPDATE record SET data = x'7b7d' WHERE n = 4")
    code, text = run(profile, "verify")
    assert code == 1
    assert "from record 4" in text
    assert json.loads(run(profile, "verify", "--json")[1])["first_bad"] == 4


def test_verify_uses_the_local_file_as_a_second_witness(profile: Path) -> None:
    change(profile, "DELETE FROM record WHERE n > 5")
    change(profile, "DELETE FROM pin")
    assert run(profile, "verify")[0] == 1
    for path in profile.glob("local.db*"):
        path.unlink()
    assert run(profile, "verify")[0] == 0
    (profile / "local.db").write_bytes(b"x" * 9000)
    assert run(profile, "verify")[0] == 0


def test_verify_tells_damaged_pages_without_a_number(profile: Path) -> None:
    path = profile / "journal.db"
    conn = cipher.connect(path, KEY)
    page = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alarm'").fetchone()[0]
    conn.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 + 11] ^= 1
    path.write_bytes(data)
    code, text = run(profile, "verify")
    assert code == 1
    assert f"page {page}" in text


def test_show_prints_records_for_people(profile: Path) -> None:
    code, text = run(profile, "show", "--type", "lock.failed", "--from", "3", "--limit", "2")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines()] == ["3", "4"]
    assert "error=test.2" in text


def test_show_says_what_was_destroyed(profile: Path) -> None:
    journal = open_journal(profile)
    journal.append([], START)
    journal._conn.execute("UPDATE record SET salt = NULL, data = NULL WHERE n = 2")
    journal.close()
    assert "(contents destroyed)" in run(profile, "show")[1]


def test_show_and_export_print_json_lines(profile: Path) -> None:
    assert len([json.loads(line) for line in run(profile, "show", "--json")[1].splitlines()]) == 14
    lines = [json.loads(line) for line in run(profile, "export", "--json")[1].splitlines()]
    assert len(lines) == 15
    assert lines[0]["prev"] is None


def test_a_running_agent_does_not_stand_in_the_way(profile: Path) -> None:
    journal = open_journal(profile)
    assert run(profile, "verify")[0] == 0
    journal.close()


def test_it_changes_nothing(profile: Path) -> None:
    before = (profile / "journal.db").read_bytes()
    for verb in ("verify", "show", "export"):
        run(profile, verb)
    assert (profile / "journal.db").read_bytes() == before


def test_a_record_of_another_release_is_shown_as_bytes(profile: Path) -> None:
    change(profile, "UPDATE record SET data = x'fffe' WHERE n = 2")
    assert json.loads(run(profile, "show", "--json", "--from", "2", "--limit", "1")[1])["record"] == {"base64": "//4="}
    assert run(profile, "show")[0] == 0


def test_errors_are_one_sentence_with_their_exit_code(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def locked() -> JournalKeys:
        raise UnavailableError("the key store is locked")

    def wrong() -> JournalKeys:
        return JournalKeys(bytes(32), LOCAL_KEY)

    verify = ["verify", "--profile", str(profile)]
    assert tool.main(verify, locked) == 3
    assert tool.main(verify, wrong) == 3
    assert tool.main(["verify", "--profile", str(profile / "none")], keys) == 2
    (profile / "journal.db").write_bytes(b"\0" * 8192)
    assert tool.main(verify, keys) == 1
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_a_structure_that_cannot_be_read_is_damage(profile: Path) -> None:
    change(profile, "DROP TABLE record")
    assert run(profile, "show")[0] == 1
    assert run(profile, "verify")[0] == 1


# --- a new key --------------------------------------------------------------------------------------------------------


def test_a_new_key_keeps_every_record_and_the_head(profile: Path) -> None:
    path = profile / "journal.db"
    journal = open_journal(profile)
    head, rows = journal.head(), journal.rows()
    journal.close()
    rekey.rekey(path, KEY, NEW_KEY)
    rekey.rekey(profile / "local.db", LOCAL_KEY, b"M" * 32)
    again = open_journal(profile, NEW_KEY)
    assert (again.head(), again.rows()) == (head, rows)
    assert not again.opening.created
    assert again.verify().ok
    again.close()
    local = LocalStore.open(profile / "local.db", b"M" * 32, now=START)
    assert len(local.rows()) == 1
    local.close()
    assert sorted(one.name for one in profile.iterdir()) == ["journal.db", "journal.db.reserve", "local.db"]


def test_the_key_that_fits_is_found_after_a_crash_in_between(profile: Path) -> None:
    path = profile / "journal.db"
    assert rekey.which_key(path, [KEY, NEW_KEY]) == 0
    rekey.rekey(path, KEY, NEW_KEY)
    assert rekey.which_key(path, [KEY, NEW_KEY]) == 1
    assert rekey.which_key(profile / "none", [KEY]) == 0
    with pytest.raises(WrongKeyError):
        rekey.which_key(path, [KEY])


def test_rest_of_an_interrupted_rekey_does_not_matter(profile: Path) -> None:
    (profile / "journal.db.rekey").write_bytes(b"half")
    rekey.rekey(profile / "journal.db", KEY, NEW_KEY)
    assert rekey.which_key(profile / "journal.db", [NEW_KEY]) == 0


def test_a_file_in_use_is_not_rekeyed(profile: Path) -> None:
    journal = open_journal(profile)
    journal._conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match=r"journal\.db"):
        rekey.rekey(profile / "journal.db", KEY, NEW_KEY)
    journal._conn.execute("ROLLBACK")
    journal.close()
    assert rekey.which_key(profile / "journal.db", [KEY]) == 0


def test_a_file_that_another_program_holds_idle_is_not_rekeyed(profile: Path) -> None:
    journal = open_journal(profile)
    with pytest.raises(JournalError):
        rekey.rekey(profile / "journal.db", KEY, NEW_KEY)
    journal.append([], START)
    journal.close()


def test_a_tampered_journal_is_not_dressed_up_with_a_new_key(profile: Path) -> None:
    change(profile, "DELETE FROM record WHERE n = 3")
    with pytest.raises(JournalError, match="does not verify"):
        rekey.rekey(profile / "journal.db", KEY, NEW_KEY)
    assert rekey.which_key(profile / "journal.db", [KEY]) == 0


def test_the_same_key_is_no_new_key(profile: Path) -> None:
    with pytest.raises(JournalError, match="another"):
        rekey.rekey(profile / "journal.db", KEY, KEY)
