"""Say a distribution in calendar days at the destination: percentiles as dates, and the chance of each date being kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from training.distribution import RemainingTime

__all__ = ["PERCENTILES", "Kept", "Percentile", "end_of_day", "kept_by", "kept_dates", "local_date", "percentiles"]

PERCENTILES = (0.5, 0.75, 0.85, 0.9, 0.95, 0.97, 0.99)
"""Levels that checkout promises are read from (the levels of time in transit that shops are used to: EasyPost SmartRate)."""
MOST_DATES = 60


@dataclass(frozen=True, slots=True)
class Percentile:
    """Hold the instant (UTC) by which a share ``level`` of such parcels has come, and the calendar date of it at the destination."""

    level: float
    at: datetime
    date: date


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold the probability that a parcel comes by the end of a date on the destination's calendar."""

    date: date
    probability: float


def local_date(at: datetime, timezone: str) -> date:
    """Give the calendar date of an instant in a zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def end_of_day(day: date, timezone: str) -> datetime:
    """Give the instant (UTC) at which a local date is over: the midnight after it, also where the clocks change in between."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone)).astimezone(UTC)


def percentiles(said: RemainingTime, at: datetime, timezone: str, levels: Sequence[float] = PERCENTILES) -> tuple[Percentile, ...]:
    """Give the percentiles of the first row of ``said``, which is counted from ``at``, to the second."""
    hours = said.quantile(levels)[0]
    instants = [at + timedelta(seconds=round(float(ahead) * 3600)) for ahead in hours]
    return tuple(Percentile(level, found, local_date(found, timezone)) for level, found in zip(levels, instants, strict=True))


def kept_by(said: RemainingTime, at: Sequence[datetime], day: date, timezone: str) -> list[float]:
    """Give for each row, counted from its own instant in ``at``, the probability of coming by the end of a date."""
    over = end_of_day(day, timezone)
    hours = np.array([(over - start).total_seconds() / 3600 for start in at])
    return [float(share) for share in np.clip(said.arrived(hours), 0.0, 1.0)]


def kept_dates(said: RemainingTime, at: datetime, timezone: str, *, until_level: float = 0.99) -> tuple[Kept, ...]:
    """Give each date from the day of ``at`` on with the probability of it being kept, up to the first one that reaches ``until_level``.

    Answers the first row of ``said``; at most 60 dates.
    """
    found: list[Kept] = []
    day = local_date(at, timezone)
    for ahead in range(MOST_DATES):
        found.append(Kept(day + timedelta(days=ahead), kept_by(said.take(np.array([0])), [at], day + timedelta(days=ahead), timezone)[0]))
        if found[-1].probability >= until_level:
            break
    return tuple(found)
