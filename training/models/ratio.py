"""Forecast legs and couriers: the log ratio of the true hours to a baseline of physics and lane, learnt with absolute error.

Measured on Delhivery (MODELLING 1.6): raw minutes 36.1, ratio to the lane table 30.8 minutes of mean error.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.heads import LEVELS, QuantileHeads
from training.models.lane_baseline import LaneBaseline
from training.models.mature import mature
from training.models.problem import Problem, Rows

__all__ = ["LaneRatio"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LaneRatio:
    """Hold the lane baseline and the quantile heads of the log ratio to it."""

    baseline: LaneBaseline
    heads: QuantileHeads
    columns: npt.NDArray[np.int64]
    kind = "lane_ratio"

    @classmethod
    def fit(cls, features: FeatureMatrix, problem: Problem, *, seed: int = 1, thorough: bool = True) -> "LaneRatio":
        """Learn from delivered moments old enough that slow ones have arrived too; raises `TooLittleData` when there are too few."""
        chosen = mature(problem)
        rows, hours = problem.rows.take(chosen), problem.outcomes.hours[chosen]
        baseline = LaneBaseline.fit(problem.take(chosen), seed=seed)
        usual, extra = baseline.out_of_fold(rows, hours, seed=seed)
        columns = telling_columns(features, measured=baseline.cold is not None)
        heads = QuantileHeads.fit(
            joined(features.values[np.ix_(chosen, columns)], extra),
            np.log(hours) - np.log(usual),
            np.sqrt(usual),
            categorical=[index for index, column in enumerate(columns) if features.columns[column].categorical],
            seed=seed,
            thorough=thorough,
        )
        return cls(baseline, heads, columns)

    def predict(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:
        """Give the distribution of the hours from each moment to the door."""
        usual, extra = self.baseline.hours(rows)
        ratios = self.heads.predict(joined(features.values[:, self.columns], extra))
        return RemainingTime.of_quantiles(LEVELS, usual[:, None] * np.exp(ratios))

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"kind": self.kind, "baseline": self.baseline.to_state(), "heads": self.heads.to_state(), "columns": self.columns}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "LaneRatio":
        """Make it again of plain data."""
        return cls(LaneBaseline.from_state(state["baseline"]), QuantileHeads.from_state(state["heads"]), state["columns"])


LEARNT_GROUPS = frozenset({"history", "facility", "silence"})


def telling_columns(features: FeatureMatrix, *, measured: bool) -> npt.NDArray[np.int64]:
    """Give the positions of columns that vary.

    Where ``measured`` lanes of an earlier period are at hand, histories of the short period itself only add noise: Delhivery 33.4 minutes with them,
    32.0 without (30 September), and 23.2 against 22.6 on the day before.
    """
    varying = (features.values != features.values[:1]).any(axis=0) & ~np.isnan(features.values).all(axis=0)
    kept = [varying[place] and not (measured and column.group in LEARNT_GROUPS) for place, column in enumerate(features.columns)]
    return np.flatnonzero(kept).astype(np.int64)


def joined(values: Floats, extra: Floats) -> npt.NDArray[np.float32]:
    return np.hstack([values, extra]).astype(np.float32)
