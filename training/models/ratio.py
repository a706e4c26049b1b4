"""Forecast legs and couriers: the log ratio of the true hours to a baseline of physics and lane, learnt with absolute error.

Measured on Delhivery (MODELLING 1.6): raw minutes 36.1, ratio to the lane table 30.8 minutes of mean error.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.heads import FEWEST_ROWS, LEVELS, QuantileHeads
from training.models.lane_baseline import LaneBaseline
from training.models.mature import ripe
from training.models.problem import Problem, Rows
from training.models.telling import telling_columns, varying_columns
from training.split import id_folds

__all__ = ["LaneRatio"]

Floats = npt.NDArray[np.float64]
DAY_MICROS = 86_400_000_000
FOLDS = 4
"""Folds of shipments whose errors give the windows of few rows."""


@dataclass(frozen=True, slots=True)
class LaneRatio:
    """Hold the lane baseline and the quantile heads of the log ratio to it."""

    baseline: LaneBaseline
    heads: QuantileHeads
    columns: npt.NDArray[np.int64]
    kind = "lane_ratio"

    @classmethod
    def fit(
        cls, features: FeatureMatrix, problem: Problem, *, seed: int = 1, thorough: bool = True, whole_rows: int | None = None
    ) -> "LaneRatio":
        """Learn from delivered moments old enough for their own way; raises `TooLittleData` when there are too few.

        A trial has the shape of the model of the ``whole_rows`` that it stands for, as the correction of its levels is given to that one.
        """
        chosen = ripe(problem)
        rows, hours = problem.rows.take(chosen), problem.outcomes.hours[chosen]
        baseline = LaneBaseline.fit(problem.take(chosen), seed=seed)
        usual, extra = baseline.out_of_fold(rows, hours, seed=seed)
        span_days = float(np.ptp(rows.at)) / DAY_MICROS
        columns = varying_columns(features, measured=baseline.cold is not None, span_days=span_days)
        categorical = [place for place, column in enumerate(columns) if features.columns[column].categorical]
        values = features.values[np.ix_(chosen, columns)].astype(np.float32)
        told = telling_columns(values, extra.astype(np.float32), np.log(hours / usual), np.sqrt(usual), categorical=categorical, seed=seed)
        heads = QuantileHeads.fit(
            joined(values[:, told], extra),
            hours,
            usual,
            cold=baseline.cold_rows(rows),
            fold=folds_of(rows, seed=seed),
            categorical=[place for place, column in enumerate(told) if column in categorical],
            seed=seed,
            thorough=thorough,
            few=(whole_rows or len(chosen)) < FEWEST_ROWS,
        )
        return cls(baseline, heads, columns[told])

    def predict(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:
        """Give the distribution of the hours from each moment to the door."""
        usual, extra = self.baseline.hours(rows)
        said = self.heads.predict(joined(features.values[:, self.columns], extra), usual, self.baseline.cold_rows(rows))
        return RemainingTime.of_quantiles(LEVELS, said)

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"kind": self.kind, "baseline": self.baseline.to_state(), "heads": self.heads.to_state(), "columns": self.columns}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "LaneRatio":
        """Make it again of plain data."""
        return cls(LaneBaseline.from_state(state["baseline"]), QuantileHeads.from_state(state["heads"]), state["columns"])


def joined(values: npt.NDArray[np.floating], extra: Floats) -> npt.NDArray[np.float32]:
    return np.hstack([values, extra]).astype(np.float32)


def folds_of(rows: Rows, *, seed: int) -> npt.NDArray[np.int64]:
    """Give the fold of each row, all moments of a shipment in one; moments of a single shipment are parted one by one."""
    fold = id_folds(rows.shipment_ids, folds=FOLDS, seed=seed)
    return fold if len(np.unique(fold)) > 1 else np.arange(len(rows)) % FOLDS
