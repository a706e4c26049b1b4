"""Make columns of the local calendar at the destination: hour, weekday, days of rest.

There is no month, no day of the year and no day of the month: models read them as a trend and were worse for it under drift (Olist: 3.4 %
better without them, 2026-11).
"""

import numpy as np
import numpy.typing as npt

from training.features.codes import UNKNOWN_TIME, Codes, instants
from training.features.hours import HOUR
from training.features.local_time import local_micros, zone_codes
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.subjects import Subjects
from training.features.working_days import OffDays, off_days

__all__ = ["DAY", "add_calendar", "destination_zones"]

DAY = 24 * HOUR
AHEAD = 10
"""Days looked ahead for the next working day."""

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


def destination_zones(subjects: Subjects) -> tuple[tuple[str, ...], Whole]:
    """Give the zones in use and the number of the zone of every *shipment*: the destination's, or else the origin's, or else UTC."""
    return zone_codes(subjects.frame["to.timezone"], subjects.frame["from.timezone"])


def add_calendar(sink: ColumnSink, state: MomentState) -> None:
    """Add the calendar of each moment, and the working days since creation and possession, by the destination's clock.

    ``start_hour`` is the origin's clock at the start of the way.
    """
    zones, zone = destination_zones(state.subjects)
    of_moment = zone[state.row]
    local = local_micros(state.at, zones, of_moment)
    today = local // DAY
    sink.add("calendar", "hour", (local - today * DAY) / HOUR)
    origin_zones, origin_zone = zone_codes(state.subjects.frame["from.timezone"], state.subjects.frame["to.timezone"])
    start = local_micros(state.starts, origin_zones, origin_zone[state.row])
    sink.add("calendar", "start_hour", (start % DAY) / HOUR)
    sink.add("calendar", "weekday", ((today + 3) % 7).astype(np.float64))
    created = local_micros(instants(state.subjects.frame["created_at"]), zones, zone)[state.row] // DAY
    possessed_at = state.journeys.possession_at
    possessed = np.where(possessed_at == UNKNOWN_TIME, UNKNOWN_TIME, local_micros(possessed_at, zones, of_moment) // DAY)
    for name, values in rest_columns(state.subjects, state.row, today, created, possessed).items():
        sink.add("calendar", name, values)


def rest_columns(subjects: Subjects, row: Whole, today: Whole, created: Whole, possessed: Whole) -> dict[str, Real]:
    """Give the columns that hang on days of rest, country by country. All days count from 1970 in local time."""
    names = (
        "is_off", "was_off_yesterday", "is_off_tomorrow", "off_days_next_3", "off_days_next_7", "days_to_working_day",
        "working_days_since_created", "working_days_since_possession",
    )  # fmt: skip
    columns = {name: np.full(len(row), np.nan) for name in names}
    countries = Codes.of_distinct(subjects.frame["to.country"])
    country = countries.of(subjects.frame["to.country"])[row]
    for number in np.unique(country):
        chosen = np.flatnonzero(country == number)
        days = off_days_around(countries.texts[int(number)] if number >= 0 else "", today[chosen], created[chosen], possessed[chosen])
        now = today[chosen]
        columns["is_off"][chosen] = days.is_off(now)
        columns["was_off_yesterday"][chosen] = days.is_off(now - 1)
        columns["is_off_tomorrow"][chosen] = days.is_off(now + 1)
        columns["off_days_next_3"][chosen] = 3 - days.working_days(now + 1, now + 4)
        columns["off_days_next_7"][chosen] = 7 - days.working_days(now + 1, now + 8)
        ahead = np.stack([~days.is_off(now + step) for step in range(1, AHEAD + 1)])
        columns["days_to_working_day"][chosen] = np.where(ahead.any(axis=0), ahead.argmax(axis=0) + 1, AHEAD + 1)
        columns["working_days_since_created"][chosen] = days.working_days(created[chosen], now)
        known = possessed[chosen] != UNKNOWN_TIME
        start = np.where(known, possessed[chosen], now)
        columns["working_days_since_possession"][chosen] = np.where(known, days.working_days(start, now), np.nan)
    return columns


def off_days_around(country: str, *days: Whole) -> OffDays:
    """Give a country's calendar for whole decades around some days, so that few calendars are ever made."""
    known = np.concatenate([day[day != UNKNOWN_TIME] for day in days])
    years = known.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return off_days(country, int(years.min()) // 10 * 10 - 1, int(years.max()) // 10 * 10 + 10)
