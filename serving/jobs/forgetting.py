"""Forget what was new long ago: the updates that streams replay."""

import time
from datetime import timedelta

import structlog

from serving.wiring import Wiring

__all__ = ["Forgetter"]

EVERY_SECONDS = 3_600.0


class Forgetter:
    """Prune the updates once an hour, the first time soon after the start."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._ran_at = float("-inf")

    def run_if_due(self) -> int:
        """Remove updates older than ``settings.updates_keep_days`` if an hour has passed, and give how many."""
        if time.monotonic() - self._ran_at < EVERY_SECONDS:
            return 0
        self._ran_at = time.monotonic()
        removed = self._wiring.store.updates.prune(self._wiring.now() - timedelta(days=self._wiring.settings.updates_keep_days))
        if removed:
            structlog.get_logger("doorcast.background").info("old updates forgotten", updates=removed)
        return removed
