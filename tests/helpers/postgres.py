"""A private PostgreSQL cluster in a temporary folder, run by an ordinary user, gone at the end."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")


def available() -> bool:
    """Whether the server's binaries are here."""
    return (BINARIES / "pg_ctl").exists()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Cluster:
    """One cluster; `database(name)` makes an empty database and returns its URL."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="safeseat-pg-"))
        self._port = _free_port()
        self._count = 0
        self._as_root = os.geteuid() == 0
        if self._as_root:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "test", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-o", options, "-w", "-t", "60", "-l", str(self._folder / "log"), "start")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(BINARIES / program), *arguments]
        if self._as_root:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, timeout=90, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def database(self) -> str:
        """Return the URL of a fresh, empty database."""
        self._count += 1
        name = f"story{self._count}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "test", name)
        return f"postgresql://test@127.0.0.1:{self._port}/{name}"

    def stop(self) -> None:
        """Stop the cluster and remove everything."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)
