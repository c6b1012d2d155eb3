"""`safeseat content key|check|build|sign`: exit 0 well, 1 the check found something, 2 wrong use, 3 lacks something."""

import argparse
import json
import sys
import time
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
    verbs = parser.add_subparsers(required=True, metavar="key|check|build|sign")
    key = verbs.add_parser("key", help="a new offline key; prints its public half for `safeseat server keys add`")
    key.add_argument("--out", type=Path, required=True, metavar="FILE")
    key.set_defaults(verb=_key)
    check = verbs.add_parser("check", help="every fault of a pack's folder, or what stands in a signed pack")
    check.add_argument("pack", type=Path, metavar="PACK", help="the folder with pack.toml, or a signed pack")
    check.add_argument("--json", action="store_true", help="one JSON object a line")
    check.set_defaults(verb=_check)
    build = verbs.add_parser("build", help="write what the program loads, into the folder built/ of the pack")
    build.add_argument("dir", type=Path, metavar="DIR", help="the folder with pack.toml")
    build.set_defaults(verb=_build)
    sign = verbs.add_parser("sign", help="a signed pack, or the second signature under one")
    sign.add_argument("pack", type=Path, metavar="PACK", help="the folder with pack.toml, or a pack with one signature")
    sign.add_argument("--key-file", required=True, metavar="F|-", help="32 bytes or 64 hex digits; - is stdin")
    sign.add_argument("--site", metavar="HEX", help="the site's id, 32 hex digits; not for a second signature")
    sign.add_argument("--days", type=int, default=365, help="good for so many days (1..3650)")
    sign.add_argument("--out", type=Path, required=True, metavar="FILE")
    sign.set_defaults(verb=_sign)
    return parser


def _key(args: argparse.Namespace) -> int:
    from app.tools.packs.signing import new_key

    print(new_key(args.out))
    return 0


def _check(args: argparse.Namespace) -> int:
    if args.pack.is_file():
        from app.tools.packs.signing import shown

        told = shown(args.pack.read_bytes())
        print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(f"{key}: {text}" for key, text in told.items()))
        return 0
    source, faults = read_pack(args.pack)
    for fault in faults:
        if args.json:
            print(json.dumps({"file": fault.file, "key": fault.key, "what": fault.what}, ensure_ascii=False))
        else:
            print(fault)
    counts = ", ".join(f"{len(files)} {kind}" for kind, files in source.entries.items())
    if not args.json:
        print(f"{args.pack}: {counts or 'nothing'}; {len(faults) or 'no'} fault{'s' * (len(faults) != 1)}.")
    return 1 if faults else 0


def _build(args: argparse.Namespace) -> int:
    from app.tools.packs.build import build

    changed = build(args.dir)
    for file in changed:
        print(file)
    print(f"{len(changed)} files were written anew.")
    return 0


def _sign(args: argparse.Namespace) -> int:
    from app.tools.packs.signing import second, signed

    if args.pack.is_file():
        made = second(args.pack.read_bytes(), args.key_file)
    else:
        made = signed(args.pack, args.key_file, args.site or "", args.days, time.time_ns() // 1_000_000)
    args.out.write_bytes(made)
    print(f"{args.out}: {len(made)} bytes.")
    return 0
