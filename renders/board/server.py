"""The board's server: one page, and three requests that it can make. Served on 127.0.0.1 only.

`POST /ask` streams lines of JSON: progress, and in the end the answer. A new question stops the one before, and so
does a page that is closed. `POST /check` says where a board lies outside what was calibrated, `POST /film` plays one
cross, `POST /page` writes the page for an e-mail.
"""

import asyncio
import contextlib
import json
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

import uvicorn
from msgspec import Meta
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from backpost.agents.base.registry import AGENTS
from backpost.agents.registry import descriptions
from backpost.envs.common.checks import Record, checked
from backpost.envs.common.errors import BackpostError, InvalidFile, UnknownName
from backpost.envs.common.reading import parse_json
from backpost.envs.scenarios.board_file import MY_RUN, Board, board_of, read_board

from .answer import answer, warnings
from .film import film
from .guard import Guard, refusal
from .page import PRESETS, BoardWords, build_page, coach_page, preset
from .question import FEWEST, MOST, USUAL, Questions

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Ask(Record, frozen=True):
    """A question: a board, and how many crosses each runner plays."""

    board: dict[str, Any]
    crosses: Annotated[int, Meta(ge=FEWEST, le=MOST)] = USUAL


class Look(Record, frozen=True):
    """A board to be checked."""

    board: dict[str, Any]


class Watch(Record, frozen=True):
    """One cross to be played: a board, a runner and the number of the cross."""

    board: dict[str, Any]
    runner: Annotated[str, Meta(max_length=200)]
    cross: Annotated[int, Meta(ge=0, lt=MOST)]


T = TypeVar("T")


def app(port: int, opened: Board | None = None) -> Guard:
    """The application for this port; `opened` is the board that the page shows first.

    Raises:
        UnknownName: if that board names an unknown runner.
    """
    server = _Server(opened)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        server.questions.get_ready(preset(PRESETS[0]))
        yield
        server.questions.close()

    routes = [
        Route("/", server.page),
        Route("/ask", server.ask, methods=["POST"]),
        Route("/check", server.check, methods=["POST"]),
        Route("/film", server.film, methods=["POST"]),
        Route("/page", server.coach_page, methods=["POST"]),
    ]
    handlers: dict[Any, Callable[..., Any]] = {BackpostError: _sentence, 404: _nothing, 405: _nothing}
    return Guard(Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), port)


async def _sentence(_: Request, error: Exception) -> JSONResponse:
    """Bad input: its own sentence."""
    return refusal(422, str(error))


async def _nothing(_: Request, error: Exception) -> JSONResponse:
    return refusal(
        getattr(error, "status_code", 404), "there is only the board: GET / and POST /ask, /check, /film, /page"
    )


class _Server:
    """The answers to requests."""

    def __init__(self, opened: Board | None) -> None:
        self.questions = Questions()
        self._words = BoardWords()
        if opened is not None:
            _check_runners(opened)
        descriptions()  # loads what installed packages register
        self._page = build_page(self._words, opened)

    async def page(self, _: Request) -> Response:
        return HTMLResponse(self._page.text, headers={**HEADERS, "Content-Security-Policy": self._page.policy})

    async def check(self, request: Request) -> Response:
        board = _board((await _read(request, Look)).board)
        return JSONResponse({"outside": warnings(board, self._words)}, headers=HEADERS)

    async def film(self, request: Request) -> Response:
        wanted = await _read(request, Watch)
        board = _board(wanted.board)
        if wanted.runner not in board.runners:
            raise UnknownName("runner", wanted.runner, board.runners)
        history = await run_in_threadpool(self.questions.history, board, wanted.runner, wanted.cross)
        return JSONResponse(film(board, history), headers=HEADERS)

    async def coach_page(self, request: Request) -> Response:
        board = _board((await _read(request, Look)).board)
        text = await run_in_threadpool(coach_page, self.questions.options(board), board)
        return HTMLResponse(text, headers=HEADERS | {"Content-Disposition": 'attachment; filename="page.html"'})

    async def ask(self, request: Request) -> Response:
        wanted = await _read(request, Ask)
        board = _board(wanted.board)
        return StreamingResponse(self._lines(board, wanted.crosses), media_type="application/x-ndjson", headers=HEADERS)

    async def _lines(self, board: Board, crosses: int) -> AsyncIterator[str]:
        """Progress and the answer, a line each."""
        loop, ends = asyncio.get_running_loop(), asyncio.Queue[int | None]()
        stopped, done = self.questions.begin(), 0
        total = crosses * len(board.runners)

        def progress(ended: int) -> None:
            loop.call_soon_threadsafe(ends.put_nowait, ended)

        def play() -> dict[str, Any]:
            try:
                return answer(self.questions.ask(board, crosses, stopped, progress), self._words)
            finally:
                loop.call_soon_threadsafe(ends.put_nowait, None)

        playing = loop.run_in_executor(None, play)
        try:
            while (ended := await ends.get()) is not None:
                done += ended
                if ends.empty():
                    yield _line({"done": done, "of": total})
            yield _line({"answer": await playing})
        except InterruptedError:
            yield _line({"stopped": True})
        except BackpostError as error:
            yield _line({"error": str(error)})
        finally:
            stopped.set()


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False) + "\n"


async def _read(request: Request, kind: type[T]) -> T:
    """The body of a request as a type.

    Raises:
        InvalidFile, InvalidValue: if it is not JSON, or of another shape.
    """
    return checked(parse_json(await request.body(), "the request"), kind, "the request")


def _board(content: dict[str, Any]) -> Board:
    board = board_of(content)
    _check_runners(board)
    return board


def _check_runners(board: Board) -> None:
    """The page may name runners, but no files: a request is no reason to open one.

    Raises:
        UnknownName: for a runner that is no registered agent.
    """
    for who in board.runners:
        if who != MY_RUN and who not in AGENTS:
            raise UnknownName("runner", who, (MY_RUN, *AGENTS))


def open_board(file: str | None, port: int, show: Callable[[str], object], *, browser: bool = True) -> None:
    """Serve the board with this file, if any, until it is stopped, and open it in a browser.

    Args:
        file: board to show first.
        port: 0 for any free one.
        show: told where the board is, once it answers.
        browser: whether to open one.

    Raises:
        InvalidFile: if the file is no board, or the port is taken.
        UnknownName: if the board names an unknown runner.
    """
    opened = None if file is None else read_board(file)
    listening = _listening(port)
    taken = int(listening.getsockname()[1])
    config = uvicorn.Config(app(taken, opened), log_level="warning", timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            address = f"http://127.0.0.1:{taken}/"
            show(f"the board is at {address} (Ctrl-C ends it)")
            if browser:
                webbrowser.open(address)
        await serving

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())


def _listening(port: int) -> socket.socket:
    """A socket on this port of this machine alone.

    Raises:
        InvalidFile: if it is taken.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise InvalidFile(f"port {port} is taken: name another with --port, or 0 for any free one") from error
    return listening
