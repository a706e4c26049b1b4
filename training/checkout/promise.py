"""Say what a checkout may promise, service by service: percentiles, dates, the latest order time, the date worth promising."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import numpy as np

from data.domain.errors import InvalidFact
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.checkout.dates import Kept, Percentile, end_of_day, kept_by, kept_dates, local_date, percentiles
from training.checkout.latest import LatestOrder, latest_order
from training.checkout.offers import Offer, OfferBook
from training.checkout.priced import Priced, best_promise
from training.checkout.whatif import Wanted, what_if
from training.distribution import RemainingTime

__all__ = ["Answering", "Prices", "ServicePromise", "Wish", "promises"]


class Answering(Protocol):
    """What a checkout needs of a predictor: `training.predictor.Predictor.at_checkout`."""

    def distribution(self, facts: Facts, moments: Moments) -> RemainingTime:
        """Give the remaining time of each moment as a distribution."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold the date, on the destination's calendar, that an order shall come by, and how surely (0..1)."""

    date: date
    probability: float = 0.9


@dataclass(frozen=True, slots=True)
class Prices:
    """Hold what breaking a promise costs and what each day earlier is worth, in one currency."""

    broken_cost: float
    value_per_day: float


@dataclass(frozen=True, slots=True)
class ServicePromise:
    """Hold what may be promised for one service. ``latest`` is ``None`` without a wish, ``best`` without prices."""

    offer: Offer
    percentiles: tuple[Percentile, ...]
    dates: tuple[Kept, ...]
    latest: LatestOrder | None
    best: Priced | None


def promises(
    predictor: Answering,
    wanted: Wanted,
    offers: Sequence[Offer],
    *,
    ordered_at: datetime,
    now: datetime,
    book: OfferBook | None = None,
    wish: Wish | None = None,
    prices: Prices | None = None,
) -> tuple[ServicePromise, ...]:
    """Answer for each service, in the order given, for an order made at ``ordered_at`` with what is known ``now`` (aware instants).

    Raises `InvalidFact` for a wished date that is over at the destination.
    """
    zone = wanted.destination.timezone or "UTC"
    at = max(ordered_at, now)
    if wish is not None and wish.date < local_date(at, zone):
        raise InvalidFact(
            f"the wished date {wish.date} is over at the destination, where it is {local_date(at, zone)}; wish for a later date."
        )
    said = predictor.distribution(*what_if(wanted, [(offer, ordered_at) for offer in offers], now=now, book=book))
    found = []
    for number, offer in enumerate(offers):
        mine = said.take(np.array([number]))
        dates = kept_dates(mine, at, zone)
        found.append(
            ServicePromise(
                offer,
                percentiles(mine, at, zone),
                dates,
                latest_for(predictor, wanted, offer, wish, since=at, zone=zone, book=book) if wish else None,
                best_promise(dates, broken_cost=prices.broken_cost, value_per_day=prices.value_per_day) if prices else None,
            )
        )
    return tuple(found)


def latest_for(
    predictor: Answering, wanted: Wanted, offer: Offer, wish: Wish, *, since: datetime, zone: str, book: OfferBook | None
) -> LatestOrder:
    """Search the orders from ``since`` on; a later order is looked at when it is made, with what is known at ``since``."""

    def chance(ordered: Sequence[datetime]) -> list[float]:
        facts, moments = what_if(wanted, [(offer, at) for at in ordered], now=since, book=book)
        return kept_by(predictor.distribution(facts, moments), ordered, wish.date, zone)

    return latest_order(chance, since=since, until=end_of_day(wish.date, zone), probability=wish.probability)
