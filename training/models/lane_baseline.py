"""Give the usual hours of each row's lane: physics times the shrunk ratio of its lane, a prior for cold lanes, and what the lane did lately."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.cold_lanes import ColdLanes, neighbourhoods
from training.models.lane_table import LaneTable, lane_keys
from training.models.lanes import SEPARATOR
from training.models.physics import Physics
from training.models.problem import Problem, Rows

__all__ = ["LaneBaseline"]

Floats = npt.NDArray[np.float64]

FOLDS = 5
FEWEST_LANES = 100
"""Measured lanes needed before the cold-lane forest is worth growing."""
MOST_OFF = 1.0
"""A shipment off by more than e times counts as off by e times."""
LATELY_SHIPMENTS = 4.0
"""A lane's late ratio counts as much as none at so many shipments. Delhivery, three origins and four folds of trips (2026-11-22): the table alone 32.7 →
31.5 minutes, the model 30.3 → 30.0, its cold lanes 82 → 79."""
NOTHING = LaneTable(0.0, ())


@dataclass(frozen=True, slots=True)
class LaneBaseline:
    """Hold physics, the table of log ratios to it, and the guess for lanes that the table does not know.

    Where measured lanes of an earlier period were handed over, the table is made of them, and ``lately`` holds the log ratios of the rows to it, lane
    by lane. Else the table is made of the rows and ``lately`` is empty. Either way the rows it was made of see only what the other folds know.
    """

    physics: Physics
    table: LaneTable
    lately: LaneTable
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
            table = LaneTable.fit(ratio, lanes.keys(), weight=lanes.shipments, prior=prior)
            before = cls(physics, table, NOTHING, cold, staged)
            return replace(before, lately=before.lately_of(rows, problem.outcomes.hours))
        ratio = np.log(problem.outcomes.hours / physics.hours(rows))
        return cls(physics, LaneTable.fit(ratio, lane_keys(rows, staged=staged)), NOTHING, None, staged)

    def hours(self, rows: Rows) -> tuple[Floats, Floats]:
        """Give (n,) usual hours and (n, 6) what the heads should know of them: logs of the parts and how well the lane is known."""
        usual, extra = self.parts(rows, self.table)
        return self.moved(rows, usual, extra, self.lately)

    def out_of_fold(self, rows: Rows, hours: Floats, *, seed: int) -> tuple[Floats, Floats]:
        """Give the same for rows with their true hours (n,) that this was made of, each without its own fold (folds by shipment)."""
        names, shipment = np.unique(rows.shipment_ids.astype(str), return_inverse=True)
        fold = np.random.default_rng(seed).integers(0, FOLDS, len(names))[shipment]
        known = None if self.cold is None else self.parts(rows, self.table)
        ratio = np.log(hours / self.physics.hours(rows))
        usual, extra = np.empty(len(rows)), np.empty((len(rows), 6))
        for one in range(FOLDS):
            inside, outside = np.flatnonzero(fold == one), np.flatnonzero(fold != one)
            some, others = rows.take(inside), rows.take(outside)
            if known is None:
                table = LaneTable.fit(ratio[outside], lane_keys(others, staged=self.staged))
                usual[inside], extra[inside] = self.moved(some, *self.parts(some, table), NOTHING)
            else:
                lately = self.residuals(others, hours[outside], known[0][outside])
                usual[inside], extra[inside] = self.moved(some, known[0][inside], known[1][inside], lately)
        return usual, extra

    def lately_of(self, rows: Rows, hours: Floats) -> LaneTable:
        """Learn what lanes did lately, from rows with their true hours (n,)."""
        return self.residuals(rows, hours, self.parts(rows, self.table)[0])

    def residuals(self, rows: Rows, hours: Floats, usual: Floats) -> LaneTable:
        off = np.clip(np.log(hours / usual), -MOST_OFF, MOST_OFF)
        return LaneTable.fit(off, lane_names(rows), mean=True, overall=0.0, strength=LATELY_SHIPMENTS)

    def moved(self, rows: Rows, usual: Floats, extra: Floats, lately: LaneTable) -> tuple[Floats, Floats]:
        off, _ = lately.look_up(lane_names(rows))
        return usual * np.exp(off), np.hstack([extra, off[:, None]])

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
        return {
            "physics": self.physics.to_state(),
            "table": self.table.to_state(),
            "lately": self.lately.to_state(),
            "cold": cold,
            "staged": self.staged,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "LaneBaseline":
        """Make it again of plain data."""
        cold = None if state["cold"] is None else ColdLanes.from_state(state["cold"])
        table, lately = LaneTable.from_state(state["table"]), LaneTable.from_state(state["lately"])
        return cls(Physics.from_state(state["physics"]), table, lately, cold, state["staged"])


def lane_names(rows: Rows) -> tuple[npt.NDArray[np.object_], ...]:
    """Name the lane of each row, as the only level of a table."""
    return (rows.origin + SEPARATOR + rows.destination,)
