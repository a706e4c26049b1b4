"""Know what is usual between two scans: learnt once a day from the shipments of the last weeks, the same on every server."""

import threading
from datetime import datetime, timedelta

from data.facts.passage_habits import PassageHabits, passage_habits
from data.storage.news import shipments_with_news
from data.storage.store import Store

__all__ = ["Habits"]

LOOKS_BACK = timedelta(days=30)
MOST_SHIPMENTS = 2_000
"""Shipments that are learnt from: some eight thousand legs, enough for every group that is told apart."""


class Habits:
    """Hold the habits of the day; before the first learning, wide guesses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: datetime | None = None
        self._known = PassageHabits()

    @property
    def known(self) -> PassageHabits:
        """Give what is known now."""
        return self._known

    def learn_if_due(self, store: Store, *, now: datetime) -> bool:
        """Learn from what was heard before this day (UTC) began, unless that was done; say whether it was done now.

        Takes a second or two: call it off the event loop. What goes wrong is raised once a day; the habits of the day before stay.
        """
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        with self._lock:
            if self._day == day:
                return False
            self._day = day  # first: facts that cannot be learnt from must not be tried again every other second
            ids = sorted(shipments_with_news(store, since=day - LOOKS_BACK, until=day))[-MOST_SHIPMENTS:]
            self._known = passage_habits(store.facts.read(shipment_ids=ids, received_before=day), known_by=day)
            return True
