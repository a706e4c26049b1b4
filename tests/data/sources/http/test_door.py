"""Whatever the other side does, the caller gets an answer or a clear error, soon."""

import gzip
import time

import pytest

from data.domain.errors import InvalidFact, Unavailable
from data.sources.http.breaker import Breaker
from data.sources.http.budget import Budget
from data.sources.http.door import HttpDoor
from data.sources.http.kept import Kept
from tests.fakes.outside_server import Reply, said


def test_json_comes_through(door, outside):
    """A plain answer is read, and parameters arrive as given."""
    outside.always = lambda path, query: said({"path": path, **query})

    assert door.get("/here", {"a": "1,2 &?"}).body == {"path": "/here", "a": "1,2 &?"}


def test_a_refusal_is_an_answer(door, outside):
    """A 400 that explains itself is handed on, and the service is not blamed for it."""
    outside.always = lambda path, query: said({"code": "NoRoute"}, 400)

    for _ in range(5):
        assert (door.get("/x").status, door.get("/x").body) == (400, {"code": "NoRoute"})


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(b"<html>hello</html>"), "not JSON"),
        (Reply(b'{"a": NaN}'), "not JSON"),
        (Reply(b'{"a": 1e999}'), "not JSON"),
        (Reply(b"[" * 1_900), "not JSON"),
        (Reply(b'{"a": 1'), "not JSON"),
        (Reply(b"\xff\xfe"), "not JSON"),
        (Reply(b""), "not JSON"),
        (Reply(b'"' + b"x" * 3_000 + b'"'), "longer than 2,000 bytes"),
        (Reply(b"", 302, {"Location": "http://elsewhere.example/x?secret=1"}), "redirects to elsewhere.example"),
        (Reply(b"", 301, {"Location": "//[bad"}), "redirects to elsewhere"),
        (Reply(gzip.compress(b"{}"), 200, {"Content-Encoding": "gzip"}), "compressed"),
        (Reply(b"{}", 206), "unexpected"),
        (Reply(b'{"a": "' + b"x" * 90 + b'"}', drip_seconds=0.05), "took longer than"),
        (Reply(b"{}", headers={"X-Long": "x" * 90}, drip_seconds=0.05, drips_headers=True), "took longer than"),
    ],
    ids=[
        "html",
        "NaN",
        "infinite",
        "deep",
        "torn",
        "bytes",
        "empty",
        "huge",
        "redirect",
        "bad redirect",
        "gzip",
        "206",
        "slow drip",
        "slow headers",
    ],
)
def test_a_hostile_answer_is_an_error_and_not_tried_again(door, outside, reply, why):
    """The reason is told, once is enough, and it does not last."""
    outside.always = lambda path, query: reply
    started = time.monotonic()
    with pytest.raises(Unavailable, match=why) as error:
        door.get("/x", {"apikey": "very-secret"})

    assert time.monotonic() - started < 1.5
    assert len(outside.requests) == 1
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_passing_failure_is_tried_again(door, outside, status):
    """Two failures and then an answer: the answer counts."""
    outside.instead = [Reply(b"", status), Reply(b"", status)]
    outside.always = lambda path, query: said({"well": True})

    assert door.get("/x").body == {"well": True}
    assert len(outside.requests) == 3


def test_a_silent_server_is_given_up(door, outside):
    """No byte within the time to read: three tries, each counted as a failure, then the service rests."""
    outside.always = lambda path, query: Reply(b"{}", wait_seconds=0.5)
    with pytest.raises(Unavailable, match=r"is away \(3 tries\): ReadTimeout"):
        door.get("/x")
    with pytest.raises(Unavailable, match="is not asked until"):
        door.get("/x")

    assert len(outside.requests) == 3


def test_nobody_there(clock):
    """A closed port is told by its host, not by its parameters."""
    with Kept() as kept:
        door = HttpDoor(
            "there",
            "http://127.0.0.1:9",
            budget=Budget(kept, "x", [], now=clock),
            breaker=Breaker("x", now=clock),
            now=clock,
            sleep=lambda _: None,
        )
        with pytest.raises(Unavailable, match=r"there is away \(3 tries\): ConnectError \(127.0.0.1\)"):
            door.get("/x", {"apikey": "very-secret"})


@pytest.mark.parametrize(
    ("headers", "rest"),
    [({"Retry-After": "120"}, 120), ({"Retry-After": "Mon, 01 Jun 2026 12:05:00 GMT"}, 300), ({}, 60), ({"Retry-After": "soon"}, 60)],
)
def test_too_many_requests_means_rest(door, outside, clock, headers, rest):
    """After a 429 nothing is asked for as long as the service wants, and then one call tries."""
    outside.instead = [said({"error": True}, 429, **headers)]
    outside.always = lambda path, query: said({})
    with pytest.raises(Unavailable, match="asks to be left alone"):
        door.get("/x")
    clock.passes(seconds=rest - 1)
    with pytest.raises(Unavailable, match="is not asked until"):
        door.get("/x")
    clock.passes(seconds=2)

    assert door.get("/x").status == 200
    assert len(outside.requests) == 2


def test_every_try_is_on_the_budget(door, outside, clock):
    """Ten calls a minute are ten tries; the next is refused before it is made."""
    outside.always = lambda path, query: said({})
    for _ in range(10):
        door.get("/x")
    with pytest.raises(Unavailable, match="10 calls a minute; 10 are spent and this request counts 1"):
        door.get("/x")
    clock.passes(seconds=61)
    door.get("/x")

    assert len(outside.requests) == 11


@pytest.mark.parametrize("url", ["ftp://x", "http://", "https://user:pass@x", "http://x/?a=1", "x", "file:///etc/passwd"])
def test_an_address_that_is_none_is_refused(clock, url):
    """Only http and https, without user, query or fragment."""
    with Kept() as kept, pytest.raises(InvalidFact, match="must be http"):
        HttpDoor("there", url, budget=Budget(kept, "x", [], now=clock), breaker=Breaker("x", now=clock), now=clock)
