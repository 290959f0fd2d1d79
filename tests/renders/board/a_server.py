"""The board's server in a thread of this process, for its tests."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from backpost.renders.board.server import app


@contextmanager
def serving() -> Iterator[int]:
    """Serve the board on a free port, which is given."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = int(listening.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app(port), log_level="error", timeout_graceful_shutdown=1, lifespan="on"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    yield port
    server.should_exit = True
    thread.join()
    listening.close()
