"""Run the service beside the demo's feed, in a thread of this process."""

import threading
import time

import uvicorn

from data.domain.errors import Unavailable
from serving.app import create_app
from serving.settings import Settings
from serving.wiring import Wiring

__all__ = ["DemoServer"]

START_SECONDS = 30.0


class DemoServer:
    """Hold a running server; closing it closes the wiring that was given."""

    def __init__(self, settings: Settings, wiring: Wiring) -> None:
        app = create_app(settings, wiring=wiring)
        config = uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=3)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="doorcast-demo-server", daemon=True)
        self._address = f"{settings.host}:{settings.port}"

    def start(self) -> None:
        """Start and wait until requests are taken; raises `Unavailable` when the port is taken by somebody else."""
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise Unavailable(
                    f"the server could not listen on {self._address}; is the port taken? Try another: doorcast demo --port 8010."
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """Finish open requests and end."""
        self._server.should_exit = True
        self._thread.join()
