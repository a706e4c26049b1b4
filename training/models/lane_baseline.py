"""Give the usual hours of each row's lane: physics times the shrunk ratio of its lane, with a prior for cold lanes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.cold_lanes import ColdLanes, neighbourhoods
from training.models.lane_table import LaneTable, lane_keys
from training.models.physics import Physics
from training.models.problem import Problem, Rows

__all__ = ["LaneBaseline"]

Floats = npt.NDArray[np.float64]

FOLDS = 5
FEWEST_LANES = 100
"""Measured lanes needed before the cold-lane forest is worth growing."""


@dataclass(frozen=True, slots=True)
class LaneBaseline:
    """Hold physics, the table of log ratios to it, and the guess for lanes that the table does not know.

    Where measured lanes of an earlier period were handed over, the table is made of them alone: then no row's own outcome is in it. Else it
    is made of the rows, and those it was made of see the table of the other folds.
    """

    physics: Physics
    table: LaneTable
    cold: ColdLanes | None
    staged: bool

    @classmethod
    def fit(cls, problem: Problem, *, seed: int = 1) -> "LaneBaseline":
        """Learn from delivered rows and the measured lanes of ``problem``."""
        rows, lanes = problem.rows, problem.summaries
        physics = Physics.fit(rows, problem.outcomes.hours)
        staged = len(np.unique(rows.stage)) > 1
        measured = lanes.planned_minutes > 0
        if not staged and (rows.planned_minutes > 0).mean() > 0.9 and measured.sum() >= FEWEST_LANES:
            lanes = lanes.take(np.flatnonzero(measured))
            ratio, planned_hours = np.log(lanes.minutes / lanes.planned_minutes), lanes.planned_minutes / 60
            cold = ColdLanes.fit(lanes, ratio, planned_hours, seed=seed)
            names = neighbourhoods(lanes.origin, lanes.destination, lanes.origin_region, lanes.destination_region)
            prior = cold.predict(names, planned_hours, lanes.distance_km)
            return cls(physics, LaneTable.fit(ratio, lanes.keys(), weight=lanes.shipments, prior=prior), cold, staged)
        ratio = np.log(problem.outcomes.hours / physics.hours(rows))
        return cls(physics, LaneTable.fit(ratio, lane_keys(rows, staged=staged)), None, staged)

    def hours(self, rows: Rows) -> tuple[Floats, Floats]:
        """Give (n,) usual hours and (n, 5) what the heads should know of them: logs of the parts and how well the lane is known."""
        return self.parts(rows, self.table)

    def out_of_fold(self, rows: Rows, hours: Floats, *, seed: int) -> tuple[Floats, Floats]:
        """Give the same for rows that the table was made of, each from a table without its own fold (folds by shipment)."""
        if self.cold is not None:
            return self.hours(rows)
        names, shipment = np.unique(rows.shipment_ids.astype(str), return_inverse=True)
        fold = np.random.default_rng(seed).integers(0, FOLDS, len(names))[shipment]
        ratio = np.log(hours / self.physics.hours(rows))
        usual, extra = np.empty(len(rows)), np.empty((len(rows), 5))
        for one in range(FOLDS):
            inside, outside = np.flatnonzero(fold == one), np.flatnonzero(fold != one)
            table = LaneTable.fit(ratio[outside], lane_keys(rows.take(outside), staged=self.staged))
            usual[inside], extra[inside] = self.parts(rows.take(inside), table)
        return usual, extra

    def parts(self, rows: Rows, table: LaneTable) -> tuple[Floats, Floats]:
        physics = self.physics.hours(rows)
        prior = None
        if self.cold is not None:
            names = neighbourhoods(rows.origin, rows.destination, rows.origin_region, rows.destination_region)
            prior = self.cold.predict(names, physics, rows.distance_km)
        ratio, seen = table.look_up(lane_keys(rows, staged=self.staged), prior)
        guess = np.full(len(rows), np.nan) if prior is None else prior
        extra = np.stack([np.log(physics), ratio, np.log1p(seen), guess, np.log(physics) + ratio], axis=1)
        return physics * np.exp(ratio), extra

    def cold_rows(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Say which rows are on a lane that the table has not seen."""
        cold: npt.NDArray[np.bool_] = self.table.look_up(lane_keys(rows, staged=self.staged))[1] == 0
        return cold

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        cold = None if self.cold is None else self.cold.to_state()
        return {"physics": self.physics.to_state(), "table": self.table.to_state(), "cold": cold, "staged": self.staged}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "LaneBaseline":
        """Make it again of plain data."""
        cold = None if state["cold"] is None else ColdLanes.from_state(state["cold"])
        return cls(Physics.from_state(state["physics"]), LaneTable.from_state(state["table"]), cold, state["staged"])
