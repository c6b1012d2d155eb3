"""`safeseat server`: run the central server, or do IT's work on it (codes, people, approvals, the outside head).

One JSON line on stdout says when it listens; SIGTERM and Ctrl+C stop it in order within 5 s.
"""

import argparse
import asyncio
import datetime as dt
import gc
import json
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import SafeSeatError, UnavailableError, UsageError
from app.protocol.httpsig import authority
from app.server import commands, contentcli, repaircli
from app.server.alerts.clock import SystemClock
from app.server.commands import CodeFor
from app.server.onspot import folder_of, on_database, run
from app.server.reportcli import add_verbs
from app.server.storage.keyring import Keyring, open_keyring
from app.server.storage.opening import open_stores
from app.server.storage.roster import ROLES
from app.server.storage.tls import own_certificate

if TYPE_CHECKING:
    from app.server.api.serve import Listener, Server

T = TypeVar("T")
DEFAULT_PORT = 8443
DAY_MS = 24 * 3600 * 1000
SWITCH_S = 0.0005
"""A bulk transaction gives way to an alarm this soon, instead of Python's 5 ms."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb of `safeseat server`; 0 well, 1 a check found something, 2 wrong use, 3 the system lacks something."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    verb: Callable[[argparse.Namespace], int] = options.run
    try:
        return verb(options)
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return 3
    except SafeSeatError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--data", type=Path, default=None, help="folder of keys, certificates and, without --database, data")
    where.add_argument("--database", help="postgresql://… for a database of your own")
    parser = argparse.ArgumentParser(prog="safeseat server", description=__doc__, parents=[where])
    parser.add_argument("--host", default="", help="address to listen on (default: all)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one")
    parser.add_argument("--name", action="append", default=[], help="name[:port] that PCs know this server by; repeatable")
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--no-tls", action="store_true", help="plain HTTP, behind a proxy that speaks TLS")
    parser.set_defaults(run=_serve_verb)
    verbs = parser.add_subparsers(metavar="VERB")
    _code_verbs(verbs, where)
    head = verbs.add_parser("head", parents=[where], help="compute a journal's head from the stored rows")
    head.add_argument("--device", required=True)
    head.add_argument("--stream", required=True)
    head.set_defaults(run=_head_verb)
    devices = verbs.add_parser("devices", parents=[where], help="list PCs, and the codes of those that wait")
    devices.set_defaults(run=_devices_verb)
    people = verbs.add_parser("people", help="IT's list of people").add_subparsers(metavar="VERB", required=True)
    load = people.add_parser("import", parents=[where], help="take a list in TOML or CSV")
    load.add_argument("file", type=Path)
    load.set_defaults(run=_import_verb)
    pin = people.add_parser("pin", parents=[where], help="set PIN and duress PIN: two lines on stdin")
    pin.add_argument("--site", required=True)
    pin.add_argument("--person", required=True)
    pin.set_defaults(run=_pin_verb)
    add_verbs(verbs, where)
    contentcli.add_verbs(verbs, where)
    repaircli.add_verbs(verbs, where)
    return parser


def _code_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", where: argparse.ArgumentParser) -> None:
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument("--site", required=True)
    who.add_argument("--person", default="")
    who.add_argument("--role", choices=ROLES, default="agent")
    who.add_argument("--team", default="")
    who.add_argument("--seat", default="")
    who.add_argument("--floor", default="")
    token = verbs.add_parser("token", parents=[where, who], help="print enrolment codes")
    token.add_argument("--count", type=int, default=1)
    token.add_argument("--expires", type=int, default=7, metavar="DAYS")
    token.set_defaults(run=_token_verb)
    approve = verbs.add_parser("approve", parents=[where, who], help="let a waiting PC in, after comparing its code")
    approve.add_argument("code")
    approve.set_defaults(run=_approve_verb)


def _who(options: argparse.Namespace) -> CodeFor:
    return CodeFor(options.site, options.person, options.role, options.team, options.seat, options.floor)


def _token_verb(options: argparse.Namespace) -> int:
    if options.count < 1 or options.expires < 1:
        raise UsageError("--count and --expires are 1 or more.")
    until = SystemClock().wall_ms() + options.expires * DAY_MS
    for code in on_database(options, lambda c, keys: commands.make_codes(c, keys, _who(options), options.count, until)):
        print(code)
    return 0


def _approve_verb(options: argparse.Namespace) -> int:
    now = SystemClock().wall_ms()
    print(on_database(options, lambda c, keys: commands.approve_device(c, keys, options.code, _who(options), now)))
    return 0


def _import_verb(options: argparse.Namespace) -> int:
    now = SystemClock().wall_ms()
    print(on_database(options, lambda conn, keys: commands.import_people(conn, keys, options.file, now)))
    return 0


def _pin_verb(options: argparse.Namespace) -> int:
    pins = (sys.stdin.readline().strip(), sys.stdin.readline().strip())
    count = on_database(options, lambda conn, keys: commands.set_pins(conn, keys, options.site, options.person, pins))
    print(count)
    return 0 if count else 1


def _head_verb(options: argparse.Namespace) -> int:
    try:
        device, stream = bytes.fromhex(options.device), bytes.fromhex(options.stream)
    except ValueError:
        raise UsageError("--device and --stream are ids of 32 hex digits.") from None
    found = on_database(options, lambda conn, keys: commands.outside_head(conn, device, stream, keys.files))
    for epoch in found:
        print(json.dumps(epoch))
    return 0 if found and all(epoch["agrees"] for epoch in found) else 1


def _devices_verb(options: argparse.Namespace) -> int:
    for device in on_database(options, lambda conn, _keys: commands.list_devices(conn)):
        print(json.dumps(device, ensure_ascii=False))
    return 0


def _serve_verb(options: argparse.Namespace) -> int:
    if bool(options.tls_cert) != bool(options.tls_key) or (options.no_tls and options.tls_cert):
        raise UsageError("--tls-cert and --tls-key go together, and not with --no-tls.")
    run(_serve(options))
    return 0


async def _serve(options: argparse.Namespace) -> None:
    # Late, so that a code or a head is printed without loading a web server.
    from app.server.alerts.core import open_core
    from app.server.api.app import make_app
    from app.server.api.serve import Listener, bind, make_server

    folder, clock = folder_of(options), SystemClock()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = open_keyring(folder / "keys", clock.wall_ms())
    ca, cert, key = _certificate(options, folder)
    listener = Listener(bind(options.host, options.port), cert, key)
    stores = await open_stores(folder, options.database)
    try:
        core = await open_core(keys, stores, clock)
        server = make_server(make_app(core, _names(options, listener)), listener)
        # What was loaded stays; a full collection in the middle of an alarm would cost more than it frees.
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        sys.setswitchinterval(SWITCH_S)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            if sys.platform == "win32":
                signal.signal(number, lambda *_: setattr(server, "should_exit", True))
            else:
                loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
        await _until_stopped(server, core.hub.close, listener, _ready(options, listener, keys, ca))
    finally:
        listener.sock.close()
        await stores.close()


def _certificate(options: argparse.Namespace, folder: Path) -> tuple[Path | None, Path | None, Path | None]:
    if options.no_tls:
        return None, None, None
    if options.tls_cert:
        return None, options.tls_cert, options.tls_key
    host = options.name[0].rpartition(":")[0] or options.name[0] if options.name else options.host or socket.gethostname()
    return own_certificate(folder / "tls", host, dt.datetime.now(dt.UTC))


def _names(options: argparse.Namespace, listener: "Listener") -> frozenset[str]:
    hosts = {"localhost", "127.0.0.1", socket.gethostname(), *([options.host] if options.host else [])}
    names = {authority(host, listener.port, tls=listener.cert is not None) for host in hosts}
    return frozenset(names | {name.lower() for name in options.name})


def _ready(options: argparse.Namespace, listener: "Listener", keys: Keyring, ca: Path | None) -> str:
    scheme = "https" if listener.cert else "http"
    named = options.name[0] if options.name else f"{options.host or socket.gethostname()}:{listener.port}"
    line = {"ready": True, "port": listener.port, "url": f"{scheme}://{named}", "ca": str(ca) if ca else None}
    return json.dumps({**line, "server": keys.server.hex(), "fingerprint": keys.fingerprint.hex(), "root_key_here": keys.root_present})


async def _until_stopped(server: "Server", close_streams: Callable[[], None], listener: "Listener", ready: str) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener.sock]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if server.started:
        print(ready, flush=True)
    while not server.should_exit and not serving.done():
        await asyncio.sleep(0.1)
    close_streams()
    await serving
    if not server.started:
        raise UnavailableError("The server could not start; see the log above.")
