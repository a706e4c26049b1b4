"""Stop asking a service that is down, and try it again carefully.

::

    closed ──failures in a row──► open ──rest is over──► half-open ──success──► closed
                                   ▲                         │
                                   └────────failure──────────┘
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from data.domain.errors import Unavailable

__all__ = ["Breaker", "BreakerState"]


class BreakerState(StrEnum):
    """Say whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Guard one service; safe to share between threads.

    After ``failures`` failures in a row no call goes through for ``rest``; then one single call tries, and its outcome decides.
    """

    def __init__(self, service: str, *, now: Callable[[], datetime], failures: int = 5, rest: timedelta = timedelta(seconds=60)) -> None:
        self._service, self._now, self._most, self._rest = service, now, failures, rest
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: datetime | None = None
        self._trying = False
        self._why = ""

    @property
    def state(self) -> BreakerState:
        """Give the state at this moment."""
        with self._lock:
            return self._state()

    def enter(self) -> None:
        """Ask for permission to call; tell the outcome by `succeeded` or `failed`. Raises `Unavailable` while open or while another call tries."""
        with self._lock:
            state = self._state()
            if state is BreakerState.OPEN or (state is BreakerState.HALF_OPEN and self._trying):
                until = f" until {self._open_until:%Y-%m-%d %H:%M:%S}Z" if self._open_until and state is BreakerState.OPEN else ""
                raise Unavailable(f"{self._service} is not asked{until}, because it failed: {self._why}")
            self._trying = state is BreakerState.HALF_OPEN

    def succeeded(self) -> None:
        """Close again."""
        with self._lock:
            self._failed, self._open_until, self._trying = 0, None, False

    def failed(self, why: str) -> None:
        """Count a failure; too many in a row, or one while trying, opens."""
        with self._lock:
            self._failed, self._why = self._failed + 1, why
            if self._trying or self._failed >= self._most:
                self._open_until = self._now() + self._rest
            self._trying = False

    def released(self) -> None:
        """Give permission back unused: no call was made, or nobody can say how it went."""
        with self._lock:
            self._trying = False

    def rest(self, duration: timedelta, why: str) -> None:
        """Open at once for as long as the service itself asked."""
        with self._lock:
            self._why, self._trying = why, False
            self._failed = max(self._failed, self._most)
            self._open_until = self._now() + duration

    def _state(self) -> BreakerState:
        if self._open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._now() < self._open_until else BreakerState.HALF_OPEN
