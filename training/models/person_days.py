"""Lay out person-days: one row for each calendar day at the destination that a shipment was, or may be, still open."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.models.lane_clock import LaneClock
from training.models.local_days import LocalDays, weekday
from training.models.plan_clock import PLAN_DAYS, PlanClock
from training.models.problem import Rows

__all__ = ["DAY_FEATURES", "Calendar", "day_features"]

Floats = npt.NDArray[np.float64]

DAY_FEATURES = (
    "day",
    "days_since_creation",
    "days_since_possession",
    "working_days",
    "weekday",
    "day_off",
    "day_off_before",
    "days_to_promise",
    *PLAN_DAYS,
    "hours_left_today",
    "usual_ways",
    "usual_transits",
)
"""Columns of a candidate day. No day of the year and no month: trees would read them as a calendar of the past (MODELLING 1.8)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hold the days around *n* moments: (n, horizon + 2) hours to each day's start, and days off from yesterday on."""

    start_hours: Floats
    off: npt.NDArray[np.bool_]
    today: npt.NDArray[np.int64]

    @classmethod
    def around(cls, rows: Rows, horizon_days: int) -> "Calendar":
        """Lay the destination's calendar around each moment."""
        days = LocalDays(rows.at, rows.timezone, rows.country, horizon_days)
        return cls(days.start_hours(), days.off(), days.today)

    def take(self, rows: npt.NDArray[np.intp]) -> "Calendar":
        """Give some rows."""
        return Calendar(self.start_hours[rows], self.off[rows], self.today[rows])

    def day_of(self, hours: Floats) -> npt.NDArray[np.int64]:
        """Give the number of the day (0 is the moment's) in which some hours (n,) after each moment fall."""
        found: npt.NDArray[np.int64] = (self.start_hours[:, 1:] <= hours[:, None]).sum(axis=1)
        return found


def day_features(
    rows: Rows, calendar: Calendar, row: npt.NDArray[np.intp], day: npt.NDArray[np.int64], *, clock: LaneClock, plan: PlanClock
) -> npt.NDArray[np.float32]:
    """Give the features (m, 14) of candidate days: ``day[j]`` days after the moment of ``rows[row[j]]``."""
    elapsed = calendar.start_hours[row, day]
    worked = np.cumsum(~calendar.off[:, 1:], axis=1)
    is_today = day == 0
    weekdays = weekday(calendar.today[row] + day)
    columns = [
        day,
        np.ceil((rows.age_hours[row] + elapsed) / 24),
        np.ceil((rows.held_hours[row] + elapsed) / 24),
        worked[row, day],
        weekdays,
        calendar.off[row, day + 1],
        calendar.off[row, day],
        np.clip(np.floor((rows.promise_hours[row] - elapsed) / 24), -30, 60),
        *plan.days_left(row, elapsed).T,
        np.where(is_today, calendar.start_hours[row, 1], 24.0),
    ]
    return np.hstack([np.stack(columns, axis=1).astype(np.float32), clock.shares(rows, row, elapsed)])
