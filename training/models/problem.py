"""Say what a model may see beside the feature matrix, and what it is to learn."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from training.models.lanes import LaneSummaries

__all__ = ["Outcomes", "Problem", "Rows"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
HOUR_MICROS = 3_600_000_000
Chosen = npt.NDArray[np.intp] | npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold what is known at *n* moments, as plain vectors of one length. Unknown hours are NaN, unknown words the empty word.

    ``at`` is int64 microseconds since 1970 UTC. Hours *since* something (``age``, ``held``) are positive for the past, hours *to* something
    (``promise``, ``plan``) positive for the future. ``origin`` and ``destination`` name the finest known place, the regions their state.
    """

    shipment_ids: Words
    at: npt.NDArray[np.int64]
    age_hours: Floats
    held_hours: Floats
    promise_hours: Floats
    plan_hours: Floats
    planned_minutes: Floats
    distance_km: Floats
    stage: npt.NDArray[np.int64]
    timezone: Words
    country: Words
    service: Words
    origin: Words
    destination: Words
    origin_region: Words
    destination_region: Words

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: Chosen) -> "Rows":
        """Give some rows, by position or mask."""
        return Rows(*(getattr(self, item.name)[chosen] for item in fields(self)))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Hold what became of *n* moments: ``hours`` to the delivery where ``delivered``, else hours until we last knew it open.

    ``known_at`` is the instant (microseconds since 1970 UTC) from which a delivery may be learnt from; meaningless where not delivered.
    """

    hours: Floats
    delivered: npt.NDArray[np.bool_]
    known_at: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hours)

    def take(self, chosen: Chosen) -> "Outcomes":
        """Give some rows, by position or mask."""
        return Outcomes(self.hours[chosen], self.delivered[chosen], self.known_at[chosen])

    def as_of(self, cut: int, at: npt.NDArray[np.int64]) -> "Outcomes":
        """Give the outcomes as they were known at an earlier ``cut``: later deliveries are open shipments again."""
        came = self.delivered & (self.known_at <= cut)
        return Outcomes(np.where(came, self.hours, np.minimum(self.hours, (cut - at) / HOUR_MICROS)), came, self.known_at)


@dataclass(frozen=True, slots=True)
class Problem:
    """Hold what a model learns from: rows, their outcomes known by the cut, and measured lanes of before."""

    rows: Rows
    outcomes: Outcomes
    summaries: LaneSummaries

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: Chosen) -> "Problem":
        """Give some rows, by position or mask."""
        return Problem(self.rows.take(chosen), self.outcomes.take(chosen), self.summaries)

    def as_of(self, cut: int) -> "Problem":
        """Give the same rows with the outcomes known at an earlier ``cut``."""
        return Problem(self.rows, self.outcomes.as_of(cut, self.rows.at), self.summaries)
