"""Verbs for the repairs that shift checks asked for: `safeseat server repairs list|done`.

Whoever can run them can read the server's keys: `--by` is believed and recorded, together with the account of the machine.
"""

import argparse
import getpass
import json
import sys

from app.server.alerts.clock import SystemClock
from app.server.incidents import repairs
from app.server.incidents.handling import Actor
from app.server.onspot import on_database


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", where: argparse.ArgumentParser) -> None:
    """Add the verbs to the parser of `safeseat server`."""
    group = verbs.add_parser("repairs", help="repairs that shift checks asked for").add_subparsers(
        metavar="VERB", required=True
    )
    listed = group.add_parser("list", parents=[where], help="print what is open: seat and faults, no names")
    listed.add_argument("--all", action="store_true", help="those that are done as well")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    listed.set_defaults(run=_list)
    done = group.add_parser("done", parents=[where], help="note that one is done")
    done.add_argument("id")
    done.add_argument(
        "--by", required=True, metavar="NAME", help="who says so: IT or a lead on IT's list, by name or id"
    )
    done.set_defaults(run=_done)


def _list(options: argparse.Namespace) -> int:
    actor = Actor("", "", SystemClock().wall_ms(), getpass.getuser())
    everything = bool(options.all)
    for row in on_database(options, lambda conn, keys: repairs.list_repairs(conn, keys, actor, everything=everything)):
        sys.stdout.write((json.dumps(row, ensure_ascii=False) if options.json else repairs.text_of(row)) + "\n")
    return 0


def _done(options: argparse.Namespace) -> int:
    actor = Actor("", options.by, SystemClock().wall_ms(), getpass.getuser())
    on_database(options, lambda conn, keys: repairs.set_done(conn, keys, actor, options.id))
    return 0
