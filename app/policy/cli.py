"""`safeseat policy show|check|generate|sign`: exit 0 well, 1 the check found something, 2 wrong use, 3 lacks something."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from app.domain.errors import SafeSeatError, UnavailableError
from app.policy.load import file_layer, load
from app.policy.merge import Layer, Resolved, Source, merge
from app.policy.setting import PolicyError, shown
from app.policy.settings import SETTINGS, Settings, value_of
from app.policy.words import Words, shipped_words

DAY_MS = 86_400_000


def main(argv: Sequence[str]) -> int:
    """Run one verb with the words after `policy`; returns the exit code, errors go to stderr in one sentence."""
    try:
        args = _parser().parse_args(list(argv))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    verb: Callable[[argparse.Namespace], int] = args.verb
    try:
        return verb(args)
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return 3
    except SafeSeatError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 3


class _Parser(argparse.ArgumentParser):
    """Tells a wrong use in one sentence, without the usage block."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see --help).\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="safeseat policy", description="Show, check, generate and sign policies.")
    verbs = parser.add_subparsers(required=True, metavar="show|check|generate|sign")
    show = verbs.add_parser("show", help="every setting, its value and where it comes from")
    show.add_argument("--json", action="store_true", help="one JSON object a line")
    show.add_argument("--file", type=Path, help="a policy file (TOML)")
    show.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="stronger than the file")
    show.add_argument("--lab", action="store_true", help="with the lab scope's lower bounds")
    show.set_defaults(verb=_show)
    check = verbs.add_parser("check", help="what in a policy file would not be taken")
    check.add_argument("file", type=Path)
    check.add_argument("--lab", action="store_true", help="with the lab scope's lower bounds")
    check.add_argument("--json", action="store_true", help="one JSON object a line")
    check.set_defaults(verb=_check)
    generate = verbs.add_parser("generate", help="documents made from the declaration of the settings")
    generate.add_argument("what", choices=["docs", "schema", "admx"])
    generate.add_argument("--out", type=Path, metavar="DIR", help="write files there instead of to stdout")
    generate.set_defaults(verb=_generate)
    sign = verbs.add_parser("sign", help="a signed policy document, with IT's offline key")
    sign.add_argument("--file", type=Path, required=True, help="the policy (TOML)")
    sign.add_argument("--key-file", required=True, metavar="F|-", help="32 bytes or 64 hex digits; - is stdin")
    sign.add_argument("--site", required=True, metavar="HEX", help="the site's id, 32 hex digits")
    sign.add_argument("--number", type=int, required=True, help="version of the document, higher than the last one")
    sign.add_argument("--days", type=int, default=365, help="good for so many days (1..3650)")
    sign.add_argument("--out", type=Path, required=True, metavar="FILE")
    sign.set_defaults(verb=_sign)
    return parser


def _show(args: argparse.Namespace) -> int:
    resolved = load(args.file, args.set, lab=args.lab)
    width = max(map(len, SETTINGS))
    for key in SETTINGS:
        value, origin = value_of(resolved.values, key), resolved.origin(key)
        if args.json:
            source = origin.source.name.lower()
            print(json.dumps({"key": key, "value": value, "source": source, "from": origin.name}, ensure_ascii=False))
        else:
            print(f"{key:<{width}}  {shown(value)}  ({origin.name})")
    _tell(resolved, as_json=args.json)
    return 1 if any(not problem.taken for problem in resolved.problems) else 0


def _check(args: argparse.Namespace) -> int:
    resolved = merge([file_layer(args.file)], lab=args.lab)
    _tell(resolved, as_json=args.json)
    bad = sum(not problem.taken for problem in resolved.problems)
    if not args.json and not bad:
        print(f"{args.file}: {len(resolved.origins)} settings, all good.")
    return 1 if bad else 0


def _tell(resolved: Resolved, *, as_json: bool) -> None:
    for problem in resolved.problems:
        if as_json:
            told = {"key": problem.key, "problem": problem.text, "from": problem.origin.name, "taken": problem.taken}
            print(json.dumps(told, ensure_ascii=False))
        else:
            print(f"{problem.origin.name}: {problem.text}", file=sys.stderr)


def generated(what: str, words: Mapping[str, Words]) -> dict[str, str]:
    """Path -> text of the generated documents of one sort: docs, schema or admx."""
    if what == "docs":
        from app.policy.docs import markdown

        return {"policy.md": markdown(words)}
    if what == "schema":
        from app.policy.schema import json_schema

        return {"policy.schema.json": json_schema(words)}
    from app.policy.admx import files

    return files(words)


def _generate(args: argparse.Namespace) -> int:
    made = generated(args.what, shipped_words())
    if args.out is None:
        if len(made) > 1:
            raise PolicyError(f"{args.what} is made of {len(made)} files; say with --out DIR where they go.")
        sys.stdout.write(next(iter(made.values())))
        return 0
    for name, text in made.items():
        file = args.out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        print(file)
    return 0


def _sign(args: argparse.Namespace) -> int:
    from app.policy.signed import opened, payload, weakens
    from app.protocol.document import DocKind, Document, make_document
    from app.protocol.keys import Ed25519Signer

    if not 1 <= args.number < 1 << 63:
        raise PolicyError("The number of a document is 1 or more.")
    if not 1 <= args.days <= 3650:
        raise PolicyError("A document is good for 1 to 3650 days.")
    body = payload(file_layer(args.file).values)
    now = time.time_ns() // 1_000_000
    document = Document(
        DocKind.POLICY, _hex(args.site, 16, "site id"), args.number, now, now + args.days * DAY_MS, body
    )
    made = make_document(document, Ed25519Signer(_key(args.key_file)))
    args.out.write_bytes(made)
    weaker = weakens(Settings(), merge([Layer(Source.DOCUMENT, "document", opened(body))]).values)
    print(f"{args.out}: {len(made)} bytes; weaker than built in: {', '.join(weaker) or 'nothing'}.")
    return 0


def _key(source: str) -> bytes:
    data = sys.stdin.buffer.read(1024) if source == "-" else _few_bytes(Path(source))
    if len(data) == 32:
        return data
    try:
        return _hex(data.decode("ascii").strip(), 32, "key")
    except UnicodeDecodeError:
        raise PolicyError("The key file holds neither 32 bytes nor 64 hex digits.") from None


def _few_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(1024)


def _hex(text: str, size: int, what: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != size:
        raise PolicyError(f"The {what} must be {2 * size} hex digits.")
    return found
