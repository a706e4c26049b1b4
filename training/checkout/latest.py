"""Find until when to order so that a wished date is kept: search over order instants, because cut-offs and weekends make steps.

The chance of keeping a date mostly falls the later one orders, but not always: an order before midnight and one after it may leave the
warehouse in the same truck, and a model is a little rough from hour to hour. So nothing monotone is assumed. Every hour is asked, and where
the answer changes from one hour to the next, the minute is found by bisection (one change within the hour is assumed; more of them lie below
what a shop can use).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.domain.errors import InvalidFact

__all__ = ["LatestOrder", "latest_order"]

STEP = timedelta(hours=1)
FINE = timedelta(minutes=1)
LONGEST = timedelta(days=14)
"""Orders are looked at for two weeks ahead at most: 336 questions, some 0.4 s of the model."""

Chance = Callable[[Sequence[datetime]], Sequence[float]]
"""Give the probability that orders made at some instants keep the wished date."""


@dataclass(frozen=True, slots=True)
class LatestOrder:
    """Hold until when orders keep a wished date with a probability; instants are UTC, to the minute.

    ``order_by`` ends the unbroken run that begins at once: *every* order from now until then keeps the date, which is what a
    countdown must mean; ``None`` when an order made now does not. ``last_chance`` is the latest instant at which any order does (``None`` when there is
    none); it lies after ``order_by`` only where the chance falls below the wish and rises again. ``now`` is the chance of an order made at once.
    """

    order_by: datetime | None
    last_chance: datetime | None
    now: float


def latest_order(chance: Chance, *, since: datetime, until: datetime, probability: float) -> LatestOrder:
    """Search the orders from ``since`` to ``until`` (exclusive: nothing ordered after the wished date is over can keep it).

    Raises `InvalidFact` for an empty span and for a probability outside 0..1 (0 excluded).
    """
    if not 0 < probability <= 1:
        raise InvalidFact(f"probability {probability} must lie above 0 and not above 1; 0.9 means nine of ten.")
    if until <= since:
        raise InvalidFact(f"the wished date ends at {until.isoformat()}, before the order at {since.isoformat()}; wish for a later date.")
    span = min(until - since, LONGEST)
    hours = [since + STEP * step for step in range(-(-span // STEP))]
    chances = list(chance(hours))
    kept = [found >= probability for found in chances]
    ends = [place for place, fine in enumerate(kept) if fine and (place + 1 == len(kept) or not kept[place + 1])]

    def minute(place: int) -> datetime:
        """Find the last full minute after a kept hour that still keeps the date."""
        low, high = 0, int(min(STEP, since + span - hours[place]) / FINE)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if chance([hours[place] + FINE * middle])[0] >= probability else (low, middle)
        return max(since, (hours[place] + FINE * low).replace(second=0, microsecond=0))

    if not ends:
        return LatestOrder(None, None, chances[0])
    last = minute(ends[-1])
    first = None if not kept[0] else last if len(ends) == 1 else minute(ends[0])
    return LatestOrder(first, last, chances[0])
