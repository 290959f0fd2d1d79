"""The board's server answers its own page on this machine, and refuses everything else in one sentence."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from a_board import changed, drawn
from a_server import serving

from backpost.renders.board.guard import LARGEST_BODY


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


def _sent(
    port: int, path: str = "/check", body: Any = None, method: str = "POST", **headers: str
) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of a response; by default to a request as the page sends it."""
    usual = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json"}
    usual |= {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Content-Length": str(len(content)), **usual}.items():
        if value:
            connection.putheader(name, value)
    connection.endheaders(content)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, json.loads(content) if content.startswith(b"{") else {}


def test_the_page_asks_and_is_answered(port: int) -> None:
    status, content = _sent(port, body={"board": drawn("wing")})
    assert (status, content) == (200, {"outside": []})


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"Host": "evil.example"}, 421, "answers only 127.0.0.1:"),
        ({"Host": "127.0.0.1:1"}, 421, "answers only"),
        ({"Host": ""}, 400, ""),
        ({"Origin": "https://evil.example"}, 403, "only the board's own page may ask"),
        ({"Origin": "null"}, 403, "own page"),
        ({"Origin": ""}, 403, "own page"),
        ({"Content_Type": "text/plain"}, 415, "must be application/json"),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "must be"),
        ({"Content_Length": str(LARGEST_BODY + 1)}, 413, "at most 98,304 bytes"),
    ],
)
def test_a_request_from_elsewhere_is_refused(port: int, headers: dict[str, str], status: int, says: str) -> None:
    got, content = _sent(port, body={"board": drawn("wing")}, **headers)
    assert got == status
    assert says in content.get("error", "")


@pytest.mark.parametrize("path", ["/ask", "/check", "/film", "/page"])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "is not JSON"),
        (b"[]", "must be an object"),
        (b'{"board": NaN}', "every number must be finite"),
        (b"[" * 5000, "deeper than 40"),
        (b'{"board": 1}', "board must be a mapping"),
        (b'{"bored": {}}', "the request"),
    ],
)
def test_a_malformed_request_is_refused_in_one_sentence(port: int, path: str, body: bytes, says: str) -> None:
    status, content = _sent(port, path, body)
    assert status == 422
    if path != "/film" or "board must" not in says:
        assert says in content["error"]
    assert "\n" not in content["error"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"board": changed(backpost_board=9)}, "has format 9"),
        ({"board": changed(runners=["/etc/passwd"])}, "unknown runner '/etc/passwd'; valid choices are my-run"),
        ({"board": drawn("wing"), "crosses": 10**9}, "crosses must be a whole number from 100 to 10,000"),
        ({"board": drawn("wing"), "crosses": True}, "crosses must be a whole number"),
    ],
)
def test_a_question_that_cannot_be_played_is_refused(port: int, body: dict[str, Any], says: str) -> None:
    status, content = _sent(port, "/ask", body)
    assert status == 422
    assert says in content["error"]


def test_a_film_is_of_a_runner_on_the_board(port: int) -> None:
    status, content = _sent(port, "/film", {"board": drawn("wing"), "runner": "blind-side", "cross": 0})
    assert (status, content["error"]) == (
        422,
        "unknown runner 'blind-side'; valid choices are my-run, early-back-post, learned",
    )


def test_there_is_nothing_but_the_board(port: int) -> None:
    assert _sent(port, "/etc/passwd", method="GET")[0] == 404
    assert _sent(port, "/", method="DELETE")[0] in (404, 405)
    assert _sent(port, "/ask", method="GET")[0] in (404, 405)
