"""The real server in this process: uvicorn in a thread on a free port, without TLS unless asked for."""

import asyncio
import datetime as dt
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from app.protocol.httpsig import authority
from app.server import commands
from app.server.alerts.clock import SystemClock
from app.server.alerts.core import Core, open_core
from app.server.api.app import make_app
from app.server.api.serve import Listener, Server, bind, make_server
from app.server.commands import CodeFor
from app.server.storage.keyring import Keyring, open_keyring
from app.server.storage.opening import open_stores
from app.server.storage.tls import own_certificate

T = TypeVar("T")
YEAR_MS = 366 * 24 * 3600 * 1000


class ServerThread:
    """Starts in the constructor, ends with `stop`; `database` None means SQLite in the folder."""

    def __init__(self, folder: Path, database: str | None = None, *, tls: bool = False, port: int = 0) -> None:
        self.folder, self._database = folder, database
        self.keys: Keyring = open_keyring(folder / "keys", SystemClock().wall_ms())
        self.ca: Path | None = None
        cert = key = None
        if tls:
            self.ca, cert, key = own_certificate(folder / "tls", "127.0.0.1", dt.datetime.now(dt.UTC))
        self._listener = Listener(bind("127.0.0.1", port), cert, key)
        self.port = self._listener.port
        self.tls = tls
        self.core: Core
        self._server: Server
        self._loop: asyncio.AbstractEventLoop
        self._up = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="test-server", daemon=True)
        self._thread.start()
        assert self._up.wait(20), "the server did not start"
        if self._failure is not None:
            raise self._failure

    @property
    def name(self) -> str:
        """The authority that requests are signed for."""
        return authority("127.0.0.1", self.port, tls=self.tls)

    def context(self) -> ssl.SSLContext | None:
        """What a client needs to trust this server."""
        return ssl.create_default_context(cafile=str(self.ca)) if self.ca else None

    def _main(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve())
        except BaseException as error:
            self._failure = error
            self._up.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        stores = await open_stores(self.folder, self._database)
        try:
            self.core = await open_core(self.keys, stores, SystemClock())
            app = make_app(self.core, frozenset({self.name}))
            self._server = make_server(app, self._listener)
            serving = asyncio.create_task(self._server.serve(sockets=[self._listener.sock]))
            while not self._server.started and not serving.done():
                await asyncio.sleep(0.005)
            self._up.set()
            while not self._server.should_exit and not serving.done():
                await asyncio.sleep(0.02)
            self.core.hub.close()
            await serving
        finally:
            self._listener.sock.close()
            await stores.close()

    def main_lane(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of work on the main tables."""
        return asyncio.run_coroutine_threadsafe(self.core.change(work), self._loop).result(20)

    def alarm_lane(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of work on the alarm tables."""
        return asyncio.run_coroutine_threadsafe(self.core.stores.alarms.write(work), self._loop).result(20)

    def code(self, person: str = "", *, role: str = "agent", team: str = "A", site: str = "Shanghai", seat: str = "") -> str:
        """Return an enrolment code; with a person, the PC is enrolled at once."""
        who = CodeFor(site, person, role, team, seat, "3")
        until = SystemClock().wall_ms() + YEAR_MS
        return self.main_lane(lambda conn: commands.make_codes(conn, self.keys, who, 1, until))[0]

    def stop(self) -> None:
        """Stop in order."""
        self._server.should_exit = True
        self._thread.join(15)
        assert not self._thread.is_alive(), "the server did not stop"
        if self._failure is not None:
            raise self._failure
