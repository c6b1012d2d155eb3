"""Verbs for what a site publishes to its PCs and for the offline keys: `safeseat server content|keys|sites`."""

import argparse
import json
import sys
from pathlib import Path

from sqlalchemy import Connection

from app.content.packs import FILE_MAX
from app.domain.errors import UsageError
from app.server import publishing
from app.server.alerts.clock import SystemClock
from app.server.onspot import folder_of, on_database
from app.server.storage import audit, offlinekeys
from app.server.storage.keyring import OFFLINE, Keyring

Verbs = argparse._SubParsersAction  # the type that add_subparsers returns has no public name


def add_verbs(verbs: "Verbs[argparse.ArgumentParser]", where: argparse.ArgumentParser) -> None:
    """Add the verbs to the parser of `safeseat server`."""
    content = verbs.add_parser("content", help="signed content packs").add_subparsers(metavar="VERB", required=True)
    publish = content.add_parser("publish", parents=[where], help="let a signed pack hold at its site")
    publish.add_argument("file", type=Path)
    publish.set_defaults(run=_publish)
    keys = verbs.add_parser("keys", help="offline keys in the key set").add_subparsers(metavar="VERB", required=True)
    listed = keys.add_parser("list", parents=[where], help="print the key set")
    listed.set_defaults(run=_list)
    add = keys.add_parser("add", parents=[where], help="add the public half of an offline key; needs root.key")
    add.add_argument("pub", help="64 hex digits")
    add.add_argument("--use", required=True, choices=OFFLINE)
    add.add_argument("--id", required=True, metavar="NAME")
    add.add_argument("--days", type=int, default=730, help="good for so many days (1..3650)")
    add.set_defaults(run=_add)
    remove = keys.add_parser("remove", parents=[where], help="take an offline key out; needs root.key")
    remove.add_argument("id")
    remove.set_defaults(run=_remove)
    sites = verbs.add_parser("sites", parents=[where], help="list sites with their ids")
    sites.set_defaults(run=_sites)


def _publish(options: argparse.Namespace) -> int:
    try:
        with options.file.open("rb") as stream:
            file = stream.read(FILE_MAX + 1)
    except OSError as fault:
        raise UsageError(f"{options.file} cannot be read: {fault.strerror}.") from None
    now = SystemClock().wall_ms()
    return _say(on_database(options, lambda conn, keys: publishing.publish_pack(conn, keys, file, now)))


def _list(options: argparse.Namespace) -> int:
    return _say(*map(json.dumps, on_database(options, lambda _conn, keys: offlinekeys.listed(keys.keyset))))


def _sites(options: argparse.Namespace) -> int:
    found = on_database(options, lambda conn, _keys: publishing.list_sites(conn))
    return _say(*(json.dumps(site, ensure_ascii=False) for site in found))


def _add(options: argparse.Namespace) -> int:
    now = SystemClock().wall_ms()

    def work(conn: Connection, keys: Keyring) -> int:
        folder = folder_of(options) / "keys"
        made = offlinekeys.add(folder, keys, options.use, options.id, options.pub, options.days, now)
        about = {"id": options.id, "use": options.use, "pub": options.pub, "generation": made}
        audit.append(conn, keys.server, now, "keys.added", about)
        return made

    return _told(on_database(options, work))


def _remove(options: argparse.Namespace) -> int:
    now = SystemClock().wall_ms()

    def work(conn: Connection, keys: Keyring) -> int:
        made = offlinekeys.remove(folder_of(options) / "keys", keys, options.id)
        audit.append(conn, keys.server, now, "keys.removed", {"id": options.id, "generation": made})
        return made

    return _told(on_database(options, work))


def _told(generation: int) -> int:
    return _say(f"The key set has generation {generation} now; start the server anew, so that the PCs get it.")


def _say(*lines: str) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0
