"""`safeseat content check|build|sign`: exit 0 well, 1 the check found something, 2 wrong use, 3 lacks something."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from app.content.source import read_pack


class _Parser(argparse.ArgumentParser):
    """Tells a wrong use in one sentence, without the usage block."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see --help).\n")


def main(argv: Sequence[str]) -> int:
    """Run one verb with the words after `content`; SafeSeatErrors go up to the command's entrance."""
    try:
        args = _parser().parse_args(list(argv))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    verb: Callable[[argparse.Namespace], int] = args.verb
    try:
        return verb(args)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 3


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="safeseat content", description="Check, build and sign content packs.")
    verbs = parser.add_subparsers(required=True, metavar="check|build|sign")
    check = verbs.add_parser("check", help="every fault of a pack's folder")
    check.add_argument("dir", type=Path, metavar="DIR", help="the folder with pack.toml")
    check.add_argument("--json", action="store_true", help="one JSON object a line")
    check.set_defaults(verb=_check)
    build = verbs.add_parser("build", help="write what the program loads, into the folder built/ of the pack")
    build.add_argument("dir", type=Path, metavar="DIR", help="the folder with pack.toml")
    build.set_defaults(verb=_build)
    return parser


def _build(args: argparse.Namespace) -> int:
    from app.tools.packs.build import build

    changed = build(args.dir)
    for file in changed:
        print(file)
    print(f"{len(changed)} files were written anew.")
    return 0


def _check(args: argparse.Namespace) -> int:
    source, faults = read_pack(args.dir)
    for fault in faults:
        if args.json:
            print(json.dumps({"file": fault.file, "key": fault.key, "what": fault.what}, ensure_ascii=False))
        else:
            print(fault)
    counts = ", ".join(f"{len(files)} {kind}" for kind, files in source.entries.items())
    if not args.json:
        print(f"{args.dir}: {counts or 'nothing'}; {len(faults) or 'no'} fault{'s' * (len(faults) != 1)}.")
    return 1 if faults else 0
