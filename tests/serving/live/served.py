"""Serve an app on a port of this machine, as `doorcast serve` does, in a thread."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx2
from fastapi import FastAPI

from serving.listening import listen
from serving.live.server import LiveServer


def running_clock(start: datetime) -> Callable[[], datetime]:
    """Give a clock that goes as fast as ours and begins at ``start``."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


class Served:
    """Hold a running server and its address."""

    def __init__(self, app: FastAPI) -> None:
        sockets = listen("127.0.0.1", 0)
        self.app, self.wiring = app, app.state.wiring
        self.address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        self.server = LiveServer(app)
        self.thread = threading.Thread(target=self.server.run, args=(sockets,), daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def post_scan(self, **scan: object) -> httpx2.Response:
        headers = {"X-API-Key": self.wiring.keyring.first_key}
        return httpx2.post(f"{self.address}/v1/scans", json=scan, headers=headers, timeout=30)

    def stop(self) -> float:
        """End the server, and give how many seconds that took."""
        began = time.monotonic()
        self.server.should_exit = True
        self.thread.join(timeout=20)
        return time.monotonic() - began


@contextmanager
def stream(address: str, **headers: str) -> Iterator[Iterator[list[str]]]:
    """Open a stream; gives its events as lists of lines as they come, heartbeats too."""
    with httpx2.Client(timeout=20) as client, client.stream("GET", address, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")

        def events() -> Iterator[list[str]]:
            lines: list[str] = []
            for line in answer.iter_lines():
                if line:
                    lines.append(line)
                elif lines:
                    yield lines
                    lines = []

        yield events()
