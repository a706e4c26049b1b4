"""Tell the serving model what became of shipments since it was trained: levels of lanes and facilities, and the pace of arrivals.

The model stays the same version: its trees are untouched, only the outcomes that it looks up are newer, and its windows follow the pace of what comes. After a restart it is told again.
"""

import time
from datetime import timedelta

import structlog

from data.storage.news import shipments_with_news
from serving.wiring import Wiring

__all__ = ["Learner"]

BEHIND = timedelta(minutes=10)
"""The model is told up to here before now, so that no forecast in flight looks at a moment before its knowledge ends."""


class Learner:
    """Bring the knowledge of the serving model up to date every so often."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._log = structlog.get_logger("doorcast.learning")

    def run_if_due(self) -> bool:
        """Tell the model the news if its knowledge is older than ``settings.learn_every_minutes``; say whether it was told.

        It is told everything since its training each time, so that facts which were imported late find their place. Slow when there is much
        news (seconds for ten thousand shipments): call it off the event loop.
        """
        model, version = self._wiring.model.loaded, self._wiring.model.version
        if model is None or version is None or model.knows_until is None:
            return False
        knows, until = self._wiring.model.current().knows_until or model.knows_until, self._wiring.now() - BEHIND
        if until - knows < timedelta(minutes=self._wiring.settings.learn_every_minutes):
            return False
        started = time.monotonic()
        ids = shipments_with_news(self._wiring.store, since=model.knows_until, until=until)
        knowing = model.observed(self._wiring.store.facts.read(shipment_ids=ids, received_before=until), until=until)
        if not self._wiring.model.renew(version, knowing):
            return False
        seconds = round(time.monotonic() - started, 1)
        self._log.info("model knows the news", version=version, shipments=len(ids), until=until.isoformat(), seconds=seconds)
        return True
