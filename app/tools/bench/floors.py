"""The floor of the alarm's path: a bare HTTP POST, one durable SQLite commit, one line of SSE; TLS and certificate as ours."""

import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Queue

from app.tools.bench.figures import spread
from app.tools.demo.cast import Cast, read_line

BARE_SERVER = """
import asyncio, json, socket, sqlite3, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

folder, cert, key = sys.argv[1:]
base = sqlite3.connect(folder + "/floor.db", isolation_level=None, check_same_thread=False)
base.execute("PRAGMA journal_mode=WAL")
base.execute("PRAGMA synchronous=FULL")
base.execute("CREATE TABLE moves(body BLOB)")
queues = []

async def post(request):
    body = await request.body()
    base.execute("INSERT INTO moves VALUES(?)", (body,))
    for queue in queues:
        queue.put_nowait(body)
    return Response(b"ok")

async def stream(request):
    queue = asyncio.Queue()
    queues.append(queue)
    async def lines():
        yield b": open\\n\\n"
        while True:
            body = await queue.get()
            yield b"data: " + body + b"\\n\\n"
    return StreamingResponse(lines(), media_type="text/event-stream")

app = Starlette(routes=[Route("/post", post, methods=["POST"]), Route("/stream", stream)])
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(16)
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
config = uvicorn.Config(app, log_level="error", ssl_certfile=cert, ssl_keyfile=key)
uvicorn.Server(config).run(sockets=[listener])
"""


def bare_path(cast: Cast, rounds: int) -> dict[str, object]:
    """Milliseconds from before the POST to the line read from the stream, on the same machine and certificate."""
    data = cast.folder / "server"
    cert, key = certificate(data)
    folder = cast.folder / "floor"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", BARE_SERVER, str(folder), str(cert), str(key)], env={**os.environ},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = int(json.loads(read_line(process, 30.0))["port"])
        return spread(exchange(port, cast.ca, rounds), "ms")
    finally:
        process.kill()  # it holds an open stream and nothing that has to be kept
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def certificate(data: Path) -> tuple[Path, Path]:
    """The server's own certificate and key in its data folder."""
    return data / "tls" / "server.pem", data / "tls" / "server.key"


def exchange(port: int, ca: Path, rounds: int) -> list[float]:
    """Post and hear `rounds` times over two kept connections."""
    context = ssl.create_default_context(cafile=str(ca))
    heard: Queue[float] = Queue()
    listening = threading.Event()
    stream = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)

    def listen() -> None:
        stream.request("GET", "/stream")
        answer = stream.getresponse()
        while True:
            line = answer.readline()
            if line.startswith(b": open"):
                listening.set()
            elif line.startswith(b"data: stop"):
                return
            elif line.startswith(b"data: "):
                heard.put(time.perf_counter())

    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    listening.wait(10)
    poster = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
    samples = []
    for _ in range(rounds):
        began = time.perf_counter()
        poster.request("POST", "/post", body=b"x" * 345)
        poster.getresponse().read()
        samples.append((heard.get(timeout=10) - began) * 1000)
    poster.request("POST", "/post", body=b"stop")
    poster.getresponse().read()
    reader.join(10)
    poster.close()
    stream.close()
    return samples
