"""Count candidate days from the planned arrival: the plan as it was given, and made anew from where the shipment is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.features.matrix import FeatureMatrix
from training.models.problem import Rows

__all__ = ["PLAN_DAYS", "PlanClock"]

Floats = npt.NDArray[np.float64]

REPLANNED = ("progress.replanned_hours", "progress.replanned_slow_hours")
PLAN_DAYS = ("days_to_plan", "days_to_replan", "days_to_slow_replan")
LATEST_DAYS, EARLIEST_DAYS = 12.0, 30.0


@dataclass(frozen=True, slots=True)
class PlanClock:
    """Hold (n, 3) hours from each moment to the arrival as planned, as planned anew with quick stops, and with slow ones; NaN without a plan."""

    hours: Floats

    @classmethod
    def of(cls, features: FeatureMatrix, rows: Rows) -> "PlanClock":
        """Read the plan of rows and the columns made anew, where the schema holds them."""
        names = {name: position for position, name in enumerate(features.names)}
        unknown = np.full(len(features), np.nan)
        anew = [features.values[:, names[name]] if name in names else unknown for name in REPLANNED]
        return cls(np.stack([rows.plan_hours, *anew], axis=1))

    def take(self, chosen: npt.NDArray[np.intp]) -> "PlanClock":
        """Give some rows."""
        return PlanClock(self.hours[chosen])

    def days_left(self, row: npt.NDArray[np.intp], elapsed: Floats) -> npt.NDArray[np.float32]:
        """Give (m, 3) whole days from the day that begins ``elapsed[j]`` hours after the moment of row ``row[j]`` to each planned arrival; 0 on its day."""
        days = np.floor((self.hours[row] - elapsed[:, None]) / 24)
        return np.clip(days, -LATEST_DAYS, EARLIEST_DAYS).astype(np.float32)
