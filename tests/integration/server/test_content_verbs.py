"""Packs and offline keys as IT publishes them on the server's machine; errors in one sentence, nothing half done."""

import json
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from app.server.storage import audit, documents, keyring
from tests.helpers.server_thread import ServerThread

SITE_TOML = """schema = 1
id = "harbour"
version = {version}

[site]
guards_phone = "{phone}"
"""
Verb = Callable[..., str]


@pytest.fixture
def verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verb:
    def run(*words: str, code: int = 0) -> str:
        data = ("--data", str(tmp_path / "server")) if words[0] == "server" else ()
        got = main([*words, *data])
        out, err = capsys.readouterr()
        assert got == code, (words, out, err)
        assert code == 0 or (len(err.strip().splitlines()) == 1 and out == "")
        return out.strip() if code == 0 else err.strip()

    return run


@pytest.fixture
def site(verb: Verb) -> str:
    verb("server", "token", "--site", "上海")
    (found,) = map(json.loads, verb("server", "sites").splitlines())
    assert (found["site"], found["content"]) == ("上海", 0)
    return str(found["id"])


def made(verb: Verb, folder: Path, site: str, version: int, phone: str, key: str = "one.key") -> Path:
    place = folder / "harbour"
    place.mkdir(exist_ok=True)
    (place / "pack.toml").write_text(SITE_TOML.format(version=version, phone=phone), "utf-8")
    file = folder / f"{version}.pack"
    verb("content", "sign", str(place), "--key-file", str(folder / key), "--site", site, "--out", str(file))
    return file


def test_a_pack_goes_from_a_folder_to_the_site(verb: Verb, site: str, tmp_path: Path) -> None:
    pub = verb("content", "key", "--out", str(tmp_path / "one.key"))
    assert stat.S_IMODE((tmp_path / "one.key").stat().st_mode) == 0o600
    first = made(verb, tmp_path, site, 1, "8119")
    assert "no valid key" in verb("server", "content", "publish", str(first), code=2)
    assert "generation 2" in verb("server", "keys", "add", pub, "--use", "content", "--id", "it-1")
    assert "from now on" in verb("server", "content", "publish", str(first))
    assert "already" in verb("server", "content", "publish", str(first))
    assert json.loads(verb("server", "sites"))["content"] == 1
    other = made(verb, tmp_path, site, 2, "8120")
    assert "second person" in verb("server", "content", "publish", str(other), code=2)
    both = tmp_path / "both.pack"
    pub = verb("content", "key", "--out", str(tmp_path / "two.key"))
    verb("server", "keys", "add", pub, "--use", "content", "--id", "it-2")
    verb("content", "sign", str(other), "--key-file", str(tmp_path / "two.key"), "--out", str(both))
    assert "version 2" in verb("server", "content", "publish", str(both))
    assert "version 1" in verb("server", "content", "publish", str(first), code=2)


def test_what_is_no_pack_of_a_site_here_is_refused(verb: Verb, site: str, tmp_path: Path) -> None:
    verb("content", "key", "--out", str(tmp_path / "one.key"))
    foreign = made(verb, tmp_path, "ab" * 16, 1, "8119")
    assert "no site" in verb("server", "content", "publish", str(foreign), code=2)
    junk = tmp_path / "junk.pack"
    junk.write_bytes(b"PK" + bytes(100))
    assert "not a content pack" in verb("server", "content", "publish", str(junk), code=2)
    junk.write_bytes(bytes(2 << 20))
    assert "bytes" in verb("server", "content", "publish", str(junk), code=2)
    assert "cannot be read" in verb("server", "content", "publish", str(tmp_path / "none.pack"), code=2)


def test_keys_are_added_once_and_only_by_the_root(verb: Verb, site: str, tmp_path: Path) -> None:
    key = str(tmp_path / "one.key")
    pub = verb("content", "key", "--out", key)
    assert "already" in verb("content", "key", "--out", key, code=2)
    add = ("server", "keys", "add", pub, "--use", "content", "--id")
    assert "letters" in verb(*add, "it 1", code=2)
    assert "days" in verb(*add, "it-1", "--days", "0", code=2)
    verb(*add, "it-1")
    assert "already" in verb(*add, "it-2", code=2)
    another = verb("content", "key", "--out", str(tmp_path / "two.key"))
    assert "twice" in verb("server", "keys", "add", another, "--use", "content", "--id", "it-1", code=2)
    assert "64 hex digits" in verb("server", "keys", "add", "xyz", "--use", "content", "--id", "x", code=2)
    listed = [json.loads(line) for line in verb("server", "keys", "list").splitlines()]
    assert {one["use"] for one in listed} == {"answer", "seal", "content"}
    assert "no offline key" in verb("server", "keys", "remove", "answer-1", code=2)
    verb("server", "keys", "remove", "it-1")
    root = tmp_path / "server" / "keys" / "root.key"
    kept = root.read_bytes()
    root.write_bytes(bytes(32))
    assert "another root" in verb(*add, "it-1", code=2)
    root.unlink()
    assert "bring root.key back" in verb(*add, "it-1", code=3)
    root.write_bytes(kept)
    assert "generation 4" in verb(*add, "it-1")


def test_a_renewed_key_set_keeps_the_offline_keys(verb: Verb, site: str, tmp_path: Path) -> None:
    pub = verb("content", "key", "--out", str(tmp_path / "one.key"))
    verb("server", "keys", "add", pub, "--use", "content", "--id", "it-1")
    folder = tmp_path / "server" / "keys"
    before = keyring.open_keyring(folder, time.time_ns() // 1_000_000).keyset
    later = before.expires - 1
    after = keyring.open_keyring(folder, later).keyset
    assert after.generation == before.generation + 1
    assert [one.id for one in after.keys if one.use == "content"] == ["it-1"]


def test_publishing_is_in_the_servers_own_chain(server: ServerThread, tmp_path: Path) -> None:
    from tests.integration.agent.test_site_packs import Office

    office = Office(server)
    office.publish(version=3)
    assert server.main_lane(lambda conn: documents.versions(conn, 2)) == {office.site: 3}
    assert server.main_lane(lambda conn: audit.verify(conn, server.keys.server)) is None
