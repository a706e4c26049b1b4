"""Count calendar days at the destination: where its midnights fall, and which days are worked."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

__all__ = ["EPOCH_ORDINAL", "LocalDays", "days_off", "local_day"]

Days = npt.NDArray[np.int64]

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
DAY_MICROS = 86_400_000_000


@lru_cache(maxsize=512)
def midnights(timezone: str, first_day: int, last_day: int) -> Days:
    """Give the instants (microseconds since 1970 UTC) at which the local days ``first_day`` … ``last_day`` begin; days since 1970-01-01.

    An unknown zone counts as UTC: a day boundary a few hours off is better than no forecast.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    starts = (datetime.fromordinal(day + EPOCH_ORDINAL).replace(tzinfo=zone).astimezone(UTC) for day in range(first_day, last_day + 1))
    return np.array([round(start.timestamp()) * 1_000_000 for start in starts], dtype=np.int64)


@lru_cache(maxsize=512)
def holidays_of(country: str, year: int) -> frozenset[int]:
    """Give the public holidays of a country and year as days since 1970-01-01; a country without a calendar has none."""
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=False):
        return frozenset()
    found = holidays.country_holidays(country, years=year)
    return frozenset(day.toordinal() - EPOCH_ORDINAL for day in found)


@lru_cache(maxsize=512)
def days_off(country: str, first_day: int, last_day: int) -> npt.NDArray[np.bool_]:
    """Say for each day from ``first_day`` to ``last_day`` whether it is a Saturday, a Sunday or a public holiday."""
    days = np.arange(first_day, last_day + 1)
    off: npt.NDArray[np.bool_] = weekday(days) >= 5
    years = range(date.fromordinal(first_day + EPOCH_ORDINAL).year, date.fromordinal(last_day + EPOCH_ORDINAL).year + 1)
    holidays = [day for year in years for day in holidays_of(country, year) if first_day <= day <= last_day]
    off[np.array(holidays, dtype=np.int64) - first_day] = True
    return off


def weekday(days: Days) -> Days:
    """Give the day of the week, Monday 0; 1970-01-01 was a Thursday."""
    return (days + 3) % 7


def local_day(at: Days, timezone: npt.NDArray[np.object_]) -> Days:
    """Give the local day (days since 1970-01-01) of each instant."""
    found = np.empty(len(at), dtype=np.int64)
    for zone, rows in groups(timezone):
        first, last = int(at[rows].min() // DAY_MICROS) - 1, int(at[rows].max() // DAY_MICROS) + 2
        first, last = first - first % 64, last + 64 - last % 64
        found[rows] = first + np.searchsorted(midnights(zone, first, last), at[rows], side="right") - 1
    return found


class LocalDays:
    """Hold the calendar around *n* moments: the day of each, and for any later day its start and whether it is worked."""

    def __init__(self, at: Days, timezone: npt.NDArray[np.object_], country: npt.NDArray[np.object_], horizon_days: int) -> None:
        self.at, self.timezone, self.country, self.horizon_days = at, timezone, country, horizon_days
        self.today = local_day(at, timezone)

    def start_hours(self) -> npt.NDArray[np.float64]:
        """Give (n, horizon + 2) hours from each moment to the start of its day (not positive) and of every later day."""
        starts = np.empty((len(self.at), self.horizon_days + 2), dtype=np.int64)
        span = np.arange(self.horizon_days + 2)
        for zone, rows in groups(self.timezone):
            first, last = rounded(self.today[rows], self.horizon_days + 2)
            starts[rows] = midnights(zone, first, last)[self.today[rows][:, None] - first + span]
        return (starts - self.at[:, None]) / 3_600_000_000

    def off(self) -> npt.NDArray[np.bool_]:
        """Say (n, horizon + 2) whether yesterday, today and every later day is a day off at the destination."""
        off = np.empty((len(self.at), self.horizon_days + 2), dtype=bool)
        span = np.arange(-1, self.horizon_days + 1)
        for country, rows in groups(self.country):
            first, last = rounded(self.today[rows], self.horizon_days + 2)
            off[rows] = days_off(country, first, last)[self.today[rows][:, None] - first + span]
        return off


def rounded(days: Days, more: int) -> tuple[int, int]:
    """Give a span of days that holds some days and ``more`` after them, rounded so that the cached tables are shared."""
    first, last = int(days.min()) - 1, int(days.max()) + more
    return first - first % 64, last + 64 - last % 64


def groups(words: npt.NDArray[np.object_]) -> list[tuple[str, npt.NDArray[np.intp]]]:
    """Give each word with the positions that hold it."""
    if len(words) == 1:
        return [(words[0], np.array([0]))]
    names, codes = np.unique(words.astype(str), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    return [(str(name), rows) for name, rows in zip(names, np.split(order, np.cumsum(np.bincount(codes))[:-1]), strict=True)]
