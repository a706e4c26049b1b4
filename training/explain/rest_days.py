"""Name the days of rest on the way to the door: the evidence of the calendar."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.reference.working_days import CARRIER_HOLIDAYS

__all__ = ["rest_days"]

LONGEST_DAYS = 60
"""Days looked at; later ones are weeks of their own."""


def rest_days(country: str, timezone: str, start: datetime, end: datetime) -> tuple[str, ...]:
    """Give the days of rest from one instant to another by a local clock: ``holiday:2026-12-25 Christmas Day``, ``weekend:2026-12-26``.

    Of an unknown country only the weekends are known; an unknown zone counts as UTC.
    """
    try:
        zone: ZoneInfo | None = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = None
    first, last = (instant.astimezone(zone or UTC).date() for instant in (start, end))
    found = []
    for step in range(min((last - first).days, LONGEST_DAYS) + 1):
        day = first + timedelta(days=step)
        name = holidays_of(country, day.year).get(day)
        if name:
            found.append(f"holiday:{day.isoformat()} {name}")
        elif day.weekday() >= 5:
            found.append(f"weekend:{day.isoformat()}")
    return tuple(found)


@cache
def holidays_of(country: str, year: int) -> dict[date, str]:
    """Give the holidays of a country and year by name; of the United States those that parcel carriers keep."""
    import holidays  # late: a third of a second

    if country not in holidays.list_supported_countries():
        return {}
    if country == "US":
        return {day: name for day, name in holidays.country_holidays("US", years=year, observed=False).items() if name in CARRIER_HOLIDAYS}
    return dict(holidays.country_holidays(country, years=year).items())
