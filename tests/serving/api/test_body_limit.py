import asyncio

import pytest

from serving.api import body_limit
from serving.api.body_limit import BodyLimit

PIECE = 64 * 1024


async def reads_all(_scope, receive, send):
    while (await receive()).get("more_body"):
        pass


def status_after(pieces, *, declared, silent=False):
    """Send a body in pieces as a live connection does; give the status of the answer and how many pieces had been read by then."""
    waiting = iter(range(pieces))
    read, statuses = [], []

    async def receive():
        if silent:
            await asyncio.sleep(60)
        number = next(waiting)
        read.append(number)
        return {"type": "http.request", "body": b"x" * PIECE, "more_body": number + 1 < pieces}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append((message["status"], len(read)))

    headers = [(b"content-length", str(pieces * PIECE).encode())] if declared else []
    app = type("App", (), {"state": type("State", (), {})()})()
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b"", "app": app}
    asyncio.run(BodyLimit(reads_all)(scope, receive, send))
    return statuses[0]


def test_a_large_body_is_read_before_the_answer():
    """A client that is still sending would get a reset connection instead of the 413."""
    assert status_after(160, declared=True) == (413, 160)


def test_an_endless_body_is_not_read_to_its_end(monkeypatch):
    """There is a limit to what is read and forgotten."""
    monkeypatch.setattr(body_limit, "MOST_SWALLOWED_BYTES", 10 * PIECE)

    assert status_after(10_000, declared=True) == (413, 11)


@pytest.mark.parametrize("seconds", [0.05])
def test_a_silent_client_is_answered(monkeypatch, seconds):
    """Who declares a length and sends nothing gets the answer after a moment."""
    monkeypatch.setattr(body_limit, "SWALLOWING_SECONDS", seconds)

    assert status_after(160, declared=True, silent=True) == (413, 0)
