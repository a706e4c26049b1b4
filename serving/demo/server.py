"""Run the service beside the demo's feed, in a thread of this process."""

import socket
import threading
import time

from data.domain.errors import Unavailable
from serving.app import create_app
from serving.live.server import LiveServer
from serving.settings import Settings
from serving.wiring import Wiring

__all__ = ["DemoServer"]

START_SECONDS = 30.0


class DemoServer:
    """Hold a running server; closing it closes the wiring that was given."""

    def __init__(self, settings: Settings, wiring: Wiring, sockets: list[socket.socket]) -> None:
        app = create_app(settings, wiring=wiring)
        self._server = LiveServer(app)
        self._thread = threading.Thread(target=self._server.run, args=(sockets,), name="doorcast-demo-server", daemon=True)
        self._address = f"{settings.host}:{settings.port}"

    def start(self) -> None:
        """Start and wait until requests are taken; raises `Unavailable` when the server ends instead."""
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise Unavailable(f"the server did not start on {self._address}; run `doorcast serve` and look at its log.")
            time.sleep(0.05)

    def stop(self) -> None:
        """Finish open requests and end."""
        self._server.should_exit = True
        self._thread.join()
