"""Forecast what has a timetable: how far from its planned (else promised) arrival a shipment arrives."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import TooLittleData
from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.plan_trust import PlanTrust
from training.models.problem import HOUR_MICROS, Outcomes, Problem, Rows
from training.models.threshold_heads import FEW_ROWS, ThresholdHeads

__all__ = ["PlanOffset", "anchor_hours"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

FEWEST = 100
TELLS_THE_DATE = re.compile(r"\.(level|5d_to_60d|20d_to_60d)$|^history\.(delivered|moved)_in_\d+_days\.")
"""Levels and cohort shares of everything are the same for all rows of a day: without monotone constraints trees read them as a calendar and
repeat that day's weather. Flights, plain forests, 2026-11-22: July-August frozen 34.0 minutes with them, 31.4 without; September-October online late AUC .717, .729."""
WHOLE_HOURS = re.compile(r"^history\.(total|promise_offset|delivered_in_\d+_days)\.")
"""With few rows, histories of whole durations are left out and those of how many came late stay: a plan already holds what is usual (README)."""
MOST_CODES = 8
"""Categories with more codes are left to their history, as in the daily hazard (SCMS from May 2013, a plain classifier of late: AUC .741 and .792 with
long lists, .770 and .824 without)."""
DECIMALS = 10
"""Hours are compared at thresholds; sums of floating hours are not exact, and a microsecond is 3e-10 hours."""


@dataclass(frozen=True, slots=True)
class PlanOffset:
    """Hold the heads of the offset in hours, how far they are trusted, and the usual plan for rows without one of their own."""

    heads: ThresholdHeads
    trust: PlanTrust
    columns: npt.NDArray[np.int64]
    unplanned_hours: float
    kind = "plan_offset"

    @classmethod
    def fit(cls, features: FeatureMatrix, problem: Problem, *, seed: int = 1, thorough: bool = True) -> "PlanOffset":
        """Learn from delivered moments with a plan, old enough that late ones have arrived too; raises `TooLittleData`."""
        anchor = anchor_hours(problem.rows)
        chosen = ripe(problem.rows.at, anchor, problem.outcomes)
        if len(chosen) < FEWEST:
            raise TooLittleData(f"only {len(chosen)} delivered moments have a planned or promised arrival; at least {FEWEST} are needed.")
        columns = telling_columns(features, few=len(chosen) <= FEW_ROWS)
        rows = problem.rows.take(chosen)
        matrix = joined(features.values[chosen], columns, rows)
        offset = np.round(problem.outcomes.hours[chosen] - anchor[chosen], DECIMALS)
        asked = promised_offsets(rows)
        categorical = [place for place, column in enumerate(columns) if features.columns[column].categorical]

        def heads(some: Positions, *, thorough: bool) -> ThresholdHeads:
            return ThresholdHeads.fit(matrix[some], offset[some], asked=asked, categorical=categorical, seed=seed, thorough=thorough)

        trust = PlanTrust.learn(
            lambda some: heads(some, thorough=False), matrix, offset, anchor[chosen], at=rows.at, known_at=problem.outcomes.known_at[chosen]
        )
        whole = heads(np.arange(len(chosen)), thorough=thorough)
        return cls(whole, trust.usual_of(whole.knots, offset, anchor[chosen]), columns, float(np.median(anchor[chosen])))

    def predict(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:
        """Give the distribution of the hours from each moment to the door; a row without a plan gets the usual plan's length."""
        anchor = anchor_hours(rows)
        planned = np.where(np.isfinite(anchor), anchor, self.unplanned_hours)
        masses = self.trust.blended(self.heads.predict(joined(features.values, self.columns, rows)), planned)
        return RemainingTime.of(whole_micros(np.maximum(planned[:, None] + self.heads.knots, 0.0)), masses)

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        plain = {"columns": self.columns, "unplanned_hours": self.unplanned_hours}
        return {"kind": self.kind, "heads": self.heads.to_state(), "trust": self.trust.to_state(), **plain}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "PlanOffset":
        """Make it again of plain data."""
        return cls(
            ThresholdHeads.from_state(state["heads"]), PlanTrust.from_state(state["trust"]), state["columns"], state["unplanned_hours"]
        )


def anchor_hours(rows: Rows) -> Floats:
    """Give (n,) hours to the planned arrival, else to the promise, else NaN."""
    return np.where(np.isfinite(rows.plan_hours), rows.plan_hours, rows.promise_hours)


def ripe(at: npt.NDArray[np.int64], anchor: Floats, outcomes: Outcomes) -> Positions:
    """Give the positions of delivered moments whose plan fell due so long ago that 95 % of the offsets have shown themselves.

    The plan was known at the moment, so choosing by it favours neither fast nor slow ones; choosing by the age of the moment (`mature`)
    would throw away moments shortly before their plan with those long before it (SCMS: 214 days; 12,434 instead of 11,686 of 13,109 moments stay).
    """
    came = outcomes.delivered & (outcomes.hours > 0) & np.isfinite(anchor)
    if not came.any() or outcomes.delivered.all():
        return np.flatnonzero(came)
    slow = max(float(np.quantile(outcomes.hours[came] - anchor[came], 0.95)), 0.0)
    due = at + (np.where(np.isfinite(anchor), anchor, 0.0) + slow) * HOUR_MICROS
    old = came & (due <= at.max())
    return np.flatnonzero(old if old.sum() >= FEWEST else came)


def whole_micros(hours: Floats) -> Floats:
    """Give hours of whole microseconds, as truths are: a window that begins or ends with an atom must hold what arrives at that very instant."""
    snapped: Floats = np.round(hours * HOUR_MICROS) / HOUR_MICROS
    return snapped


def promised_offsets(rows: Rows) -> list[float]:
    """Give the usual distances of the promise from the anchor: there the chance of being late is read."""
    gap = (rows.promise_hours - anchor_hours(rows))[np.isfinite(rows.promise_hours)]
    return np.unique(np.round(np.quantile(gap, (0.1, 0.5, 0.9)), DECIMALS)).tolist() if len(gap) else []


def telling_columns(features: FeatureMatrix, *, few: bool = False) -> npt.NDArray[np.int64]:
    """Give the columns that say more than the date and that are no long lists of codes; with ``few`` rows, no histories of whole durations."""

    def tells(position: int) -> bool:
        column = features.columns[position]
        if column.group == "history" and (TELLS_THE_DATE.search(column.name) or (few and WHOLE_HOURS.search(column.name))):
            return False
        codes = features.values[:, position]
        return not column.categorical or bool(np.all(~(codes >= MOST_CODES)))

    return np.array([position for position in range(len(features.columns)) if tells(position)], dtype=np.int64)


def joined(values: Floats, columns: npt.NDArray[np.int64], rows: Rows) -> npt.NDArray[np.float32]:
    return np.hstack([values[:, columns], anchor_hours(rows)[:, None]]).astype(np.float32)
