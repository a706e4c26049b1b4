"""Choose the date to promise by what keeping and breaking it is worth.

A promised date brings ``value_per_day`` less for each day that it is later, and costs ``broken_cost`` when the parcel comes after it. The expected
value of promising date *d*, against a promise for the day of the order that could never be broken, is::

    worth(d) = - value_per_day * (days from the order to d) - broken_cost * (1 - P(comes by the end of d))

This is the newsvendor's question (Arrow, Harris, Marschak 1951) on calendar dates: a day is added as long as the probability that it adds, times
the cost, is worth more than the day. Weekends add nearly no probability, so there may be several local tops; every date is looked at.
Nothing else is modelled: no second chance, no cost that grows with lateness, no customer who reads the promise as a window.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data.domain.errors import InvalidFact
from training.checkout.dates import Kept

__all__ = ["Priced", "best_promise", "worth"]


@dataclass(frozen=True, slots=True)
class Priced:
    """Hold a date to promise, the probability of it being kept, and its expected value in the caller's currency (at most 0)."""

    date: date
    probability: float
    worth: float


def worth(kept: Sequence[Kept], *, broken_cost: float, value_per_day: float) -> tuple[Priced, ...]:
    """Give the expected value of each date, counted from the first one; raises `InvalidFact` for costs that are negative, infinite or NaN."""
    for name, value in (("broken_cost", broken_cost), ("value_per_day", value_per_day)):
        if not (math.isfinite(value) and value >= 0):
            raise InvalidFact(f"{name} {value} is no price; give a number of 0 or more in your currency.")
    first = kept[0].date
    return tuple(
        Priced(one.date, one.probability, -value_per_day * (one.date - first).days - broken_cost * (1 - one.probability)) for one in kept
    )


def best_promise(kept: Sequence[Kept], *, broken_cost: float, value_per_day: float) -> Priced:
    """Give the date of the highest expected value, the earlier one of equals."""
    return max(worth(kept, broken_cost=broken_cost, value_per_day=value_per_day), key=lambda one: (one.worth, -one.date.toordinal()))
