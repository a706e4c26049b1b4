"""A local server that speaks the protocols of the outside, a clock, and no other network."""

import socket
from collections.abc import Iterator

import pytest

from data.sources.http.breaker import Breaker
from data.sources.http.budget import Budget, Limit
from data.sources.http.door import HttpDoor, Patience
from data.sources.http.kept import Kept
from tests.fakes.clock import Clock
from tests.fakes.outside_server import OutsideServer, outside_server

HASTE = Patience(connect_seconds=0.5, read_seconds=0.3, answer_seconds=0.6, all_seconds=2.0, tries=3, pause_seconds=0.01)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outside(monkeypatch) -> Iterator[OutsideServer]:
    """Give the server; every other address is refused."""
    with outside_server() as server:
        there = int(server.url.rsplit(":", 1)[1])
        connect = socket.socket.connect

        def only_there(self, address):
            if address != ("127.0.0.1", there):
                raise AssertionError(f"a test reached for {address}")
            return connect(self, address)

        monkeypatch.setattr(socket.socket, "connect", only_there)
        yield server


@pytest.fixture
def door(outside, clock) -> Iterator[HttpDoor]:
    """Give a door to the server with little patience and a budget of ten calls a minute."""
    with Kept() as kept:
        budget = Budget(kept, "there", [Limit(10, 60, "a minute")], now=clock)
        opened = HttpDoor(
            "there",
            outside.url,
            budget=budget,
            breaker=Breaker("there", now=clock, failures=3),
            now=clock,
            patience=HASTE,
            most_bytes=2_000,
        )
        yield opened
        opened.close()
