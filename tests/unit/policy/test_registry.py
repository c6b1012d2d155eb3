import sys

import pytest

from app.policy.merge import Source, merge
from app.policy.registry import entries, layer_of, registry_layers

ADDRESSES = ["https://a.example:8443", "https://b.example:8443"]


def test_the_machine_wins_over_the_user_and_both_over_the_command_line() -> None:
    user = layer_of(Source.USER_REGISTRY, {"theme": "dark", "language": "en"})
    machine = layer_of(Source.MACHINE_REGISTRY, {"theme": "light"})
    resolved = merge([machine, user])
    assert (resolved.values.theme, resolved.values.language) == ("light", "en")
    assert resolved.origin("theme").name == "HKLM\\Software\\Policies\\SafeSeat"
    assert resolved.origin("language").source is Source.USER_REGISTRY
    assert Source.COMMAND_LINE < Source.USER_REGISTRY < Source.MACHINE_REGISTRY < Source.DOCUMENT


def test_what_is_for_the_whole_pc_is_not_taken_from_the_user() -> None:
    assert merge([layer_of(Source.USER_REGISTRY, {"server.urls": ADDRESSES})]).values.server_urls == ()
    assert merge([layer_of(Source.MACHINE_REGISTRY, {"server.urls": ADDRESSES})]).values.server_urls == tuple(ADDRESSES)


def test_switches_are_numbers_there() -> None:
    assert merge([layer_of(Source.MACHINE_REGISTRY, {"edge_handle": 0})]).values.edge_handle is False
    wrong = merge([layer_of(Source.MACHINE_REGISTRY, {"edge_handle": 2, "nothing": 1})])
    assert wrong.values.edge_handle is True
    assert [problem.key for problem in wrong.problems] == ["edge_handle", "nothing"]


def test_a_list_keeps_the_order_of_its_numbers() -> None:
    assert entries([("10", "c"), ("2", "b"), ("x", "d"), ("1", "a")]) == ["a", "b", "c", "d"]


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows machine may have policies of its own")
def test_other_systems_have_no_registry() -> None:
    assert registry_layers() == []
