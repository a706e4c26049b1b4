"""Say at which hour of the day a door is reached: the usual hours of its kind, or where the facts tell more, hours of its own.

Far from the door an arrival is a day, and the usual hours of a day do. Near it the hour decides. Deliveries that the forests have not seen decide
which of the two ways answers, apart for the moment's own day and for later days.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.features.matrix import FeatureColumn
from training.models.own_hours import OwnHours, halves
from training.models.person_days import Calendar
from training.models.problem import Rows
from training.models.usual_hours import UsualHours

__all__ = ["DayHours"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

GROUPS = frozenset({"progress", "silence", "parcel", "route", "calendar", "promise", "weather"})
"""Columns that may speak of the hour within a day; levels of days and lanes do not."""
MOST_ROWS = 40_000
FEWEST_ROWS = 1_000
WORTH_NATS = 0.02
"""By how much the mean log score of a half hour must be better before own hours answer."""
USUAL_SHARE = 0.04
"""Share of the usual hours in own hours, for what nobody foresees."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hold the usual hours, the own hours if they are worth it (``own_soon`` on the moment's day, ``own_later``), and the columns they look at."""

    usual: UsualHours
    own: OwnHours | None
    own_soon: bool
    own_later: bool
    columns: npt.NDArray[np.int64]

    @classmethod
    def fit(
        cls,
        rows: Rows,
        values: npt.NDArray[np.float32],
        described: list[FeatureColumn],
        *,
        calendar: Calendar,
        local_hour: Floats,
        day: npt.NDArray[np.int64],
        seed: int = 1,
    ) -> "DayHours":
        """Learn from deliveries ``day`` (n,) days after the moment at ``local_hour`` (n,); ``values`` are the columns ``described``."""
        position = np.arange(len(rows))
        day_off, soon = calendar.off[position, day + 1], day == 0
        usual = UsualHours.fit(rows, local_hour, day_off, soon)
        columns = np.array([place for place, column in enumerate(described) if column.group in GROUPS], dtype=np.int64)
        nothing = cls(usual, None, own_soon=False, own_later=False, columns=columns)
        if len(rows) < FEWEST_ROWS:
            return nothing
        kept = position
        if len(kept) > MOST_ROWS:
            kept = np.sort(np.random.default_rng(seed).choice(kept, MOST_ROWS, replace=False))
        some, near, off, hour = rows.take(kept), soon[kept], day_off[kept], local_hour[kept]
        around = calendar.take(kept)
        planned = planned_hours(some, around)
        matrix = context(values[kept][:, columns], around, planned, off, near)
        categorical = [place for place, column in enumerate(columns) if described[column].categorical]
        half = halves(some.shipment_ids, seed)
        own, outside, inside = OwnHours.fit(matrix, planned, hour, near, half, categorical=categorical, seed=seed)
        better = []
        for when in (True, False):
            gain = [
                log_score(
                    mixed(part, usual, matrix[which], planned[which], rows=some.take(which), day_off=off[which], soon=when), hour[which]
                )
                - log_score(usual.curve(some.take(which), off[which], soon=when), hour[which])
                for part, mine in ((outside, half), (inside, ~half))
                if len(which := np.flatnonzero(mine & (near == when))) > 0
            ]
            better.append(bool(gain) and float(np.concatenate(gain).mean()) > WORTH_NATS)
        return cls(usual, own if any(better) else None, own_soon=better[0], own_later=better[1], columns=columns)

    def curve(
        self, rows: Rows, values: npt.NDArray[np.float32], calendar: Calendar, day_off: Flags, *, soon: bool, steps: int = 48
    ) -> Floats:
        """Give (n, steps + 1) the share of a day's deliveries made by each of ``steps`` equal parts of it, for days that are off or not (n,)."""
        if self.own is None or not (self.own_soon if soon else self.own_later):
            return refined(self.usual.curve(rows, day_off, soon=soon), steps)
        planned = planned_hours(rows, calendar)
        matrix = context(values[:, self.columns], calendar, planned, day_off, np.full(len(rows), soon))
        return mixed(self.own, self.usual, matrix, planned, rows=rows, day_off=day_off, soon=soon, steps=steps)

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        own = None if self.own is None else self.own.to_state()
        return {"usual": self.usual.to_state(), "own": own, "soon": self.own_soon, "later": self.own_later, "columns": self.columns}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "DayHours":
        """Make it again of plain data."""
        own = None if state["own"] is None else OwnHours.from_state(state["own"])
        return cls(UsualHours.from_state(state["usual"]), own, state["soon"], state["later"], state["columns"])


def planned_hours(rows: Rows, calendar: Calendar) -> Floats:
    """Give the hour of the day at the destination that the plan names for the arrival, on whatever day; NaN without a plan."""
    found: Floats = np.mod(rows.plan_hours - calendar.start_hours[:, 0], 24.0)
    return found


def context(values: npt.NDArray[np.float32], calendar: Calendar, planned: Floats, day_off: Flags, soon: Flags) -> npt.NDArray[np.float32]:
    """Give what the forests look at: the columns, the planned hour, the kind of day, and on the moment's day the hour that it is."""
    now = np.where(soon, -calendar.start_hours[:, 0], -1.0)
    return np.hstack([values, np.stack([planned, day_off, now], axis=1).astype(np.float32)])


def mixed(
    own: OwnHours,
    usual: UsualHours,
    matrix: npt.NDArray[np.float32],
    planned: Floats,
    *,
    rows: Rows,
    day_off: Flags,
    soon: bool,
    steps: int = 48,
) -> Floats:
    """Give own hours with a little of the usual ones."""
    mine = own.curve(matrix, planned, np.linspace(0.0, 24.0, steps + 1), soon=soon)
    return (1 - USUAL_SHARE) * mine + USUAL_SHARE * refined(usual.curve(rows, day_off, soon=soon), steps)


def refined(curve: Floats, steps: int) -> Floats:
    """Read a curve over half hours at other equal steps, straight in between."""
    place = np.arange(steps + 1) * (48 / steps)
    left = np.minimum(place.astype(np.int64), 47)
    found: Floats = curve[:, left] + (curve[:, left + 1] - curve[:, left]) * (place - left)
    return found


def log_score(curve: Floats, hour: Floats) -> Floats:
    """Give the log of the share of the half hour in which each delivery fell."""
    slot = np.clip((hour * 2).astype(np.int64), 0, 47)
    place = np.arange(len(hour))
    return np.log(np.maximum(curve[place, slot + 1] - curve[place, slot], 1e-6))
