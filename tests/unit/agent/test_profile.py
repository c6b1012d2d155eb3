"""The profile: owner-only files, one agent at a time, ids and secrets that are damaged or missing."""

from pathlib import Path

import pytest

from app.agent.enrolled import DamagedEnrolmentError, EnrolledServer, enrolled_servers, keep_enrolled
from app.agent.identity import Beats, Identity, Ids, own_ids
from app.agent.profile import InstanceLock, Profile, read_secret
from app.domain.errors import UnavailableError, UsageError
from app.protocol.alarm import open_alarm
from app.protocol.keys import public_of
from app.protocol.vouch import MAX_AGE_MS

SERVER = EnrolledServer("https://safeseat.example:8443", "", b"keys", b"f" * 32, b"s" * 16, pending=True)
NOW = 1_795_000_000_000


def test_folder_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "deep" / "profile")
    profile.write_private(profile.choices, b"one")
    profile.write_private(profile.choices, b"two")
    assert profile.folder.stat().st_mode & 0o777 == 0o700
    assert profile.choices.stat().st_mode & 0o777 == 0o600
    assert profile.choices.read_bytes() == b"two"
    assert sorted(file.name for file in profile.folder.iterdir()) == ["choices.toml"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnavailableError, match="cannot be used"):
        Profile(tmp_path / "file" / "profile")


def test_only_one_holds_the_lock_and_the_next_may_have_it_afterwards(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    one, other = InstanceLock(profile), InstanceLock(profile)
    assert one.take()
    assert not other.take()
    one.release()
    assert other.take()
    other.release()
    other.release()


def test_a_lock_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "agent.lock").mkdir()
    with pytest.raises(UnavailableError, match=r"agent\.lock cannot be used"):
        InstanceLock(Profile(tmp_path)).take()


def test_the_first_tray_is_the_first_only_once(tmp_path: Path) -> None:
    assert Profile(tmp_path).first_tray()
    assert not Profile(tmp_path).first_tray()


def test_ids_stay_the_same_and_tell_nothing(tmp_path: Path) -> None:
    ids = own_ids(Profile(tmp_path / "one"))
    assert own_ids(Profile(tmp_path / "one")) == ids
    assert len({ids.device, ids.stream, own_ids(Profile(tmp_path / "two")).device}) == 3


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b"{}", b'{"device": "zz", "stream": "aa"}', b'{"device": "aa", "stream": "aa"}'])
def test_damaged_ids_are_an_error_with_its_way_out(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "ids.json").write_bytes(damaged)
    with pytest.raises(UnavailableError, match=r"is damaged; put it back"):
        own_ids(Profile(tmp_path))


def test_enrolment_survives_writing_and_reading(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    assert enrolled_servers(profile) == []
    keep_enrolled(profile, [SERVER])
    assert enrolled_servers(profile) == [SERVER]


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"servers": [{}]}', b'{"servers": [1]}', b"\xff"])
def test_a_damaged_enrolment_says_what_it_means_and_what_to_do(tmp_path: Path, damaged: bytes) -> None:
    profile = Profile(tmp_path)
    profile.enrolment.write_bytes(damaged)
    with pytest.raises(DamagedEnrolmentError, match="counts as not enrolled; enrol it again"):
        enrolled_servers(profile)


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo", b"x" * 5000, b"\xff\xfe"])
def test_a_secret_is_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(UsageError):
        read_secret(str(file))
    file.write_bytes(b"  hush \n")
    assert read_secret(str(file)) == "hush"


def test_a_beat_always_rises_also_over_a_restart() -> None:
    beats = Beats()
    beats.begin(3)
    first = [beats.next() for _ in range(3)]
    beats.begin(2)
    more = beats.next()
    beats.begin(4)
    assert first == sorted(set(first))
    assert first[-1] < more < beats.next()


def test_without_the_device_key_moves_are_signed_and_unvouched_and_with_it_vouched() -> None:
    identity = Identity(Ids(b"d" * 16, b"s" * 16))
    bare = open_alarm(identity.make_move(b"a" * 16, 1, 1, 2, 0, NOW, b""))
    identity.adopt(b"k" * 32)
    vouched = open_alarm(identity.make_move(b"a" * 16, 2, 1, 2, 0, NOW, b""))
    assert identity.machine is not None
    assert bare.vouch.not_after == 0
    assert vouched.vouch.not_after == NOW + MAX_AGE_MS
    assert vouched.vouch.key == public_of(identity.session) == bare.vouch.key


def test_a_vouch_is_made_anew_before_it_ends() -> None:
    identity = Identity(Ids(b"d" * 16, b"s" * 16))
    identity.adopt(b"k" * 32)
    first = identity.vouch(NOW)
    assert identity.vouch(NOW + MAX_AGE_MS - 2 * 3600 * 1000) == first
    assert identity.vouch(NOW + MAX_AGE_MS - 1000) != first
