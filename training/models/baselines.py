"""Keep the answers that need no trees: the constant, the promise, the plan, the lane table. Every model must beat them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.heads import LEVELS
from training.models.lane_baseline import LaneBaseline
from training.models.mature import mature
from training.models.problem import Problem, Rows

__all__ = ["BASELINES", "Baseline"]

Floats = npt.NDArray[np.float64]

BASELINES = ("constant", "promise", "plan", "router", "lane_table")
"""``router`` is the undisturbed travel time as it is; ``lane_table`` the only one here that learns lanes."""
SHORTEST_HOURS = 1 / 60


@dataclass(frozen=True, slots=True)
class Baseline:
    """Hold a baseline's kind, its constant, its lanes if it has any, and the spread of its log errors at `LEVELS`."""

    kind: str
    constant_hours: float
    lanes: LaneBaseline | None
    spread: Floats

    @classmethod
    def fit(cls, kind: str, problem: Problem, *, seed: int = 1) -> "Baseline | None":
        """Learn a baseline from delivered moments that are old enough; ``None`` when fewer than half of them know its promise or plan."""
        chosen = mature(problem)
        known = problem.take(chosen)
        hours = known.outcomes.hours
        lanes = LaneBaseline.fit(known, seed=seed) if kind == "lane_table" else None
        model = cls(kind, float(np.median(hours)), lanes, np.zeros(len(LEVELS)))
        if model.told(known.rows).mean() < 0.5:
            return None
        point = lanes.out_of_fold(known.rows, hours, seed=seed)[0] if lanes else model.point(known.rows)
        errors = np.quantile(np.log(np.maximum(hours, SHORTEST_HOURS) / np.maximum(point, SHORTEST_HOURS)), LEVELS)
        # The promise and the plan stay where they were given: only their spread is learnt, so their median is what the shop said.
        spread = errors - errors[LEVELS.index(0.5)]
        return cls(kind, model.constant_hours, lanes, spread)

    def told(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Say which rows hold what this baseline repeats."""
        column = {"promise": rows.promise_hours, "plan": rows.plan_hours, "router": rows.planned_minutes}.get(self.kind)
        return np.ones(len(rows), dtype=bool) if column is None else np.isfinite(column)

    def point(self, rows: Rows) -> Floats:
        """Give (n,) hours; the constant where a row lacks what the baseline repeats."""
        if self.lanes is not None:
            return self.lanes.hours(rows)[0]
        column = {"promise": rows.promise_hours, "plan": rows.plan_hours, "router": rows.planned_minutes / 60}.get(self.kind)
        if column is None:
            return np.full(len(rows), self.constant_hours)
        return np.where(np.isfinite(column), column, self.constant_hours)

    def predict(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:  # noqa: ARG002 - baselines look at no feature
        """Give the point with the spread of its past log errors around it."""
        point = np.maximum(self.point(rows), SHORTEST_HOURS)
        return RemainingTime.of_quantiles(LEVELS, point[:, None] * np.exp(self.spread))

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        lanes = None if self.lanes is None else self.lanes.to_state()
        return {"kind": self.kind, "constant_hours": self.constant_hours, "lanes": lanes, "spread": self.spread}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Baseline":
        """Make it again of plain data."""
        lanes = None if state["lanes"] is None else LaneBaseline.from_state(state["lanes"])
        return cls(state["kind"], state["constant_hours"], lanes, state["spread"])
