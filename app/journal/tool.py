"""`safeseat journal verify|show|export`: reads the profile's journal beside a running agent or without one."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.domain.errors import UnavailableError, UsageError
from app.journal import check, cipher, table
from app.journal.check import Filter, Report
from app.journal.errors import JournalError
from app.journal.keys import JOURNAL_FILE, LOCAL_FILE, JournalKeys
from app.journal.profile import PIN_STATE
from app.journal.table import Pin

if TYPE_CHECKING:
    from sqlite3 import Connection


def parser() -> argparse.ArgumentParser:
    """Return the arguments of `safeseat journal`."""
    top = argparse.ArgumentParser(prog="safeseat journal", description="Check, show or export the journal of this PC.")
    verbs = top.add_subparsers(dest="verb", required=True)
    for verb, text in (
        ("verify", "check every page, every record and the chain; exit 1 if something was changed"),
        ("show", "print the records"),
        ("export", "print the whole chain with salts, so that anybody can compute it again"),
    ):
        one = verbs.add_parser(verb, help=text, description=text)
        one.add_argument("--profile", type=Path, required=True, help="the profile's folder")
        one.add_argument("--json", action="store_true", help="print JSON lines")
        if verb == "show":
            one.add_argument("--type", help="only records of this type")
            one.add_argument("--from", dest="first", type=int, default=1, metavar="N", help="begin at record N")
            one.add_argument("--limit", type=int, default=0, metavar="COUNT", help="at most so many")
    return top


def run(args: argparse.Namespace, keys: Callable[[], JournalKeys], out: TextIO | None = None) -> int:
    """Carry out one verb; returns 0 well, 1 the check found something.

    Raises UsageError (no journal there) or UnavailableError (vault, wrong key); the caller prints the sentence.
    """
    stream = out or sys.stdout
    profile: Path = args.profile
    path = profile / JOURNAL_FILE
    if not path.is_file():
        raise UsageError(f"there is no journal in {profile}")
    both = keys()
    try:
        with _reading(path, both.journal) as conn:
            if args.verb == "verify":
                pin = _witness(profile / LOCAL_FILE, both.local)
                return _verify(conn, path, cipher.salt_of(both.journal), pin, args.json, stream)
            if args.verb == "show":
                _show(conn, Filter(args.type, args.first, args.limit), args.json, stream)
            else:
                for line in check.exported(conn, table.identity_of(conn)):
                    stream.write(_line(line))
            return 0
    except (cipher.DatabaseError, KeyError) as error:
        stream.write(f"damaged: {error}\n")
        return 1


def main(argv: Sequence[str], keys: Callable[[], JournalKeys]) -> int:
    """Parse and run; errors go to stderr in one sentence. Exit code as in design, section 6."""
    args = parser().parse_args(argv)
    try:
        return run(args, keys)
    except UnavailableError as error:
        sys.stderr.write(f"safeseat journal: {error}\n")
        return 3
    except JournalError as error:
        sys.stderr.write(f"safeseat journal: {error}\n")
        return 1
    except UsageError as error:
        sys.stderr.write(f"safeseat journal: {error}\n")
        return 2


@contextmanager
def _reading(path: Path, key: bytes) -> Iterator["Connection"]:
    conn = cipher.connect(path, key)
    try:
        conn.execute("PRAGMA query_only = ON")
        yield conn
    finally:
        conn.close()


def _witness(path: Path, key: bytes) -> Pin | None:
    # The local file is a second witness, no more: if it cannot be read, the journal is checked without it.
    if not path.is_file():
        return None
    try:
        with _reading(path, key) as conn:
            row = conn.execute("SELECT value FROM state WHERE name = ?", (PIN_STATE,)).fetchone()
    except (JournalError, cipher.DatabaseError):
        return None
    return table.unpack_pin(row[0]) if row else None


def _verify(conn: "Connection", path: Path, salt: bytes, pin: Pin | None, as_json: bool, out: TextIO) -> int:
    report = check.verify(conn, path, salt, [pin] if pin else [])
    if as_json:
        out.write(_line(_values(report)))
    elif report.ok:
        out.write(
            f"well: {report.n} records, {report.pinned} of them acknowledged by a server; head {report.h.hex()}\n"
        )
    else:
        place = f" from record {report.first_bad}" if report.first_bad is not None else ""
        out.write(f"damaged or changed{place}: {report.why}\n")
    return 0 if report.ok else 1


def _values(report: Report) -> dict[str, object]:
    return {
        "ok": report.ok,
        "epoch": report.epoch.hex(),
        "n": report.n,
        "h": report.h.hex(),
        "pinned": report.pinned,
        "first_bad": report.first_bad,
        "why": report.why,
        "faults": list(report.faults),
    }


def _show(conn: "Connection", like: Filter, as_json: bool, out: TextIO) -> None:
    for row in check.rows(conn, like):
        if as_json:
            out.write(_line(row))
            continue
        record = row["record"]
        fields = (
            {key: value for key, value in record.items() if key not in ("type", "v", "ms")}
            if isinstance(record, dict)
            else {}
        )
        text = (
            " ".join(f"{key}={value}" for key, value in fields.items())
            if record is not None
            else "(contents destroyed)"
        )
        out.write(f"{row['n']:>7}  {row['time']}  {row['type'] or '-'}  {text}\n")


def _line(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
