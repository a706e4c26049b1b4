"""Say which days parcels rest: weekends and holidays of a country."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from data.reference.working_days import carrier_holidays

__all__ = ["DAYS_FROM", "DAYS_TO", "OffDays", "off_days"]

DAYS_FROM, DAYS_TO = 1989, 2101
"""Years that the table of days spans; instants lie in 1990..2100."""

FRIDAY, SATURDAY = 4, 5


@dataclass(frozen=True, slots=True)
class OffDays:
    """Hold a country's calendar: ``off[d]`` for the day ``first + d`` (days since 1970), ``worked[d]`` the working days before that day."""

    first: int
    off: npt.NDArray[np.bool_]
    worked: npt.NDArray[np.int64]

    def is_off(self, day: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Say for days since 1970 whether parcels rest."""
        return self.off[day - self.first]

    def working_days(self, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Count the working days in ``start <= day < end``."""
        return self.worked[end - self.first] - self.worked[start - self.first]


@cache
def off_days(country: str, year_from: int, year_to: int) -> OffDays:
    """Give the rest days of a country (ISO 3166-1 alpha-2; an unknown one has weekends only) for some years, both ends included.

    In the United States these are the days without any pick-up and delivery; elsewhere the public holidays and the weekend of the
    Python package ``holidays``.
    """
    first = np.datetime64(f"{year_from}-01-01", "D").astype(np.int64)
    days = np.arange(first, np.datetime64(f"{year_to + 1}-01-01", "D").astype(np.int64))
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    weekend, closed = country_rest(country, year_from, year_to)
    off = np.isin(weekday, sorted(weekend))
    off[np.array(sorted(closed), dtype=np.int64) - first] = True
    return OffDays(int(first), off, np.concatenate([[0], np.cumsum(~off)]))


def country_rest(country: str, year_from: int, year_to: int) -> tuple[frozenset[int], frozenset[int]]:
    """Give the weekdays of the weekend (Monday 0) and the holidays as days since 1970."""
    years = range(year_from, year_to + 1)
    if country == "US":
        weekend, closed = frozenset({5, 6}), carrier_holidays(years)
    else:
        import holidays  # late: a third of a second

        if country not in holidays.list_supported_countries():
            return frozenset({5, 6}), frozenset()
        calendar = holidays.country_holidays(country, years=years)
        weekend, closed = frozenset(int(day) for day in calendar.weekend), frozenset(calendar)
    return weekend, frozenset(int(np.datetime64(day, "D").astype(np.int64)) for day in closed if year_from <= day.year <= year_to)
