"""The command's own argument parsers, taken from the programs themselves at the moment at which they would parse."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pytest

from app import cli
from ui.main import main as tray_main


class _CaughtError(BaseException):
    """Carries the parser out of a program that was about to use it."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its words as typed, its options, and the names and choices of what stands without a dash."""

    words: str
    options: frozenset[str]
    positional: tuple[str, ...]


def parser_of(program: Callable[[Sequence[str]], int], argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser that `program` uses for `argv`; the program does nothing else."""

    def caught(self: argparse.ArgumentParser, *_args: object, **_more: object) -> NoReturn:
        raise _CaughtError(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", caught)
        try:
            program(argv)
        except _CaughtError as found:
            return found.parser
    raise AssertionError(f"{argv} did not come to its parser")


def verbs() -> Iterator[Verb]:
    """Every verb of `safeseat`, `safeseat-tray` among them, each once."""
    top = parser_of(cli.main, ["status"])
    for name, parser in _children(top):
        if name not in cli.PASSED_ON:
            yield from _walk(f"safeseat {name}", parser, frozenset())
    for name in cli.PASSED_ON:
        yield from _walk(f"safeseat {name}", parser_of(cli.main, [name, "show"]), frozenset())
    yield from _walk("safeseat-tray", parser_of(tray_main, []), frozenset())


def _children(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _walk(words: str, parser: argparse.ArgumentParser, above: frozenset[str]) -> Iterator[Verb]:
    options = {name for action in parser._actions for name in action.option_strings} - {"-h", "--help"}
    children = dict(_children(parser))
    positional = [
        str(word)
        for action in parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
        for word in (action.choices or [action.metavar or action.dest.upper()])
    ]
    runs_itself = not children or parser.get_default("run") is not None
    if runs_itself:
        yield Verb(words, frozenset(options), tuple(positional))
    for name, child in children.items():
        yield from _walk(f"{words} {name}", child, frozenset(options))
