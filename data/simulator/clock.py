"""Keep the simulator's time: minutes since midnight UTC two days before the first order, local days and hours of every facility, instants.

Inside the simulator an instant is a float64 number of minutes; local clock times are looked up by facility and local day, so that
summer time is right. Outside, instants are whole seconds in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.moments import micros
from data.facts.schema import INSTANT
from data.reference.working_days import carrier_holidays

__all__ = ["LEAD_DAYS", "MINUTES_PER_DAY", "TAIL_DAYS", "SimulatorClock", "clock_of"]

MINUTES_PER_DAY = 1440.0
LEAD_DAYS = 2
"""Days of calendar before the first order: in Seattle it is still yesterday."""
TAIL_DAYS = 40
"""Days that the network runs on after the last order, so that every journey can end."""


@dataclass(frozen=True, slots=True)
class SimulatorClock:
    """Hold the calendar of one simulation: ``dates[d]`` is local day *d* everywhere, ``offset_minutes[f, d]`` is local minus UTC."""

    midnight: datetime
    start_minute: float
    until_minute: float
    dates: tuple[date, ...]
    holiday: npt.NDArray[np.bool_]
    weekday: npt.NDArray[np.int64]
    offset_minutes: npt.NDArray[np.float64]

    @property
    def days(self) -> int:
        """Count the days of the tables, the tail included."""
        return len(self.dates)

    @property
    def hours(self) -> int:
        """Count the hours of the tables."""
        return self.days * 24

    def at_local(self, facility: int, days: npt.NDArray[np.int64], clock: time) -> npt.NDArray[np.float64]:
        """Give the minutes at which local clocks of a facility show a time on some local days."""
        return np.asarray(days * MINUTES_PER_DAY + clock.hour * 60 + clock.minute - self.offset_minutes[facility, days])

    def days_on(self, weekdays: frozenset[int]) -> npt.NDArray[np.bool_]:
        """Say of every day whether it is one of these weekdays and no carrier holiday."""
        return np.isin(self.weekday, sorted(weekdays)) & ~self.holiday

    def instants(self, minutes: npt.NDArray[np.float64]) -> pl.Series:
        """Give minutes as UTC instants at whole seconds; NaN becomes null."""
        known = np.isfinite(minutes)
        seconds = np.rint(np.where(known, minutes, 0.0) * 60).astype(np.int64)
        values = pl.Series(micros(self.midnight) + seconds * 1_000_000).cast(INSTANT)
        return values if known.all() else values.set(pl.Series(~known), None)

    def to_minute(self, instant: datetime) -> float:
        """Give an instant as minutes of this simulation."""
        return (instant - self.midnight).total_seconds() / 60


def clock_of(start: datetime, days: int, timezones: Sequence[str]) -> SimulatorClock:
    """Make the calendar of a simulation that takes orders for ``days`` days from ``start`` on, for facilities in these zones."""
    start = start.astimezone(UTC)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=LEAD_DAYS)
    first = midnight.date()
    dates = tuple(first + timedelta(days=d) for d in range(LEAD_DAYS + days + TAIL_DAYS))
    holidays = carrier_holidays({day.year for day in dates})
    noons = [datetime.combine(day, time(12), tzinfo=UTC) for day in dates]
    by_zone = {zone: [noon.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for noon in noons] for zone in set(timezones)}
    start_minute = (start - midnight).total_seconds() / 60
    return SimulatorClock(
        midnight=midnight,
        start_minute=start_minute,
        until_minute=start_minute + days * MINUTES_PER_DAY,
        dates=dates,
        holiday=np.array([day in holidays for day in dates]),
        weekday=np.array([day.weekday() for day in dates], dtype=np.int64),
        offset_minutes=np.array([[delta.total_seconds() / 60 for delta in by_zone[zone]] for zone in timezones]),
    )
