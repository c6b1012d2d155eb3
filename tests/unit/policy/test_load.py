"""Policies from files and command lines, and the rules of the seat made of them."""

from dataclasses import asdict
from pathlib import Path

import pytest

from app.domain.rules import Rules
from app.policy.load import LARGEST_FILE, command_line_layer, load, rules_from
from app.policy.setting import PolicyError
from app.policy.settings import SETTINGS, Settings


def test_a_file_with_dotted_and_quoted_keys_and_a_stronger_command_line(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('\ufefflock.idle_after = 120\n"lock.retry" = 60\n[breaks.eyes]\nevery = 900\n', encoding="utf-8")
    held = load(file, ["lock.retry=20", "server.urls=https://a.example, https://b.example", "edge_handle=false"])
    values = held.values
    assert (values.lock_idle_after, values.lock_retry, values.breaks_eyes_every) == (120, 20, 900)
    assert values.server_urls == ("https://a.example", "https://b.example")
    assert not values.edge_handle
    assert held.problems == ()
    assert held.origin("lock.idle_after").name == str(file)


def test_without_a_file_the_policy_is_built_in() -> None:
    assert load().values == Settings()


def test_a_later_assignment_of_the_same_key_wins_and_nonsense_stays_on_its_item() -> None:
    held = load(None, ["theme=dark", "theme=light", "lock.retry=soon", "edge_handle=yes", "no.such=1"])
    assert held.values.theme == "light"
    assert [problem.key for problem in held.problems] == ["lock.retry", "edge_handle", "no.such"]
    assert held.problems[0].text == 'lock.retry = "soon": must be a whole number.'


@pytest.mark.parametrize("words", ["lock.retry", "=3", ""])
def test_an_assignment_without_form_is_refused(words: str) -> None:
    with pytest.raises(PolicyError, match="KEY=VALUE"):
        command_line_layer([words])


def test_a_file_that_is_no_policy_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"cannot be read: No such file"):
        load(tmp_path / "missing.toml")
    file = tmp_path / "policy.toml"
    file.write_text("lock.idle_after = ", encoding="utf-8")
    with pytest.raises(PolicyError, match="is not TOML"):
        load(file)
    file.write_bytes(b"a = '\xff'")
    with pytest.raises(PolicyError, match="is not UTF-8"):
        load(file)
    file.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(PolicyError, match="larger than"):
        load(file)


def test_rules_and_settings_declare_the_same_seat() -> None:
    seat = {s.name: s.default for s in SETTINGS.values() if s.key.split(".")[0] in ("lock", "presence", "breaks")}
    assert asdict(Rules()) == seat
    assert rules_from({}) == Rules()


def test_rules_take_policy_values_and_ignore_settings_of_other_parts() -> None:
    rules = rules_from({"lock.idle_after": 120, "breaks": {"eyes": {"every": 900}}, "theme": "dark"})
    assert (rules.lock_idle_after, rules.breaks_eyes_every) == (120, 900)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"lock.idle": 3}, "lock.idle is not a setting."),
        ({"lock.idle_after": 59}, "must be from 60 to 1800"),
        ({"lock.idle_after": 60, "lock.warning": 31}, "at most lock.idle_after"),
        ({"lock.retry": 5.0}, "whole number"),
    ],
)
def test_rules_refuse_what_a_policy_would_refuse(overrides: dict[str, object], words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        rules_from(overrides)


def test_the_lab_scope_has_a_policy_in_seconds() -> None:
    quick = {"lock.idle_after": 8, "lock.warning": 4, "presence.away_after": 2, "breaks.talk.after": 5}
    assert rules_from(quick, lab=True).lock_idle_after == 8
    with pytest.raises(PolicyError):
        rules_from(quick)


def test_a_renamed_key_still_makes_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.policy.merge.RENAMED", {"lock.after": "lock.idle_after"})
    assert rules_from({"lock.after": 90}).lock_idle_after == 90
