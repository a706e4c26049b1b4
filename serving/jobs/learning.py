"""Tell the serving model what became of shipments since it was trained: levels of lanes, facilities and the network move on with the news.

The model stays the same version: its trees are untouched, only the outcomes that it looks up are newer. After a restart it is told again.
"""

import time
from datetime import timedelta

import structlog

from data.domain.errors import NotTrained
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

        Slow when there is much news (seconds for ten thousand shipments): call it off the event loop.
        """
        try:
            model, version = self._wiring.model.current(), self._wiring.model.version
        except NotTrained:
            return False
        since, until = model.knows_until, self._wiring.now() - BEHIND
        if since is None or version is None or until - since < timedelta(minutes=self._wiring.settings.learn_every_minutes):
            return False
        started = time.monotonic()
        ids = shipments_with_news(self._wiring.store, since=since, until=until)
        knowing = model.observed(self._wiring.store.facts.read(shipment_ids=ids, received_before=until), until=until)
        if not self._wiring.model.renew(version, knowing):
            return False
        self._log.info(
            "model knows the news", version=version, shipments=len(ids), until=until.isoformat(), seconds=time.monotonic() - started
        )
        return True
