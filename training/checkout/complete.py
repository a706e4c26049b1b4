"""Say when an order is complete: the window of the last of its shipments, from the forecasts of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from data.domain.forecasts import Forecast
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.checkout.dependence import Dependence, Shared
from training.checkout.orders import shared_words
from training.checkout.together import last_of
from training.distribution import RemainingTime
from training.models.gather import gather
from training.models.problem import Rows

__all__ = ["Part", "complete", "imagined_parts", "independent", "parts_of", "phases_of", "shared_by", "standing_at"]

Words = npt.NDArray[np.object_]

WORDS = ("origin", "destination", "destination_region", "country", "service")
"""What two shipments may share, named as `training.models.problem.Rows` names it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Hold what hangs a shipment together with the others of its order; unknown words are empty."""

    origin: str
    destination: str
    destination_region: str
    country: str
    service: str
    held: bool
    """Whether a carrier has it."""
    made: bool = True
    """Whether its label is made; without, nothing but its order is known."""


def complete(each: RemainingTime, parts: Sequence[Part], at: datetime, dependence: Dependence) -> RemainingTime:
    """Give the distribution (one row) of the hours from ``at`` until the last of an order's open shipments has come.

    ``each`` holds their own distributions, all counted from ``at``.
    """
    return last_of(each, dependence.correlation(shared_by(parts, at), phases_of(parts)))


def shared_by(parts: Sequence[Part], at: datetime) -> Shared:
    """Name what each of an order's shipments belongs to."""
    moments = np.full(len(parts), micros(at), dtype=np.int64)
    columns = {name: np.array([getattr(part, name) for part in parts], dtype=object) for name in WORDS}
    return Shared(shared_words(**columns, at=moments, order_ids=np.full(len(parts), "this", dtype=object)))


def phases_of(parts: Sequence[Part]) -> Words:
    """Give the phase of each: that of the order's labels, and `checkout` for a shipment that has none yet."""
    labels = "way" if any(part.held for part in parts) else "start"
    return np.array([labels if part.made else "checkout" for part in parts], dtype=object)


def parts_of(rows: Rows, *, made: bool) -> list[Part]:
    """Read the parts from the rows that models see."""
    held = np.isfinite(rows.held_hours)
    return [Part(**{name: getattr(rows, name)[i] for name in WORDS}, held=bool(held[i]), made=made) for i in range(len(rows))]


def imagined_parts(facts: Facts, moments: Moments) -> list[Part]:
    """Read the parts of shipments that do not exist, in the order of the moments (`training.checkout.whatif.what_ifs`)."""
    return parts_of(gather(facts, moments), made=False)


def independent(each: RemainingTime) -> RemainingTime:
    """Give the same as if the shipments knew nothing of each other: the baseline, which is too late and too narrow."""
    return last_of(each, np.eye(len(each)))


def standing_at(forecasts: Sequence[Forecast], at: datetime) -> RemainingTime:
    """Read stored forecasts at a later moment, given that all are still open: their quantiles as distributions counted from ``at``.

    What lies beyond the highest stored level is continued from the two levels before it. Forecasts of several sets of levels cannot be mixed.
    """
    levels = [level for level, _ in forecasts[0].quantiles]
    hours = np.array([[(there - made.as_of).total_seconds() / 3600 for _, there in made.quantiles] for made in forecasts])
    elapsed = np.array([max((at - made.as_of).total_seconds() / 3600, 0.0) for made in forecasts])
    return RemainingTime.of_quantiles(levels, hours).given_open(elapsed)
