"""What the board's server lets in: only this machine, only its own page, only small JSON.

It binds 127.0.0.1, but any website in the same browser can send requests there, and a name that an attacker owns can
be made to point there. So the `Host` of every request has to be the board's own, and so does the `Origin` of every
request that asks for work.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import JSONResponse

LARGEST_BODY = 96 * 1024
"""Bytes: a board has at most 64,000."""
JSON = "application/json"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def refusal(status: int, sentence: str) -> JSONResponse:
    """An error: one sentence."""
    return JSONResponse({"error": sentence}, status)


class Guard:
    """ASGI middleware that refuses whatever does not come from the board's own page.

    Args:
        app: the application.
        port: the port on which it is served.
    """

    def __init__(self, app: Any, port: int) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in one sentence."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refused(scope["method"], headers)
        if refused is None and scope["method"] == "POST":
            body = await _body(receive)
            if body is None:
                refused = refusal(413, f"a request has at most {LARGEST_BODY:,} bytes")
            else:
                receive = _replayed(body)
        await (self._app if refused is None else refused)(scope, receive, send)

    def _refused(self, method: str, headers: MutableMapping[str, str]) -> JSONResponse | None:
        if headers.get("host") not in self._hosts:
            return refusal(421, f"this server answers only {' or '.join(sorted(self._hosts))}")
        if method == "GET":
            return None
        if headers.get("origin") not in self._origins:
            return refusal(403, "only the board's own page may ask")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            return refusal(415, f"a request must be {JSON}")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return refusal(413, f"a request has at most {LARGEST_BODY:,} bytes")
        return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if it is too large, whatever its length was said to be."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes) -> Receive:
    """A channel on which a body that was read arrives again, and then the disconnection never does."""
    import asyncio

    sent = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
