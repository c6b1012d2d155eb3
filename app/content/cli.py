"""`safeseat scripts search TEXT`: what the palette would show for a typed text; no agent has to run."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from app.content.library import Library
from app.content.shapes import LANGUAGES
from app.content.texts import system_language


class _Parser(argparse.ArgumentParser):
    """Tells a wrong use in one sentence, without the usage block."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see --help).\n")


def main(argv: Sequence[str]) -> int:
    """Run one verb with the words after `scripts`; exit 1 when nothing is found."""
    parser = _Parser(prog="safeseat scripts", description="Search the scripts.")
    verbs = parser.add_subparsers(required=True, metavar="search")
    search = verbs.add_parser("search", help="the scripts for a text in Chinese, pinyin or English, best first")
    search.add_argument("text", metavar="TEXT", nargs="+")
    search.add_argument("--lang", choices=LANGUAGES, help="language of the titles (default: the system's)")
    search.add_argument("--limit", type=int, default=8, help="at most so many (default 8)")
    search.add_argument("--json", action="store_true", help="one JSON object a line")
    try:
        args = parser.parse_args(list(argv))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    library = Library(args.lang or system_language())
    hits = library.search().find(" ".join(args.text), args.limit)
    for hit in hits:
        script = library.script(hit.script_id)
        title = script.title if script else hit.script_id
        told = {"id": hit.script_id, "title": title, "why": hit.why}
        print(json.dumps(told, ensure_ascii=False) if args.json else f"{hit.script_id:<28} {title}  ({hit.why})")
    if not hits:
        print("Nothing found; try a shorter word.", file=sys.stderr)
    return 0 if hits else 1
