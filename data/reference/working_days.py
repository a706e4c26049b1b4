"""Say on which days parcels move: weekdays and the holidays that US parcel carriers keep."""

from collections.abc import Iterable
from datetime import date
from functools import cache

__all__ = ["CARRIER_HOLIDAYS", "carrier_holidays"]

CARRIER_HOLIDAYS = frozenset({"New Year's Day", "Memorial Day", "Independence Day", "Labor Day", "Thanksgiving Day", "Christmas Day"})
"""Federal holidays without pick-up and delivery at all large US parcel carriers (their holiday schedules, read 2026-11)."""


@cache
def holidays_of(year: int) -> frozenset[date]:
    import holidays  # late: 0.3 s

    found = holidays.country_holidays("US", years=year, observed=False)
    return frozenset(day for day, name in found.items() if name in CARRIER_HOLIDAYS)


def carrier_holidays(years: Iterable[int]) -> frozenset[date]:
    """Give the days of these years on which no parcel is picked up or delivered (source: the Python package holidays)."""
    return frozenset[date]().union(*(holidays_of(year) for year in years))
