"""A policy that changes while the agent runs holds at once, loses no state, and a broken one changes nothing."""

import time
from pathlib import Path

import pytest

from app.agent.snapshot import Snapshot
from tests.helpers.agent import enrol, machine, running
from tests.helpers.server_thread import ServerThread


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "policy.toml"
    file.write_text('theme = "dark"\n', encoding="utf-8")
    return file


def put(policy: Path, text: str) -> None:
    """Replace the file in one step, as a policy should be."""
    new = policy.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(policy)


def theme(shown: Snapshot) -> str:
    return shown.settings.theme


def test_new_rules_settings_and_chords_hold_without_a_restart(policy: Path, tmp_path: Path) -> None:
    here = machine()
    with running(tmp_path / "agent", here, policy=policy) as pc:
        before = pc.seen.until(lambda now: theme(now) == "dark", "the policy of the start").seat
        put(policy,
            'theme = "light"\nlanguage = "en"\n"hotkey.card" = "<ctrl>+<alt>+7"\n"lock.idle_after" = 60\n'
        )
        shown = pc.seen.until(lambda now: theme(now) == "light", "the new theme")
        assert shown.settings.language == "en"
        assert before.on_shift
        assert shown.seat.on_shift
        here.idle()
        here.advance(100)
        end = time.monotonic() + 10
        while "<ctrl>+<alt>+7" not in here._bound:
            assert time.monotonic() < end, "the new chord was never bound"
            time.sleep(0.01)  # poll: a lane binds after the Snapshot, and the simulated desktop tells nobody; limit above
        here.press("<ctrl>+<alt>+7")
        pc.seen.until(lambda now: now.seat.card_boot, "the new chord")
        pc.seen.until(lambda now: now.seat.locked, "the lock at the new limit")


@pytest.mark.parametrize("broken", ["theme = \n", 'theme = "purple"\n', "\"lock.idle_after\" = 5\ntheme = \"dark\"\n"])
def test_a_broken_policy_leaves_what_held_and_is_told_until_it_is_mended(policy: Path, tmp_path: Path, broken: str) -> None:
    with running(tmp_path / "agent", machine(), policy=policy) as pc:
        put(policy, broken)
        shown = pc.seen.until(lambda now: "policy_bad" in now.faults, "the fault")
        assert theme(shown) == "dark"
        put(policy, 'theme = "contrast"\n')
        shown = pc.seen.until(lambda now: theme(now) == "contrast", "the mended policy")
        assert "policy_bad" not in shown.faults


def test_a_server_that_the_policy_no_longer_names_is_let_go_and_comes_back(
    server: ServerThread, policy: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    second = ServerThread(folder)
    try:
        here = machine()
        for one in (server, second):
            enrol(one, tmp_path / "agent", here, "林小雨")
        with running(tmp_path / "agent", here, policy=policy) as pc:
            links = pc.agent._network.servers
            assert set(links()) == {server.keys.server, second.keys.server}
            put(policy, f'"server.urls" = ["http://127.0.0.1:{second.port}"]\n')
            pc.seen.until(lambda now: links() == [second.keys.server] and now.sync.connected, "the second server alone")
            put(policy, '"server.urls" = []\n')
            pc.seen.until(lambda now: len(links()) == 2 and now.sync.connected, "both servers")
    finally:
        second.stop()
