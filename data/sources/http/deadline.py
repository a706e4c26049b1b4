"""End a connection when its time is over, however slowly the other side drips."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Self

__all__ = ["Deadline"]

CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete", "connection.connect_unix_socket.complete"})


class Deadline:
    """Shut the socket of one request down after some seconds.

    A timeout of the HTTP client starts anew with every byte, so a server that sends one byte a second would never run into it. The
    socket is shut down and not closed: a number of a closed file could belong to another socket a moment later.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(seconds, 0.0), self._end)
        self._timer.daemon = True

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Learn the socket; given to the client as the request extension ``trace``."""
        if event not in CONNECTED:
            return
        found = info["return_value"].get_extra_info("socket")
        if isinstance(found, socket.socket):
            with self._lock:
                self._socket = found
                if self.passed:
                    self._shut_down()

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # the other side was faster
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            self._socket = None
