"""Read a stored forecast at a later moment: time that passed without a delivery moves the window on.

The stored quantiles are a distribution; "not delivered by now" cuts its left part off. So a window that is shown never lies in the
past, without asking the model again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from data.domain.forecasts import Forecast, Window

__all__ = ["Shown", "late_after", "mass_passed", "still_open"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what is shown of a forecast at ``seen_at``: quantiles, window and late probability given that the shipment is still open."""

    forecast: Forecast
    seen_at: datetime
    p10: datetime
    p50: datetime
    p90: datetime
    window: Window
    late_probability: float | None
    quantiles: tuple[tuple[float, datetime], ...] = ()
    """Every stored level as it stands at ``seen_at``, ascending."""


def points(forecast: Forecast) -> list[tuple[float, datetime]]:
    """Give the corners of the distribution: nothing has arrived at ``as_of``, then the stored quantiles."""
    corners = [(0.0, forecast.as_of)]
    for level, at in forecast.quantiles:
        corners.append((level, max(at, corners[-1][1])))
    return corners


def mass_passed(forecast: Forecast, seen_at: datetime) -> float:
    """Give the probability, 0 to the highest stored level, that the forecast put before ``seen_at``."""
    corners = points(forecast)
    for (low, start), (high, end) in pairwise(corners):
        if seen_at < end:
            return low + (high - low) * max(0.0, (seen_at - start) / (end - start))
    return corners[-1][0]


def instant_at(forecast: Forecast, level: float) -> datetime:
    """Give the instant of any level; levels above the highest stored one give its instant."""
    corners = points(forecast)
    for (low, start), (high, end) in pairwise(corners):
        if level <= high:
            return start + (end - start) * ((level - low) / (high - low))
    return corners[-1][1]


def to_minute(at: datetime) -> datetime:
    """Round to the full minute: what is shown must not tremble from one second to the next."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def still_open(forecast: Forecast, seen_at: datetime, *, promised_at: datetime | None) -> Shown:
    """Give the forecast as it stands at ``seen_at``, given that the shipment has not arrived.

    Levels are read from what is left, to the minute: p becomes F(now) + p (1 - F(now)). Once `mass_passed` is above one half the highest levels lie
    beyond the stored ones and the window is too narrow: ask the model again instead.
    """
    passed = mass_passed(forecast, seen_at)
    late = None if forecast.late_probability is None else min(1.0, forecast.late_probability / (1 - passed))

    def at_level(level: float, stored: datetime) -> datetime:
        there = instant_at(forecast, passed + level * (1 - passed)) if passed > 0 else stored
        return max(seen_at, to_minute(there))

    p10, p50, p90 = (at_level(level, forecast.quantile(level)) for level in (0.1, 0.5, 0.9))
    window, side = forecast.window, (1 - forecast.window.level) / 2
    window = Window(at_level(side, window.start), at_level(1 - side, window.end), window.level)
    if late is not None and promised_at is not None and seen_at >= promised_at:
        late = 1.0
    quantiles = tuple((level, at_level(level, stored)) for level, stored in forecast.quantiles)
    return Shown(forecast, seen_at, p10, p50, p90, window, late, quantiles)


def late_after(shown: Shown, promised_at: datetime) -> float:
    """Give the probability of arriving after any date, given that the shipment is open at ``shown.seen_at``.

    Read from the stored quantiles, so it is known between the lowest and the highest level only; beyond them it is the level itself.
    """
    if shown.seen_at >= promised_at:
        return 1.0
    passed = mass_passed(shown.forecast, shown.seen_at)
    return min(1.0, (1 - mass_passed(shown.forecast, promised_at)) / (1 - passed))
