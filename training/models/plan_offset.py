"""Forecast what has a timetable: how far from its planned (else promised) arrival a shipment arrives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import TooLittleData
from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.heads import LEVELS, QuantileHeads
from training.models.mature import mature
from training.models.problem import Problem, Rows

__all__ = ["PlanOffset", "anchor_hours"]

Floats = npt.NDArray[np.float64]

CLIPPED_SHARES = (0.002, 0.995)
"""Targets beyond these quantiles are clipped while learning, never while scoring (MODELLING 4, nycflights: about -90 … 300 min)."""


@dataclass(frozen=True, slots=True)
class PlanOffset:
    """Hold the quantile heads of the offset in hours, and the usual offset for rows without a plan of their own."""

    heads: QuantileHeads
    middle: float
    scale: float
    unplanned_hours: float
    kind = "plan_offset"

    @classmethod
    def fit(cls, features: FeatureMatrix, problem: Problem, *, seed: int = 1, thorough: bool = True) -> "PlanOffset":
        """Learn from delivered moments with a plan, old enough that late ones have arrived too; raises `TooLittleData`."""
        chosen = mature(problem)
        chosen = chosen[np.isfinite(anchor_hours(problem.rows)[chosen])]
        if len(chosen) < 100:
            raise TooLittleData(f"only {len(chosen)} delivered moments have a planned or promised arrival; at least 100 are needed.")
        rows, hours = problem.rows.take(chosen), problem.outcomes.hours[chosen]
        anchor = anchor_hours(rows)
        offset = hours - anchor
        low, high = np.quantile(offset, CLIPPED_SHARES)
        middle = float(np.median(offset))
        scale = float(max(np.median(np.abs(offset - middle)), 1 / 60))
        heads = QuantileHeads.fit(
            joined(features.values[chosen], rows),
            (np.clip(offset, low, high) - middle) / scale,
            np.ones(len(offset)),
            categorical=[index for index, column in enumerate(features.columns) if column.categorical],
            seed=seed,
            thorough=thorough,
        )
        return cls(heads, middle, scale, float(np.median(anchor)))

    def predict(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:
        """Give the distribution of the hours from each moment to the door; a row without a plan gets the usual plan's length."""
        offset = self.middle + self.scale * self.heads.predict(joined(features.values, rows))
        anchor = anchor_hours(rows)
        planned = np.where(np.isfinite(anchor), anchor, self.unplanned_hours)
        return RemainingTime.of_quantiles(LEVELS, np.maximum(planned[:, None] + offset, 0.0))

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        numbers = {"middle": self.middle, "scale": self.scale, "unplanned_hours": self.unplanned_hours}
        return {"kind": self.kind, "heads": self.heads.to_state(), **numbers}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "PlanOffset":
        """Make it again of plain data."""
        return cls(QuantileHeads.from_state(state["heads"]), state["middle"], state["scale"], state["unplanned_hours"])


def anchor_hours(rows: Rows) -> Floats:
    """Give (n,) hours to the planned arrival, else to the promise, else NaN."""
    return np.where(np.isfinite(rows.plan_hours), rows.plan_hours, rows.promise_hours)


def joined(values: Floats, rows: Rows) -> npt.NDArray[np.float32]:
    return np.hstack([values, anchor_hours(rows)[:, None]]).astype(np.float32)
