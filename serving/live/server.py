"""Run an app that has open streams, and end it without waiting for them."""

import socket
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

if TYPE_CHECKING:
    from serving.live.live import Live

__all__ = ["LiveServer"]

GRACE_SECONDS = 5
"""What still runs so long after the end was asked for is cut off."""


class LiveServer(uvicorn.Server):
    """Tell the streams of the end first: uvicorn waits for open requests before the app hears of it, and a stream would never finish."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            # It would believe X-Forwarded-For of every local caller; serving/finding/networks.py reads it by our own setting.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._live: Live = app.state.live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._live.end()
        await super().shutdown(sockets)
