"""Verbs for those who handle reports, until the console does it: `safeseat server reports|risks|suggestions|notice`.

Whoever can run them can read the server's keys: `--by` is believed and recorded, together with the account of the machine.
"""

import argparse
import datetime as dt
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.domain.errors import UsageError
from app.domain.incident import Due, Risk, State
from app.server.alerts.clock import SystemClock
from app.server.incidents import handling, openlists, suggestions
from app.server.incidents.handling import Actor, Desk
from app.server.onspot import on_database

T = TypeVar("T")
Run = Callable[[argparse.Namespace], int]


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", where: argparse.ArgumentParser) -> None:
    """Add the groups of verbs to the parser of `safeseat server`."""
    who = argparse.ArgumentParser(add_help=False, parents=[where])
    who.add_argument("--site", required=True, help="name of the site")
    who.add_argument("--by", required=True, metavar="PERSON", help="who reads or acts: a name on IT's list, or its id")
    _report_verbs(_group(verbs, "reports", "incidents and hazards"), who)
    risks = _group(verbs, "risks", "the risk list of a site")
    load = _verb(risks, "load", who, _risks_load, "replace the list by a TOML file")
    load.add_argument("file", type=Path)
    asked = _group(verbs, "suggestions", "anonymous suggestions")
    _verb(asked, "list", who, _suggestions_list, "print them, for the safety officer")
    answer = _verb(asked, "answer", who, _suggestions_answer, "answer one: the text comes on stdin")
    answer.add_argument("id")
    notice = _group(verbs, "notice", "notices of the safety officer")
    add = _verb(notice, "add", who, _notice_add, "publish one: the text comes on stdin")
    add.add_argument("--title", required=True)
    add.add_argument("--from", dest="since", default="", metavar="TIME", help="shown from (default: now)")
    add.add_argument("--until", required=True, metavar="TIME", help="shown until")
    _verb(notice, "list", who, _notice_list, "print them with the sums of teams that read them")


def _group(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    return verbs.add_parser(name, help=about).add_subparsers(metavar="VERB", required=True)


def _verb(
    group: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, who: argparse.ArgumentParser, do: Run, about: str
) -> argparse.ArgumentParser:
    verb = group.add_parser(name, parents=[who], help=about)
    verb.set_defaults(run=do)
    return verb


def _report_verbs(group: "argparse._SubParsersAction[argparse.ArgumentParser]", who: argparse.ArgumentParser) -> None:
    def numbered(name: str, do: Run, about: str) -> argparse.ArgumentParser:
        verb = _verb(group, name, who, do, about)
        verb.add_argument("number")
        return verb

    _verb(group, "list", who, _list, "print what this person may read, without texts")
    numbered("show", _show, "print one whole; the read is recorded")
    photo = numbered("photo", _photo, "write a photo to a file; the read is recorded")
    photo.add_argument("hash")
    photo.add_argument("file", type=Path)
    state = numbered("state", _state, "move one on")
    state.add_argument("state", choices=[one.value for one in State][1:])
    score = numbered("score", _score, "score the risk of a hazard")
    score.add_argument("risk", choices=[one.value for one in Risk])
    numbered("approve", _approve, "approve the plan of mending: its time runs from now")
    extend = numbered("extend", _extend, "give mending more time, before its deadline")
    extend.add_argument("--until", required=True, metavar="TIME")
    numbered("recheck", _recheck, "note that a settled hazard was checked again")
    filed = numbered("filed", _filed, "note that a report on a major event is written")
    filed.add_argument("what", choices=[Due.SPECIAL.value, Due.INVESTIGATION.value])


def at_desk(options: argparse.Namespace, do: Callable[[Desk], T]) -> T:
    """Run what a person does as one unit of work beside a running server."""
    actor = Actor(options.site, options.by, SystemClock().wall_ms(), getpass.getuser())
    return on_database(options, lambda conn, keys: do(handling.desk(conn, keys, actor)))


def time_of(text: str) -> int:
    """Return a time as Unix ms: YYYY-MM-DD or YYYY-MM-DDTHH:MM, in the machine's zone; UsageError otherwise."""
    try:
        return int(dt.datetime.fromisoformat(text).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"This is not a time: {text[:40]!r}. Write 2026-12-01 or 2026-12-01T18:00.") from None


def _print(*rows: object) -> int:
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


def _list(options: argparse.Namespace) -> int:
    return _print(*at_desk(options, handling.list_reports))


def _show(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: handling.show(desk, options.number)))


def _photo(options: argparse.Namespace) -> int:
    data = at_desk(options, lambda desk: handling.photo(desk, options.number, options.hash))
    try:
        options.file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"The photo cannot be written to {options.file}: {error.strerror or error}.") from None
    return 0


def _state(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: handling.set_state(desk, options.number, State(options.state))))


def _score(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: handling.score(desk, options.number, Risk(options.risk))))


def _approve(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: handling.approve(desk, options.number)))


def _extend(options: argparse.Namespace) -> int:
    until = time_of(options.until)
    return _print(at_desk(options, lambda desk: handling.extend(desk, options.number, until)))


def _recheck(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: handling.recheck(desk, options.number)))


def _filed(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: handling.file_report(desk, options.number, Due(options.what))))


def _risks_load(options: argparse.Namespace) -> int:
    return _print(at_desk(options, lambda desk: openlists.load_risks(desk, options.file)))


def _suggestions_list(options: argparse.Namespace) -> int:
    return _print(*at_desk(options, suggestions.list_all))


def _suggestions_answer(options: argparse.Namespace) -> int:
    text = sys.stdin.read().strip()
    at_desk(options, lambda desk: suggestions.reply(desk, options.id, text))
    return 0


def _notice_add(options: argparse.Namespace) -> int:
    since = time_of(options.since) if options.since else SystemClock().wall_ms()
    until, text = time_of(options.until), sys.stdin.read().strip()
    notice = at_desk(options, lambda desk: openlists.add_notice(desk, options.title, text, since, until))
    sys.stdout.write(f"{notice}\n")
    return 0


def _notice_list(options: argparse.Namespace) -> int:
    return _print(*at_desk(options, openlists.list_notices))
