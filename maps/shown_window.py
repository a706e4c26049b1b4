"""Fold the stored forecasts into the windows that were shown: a window stands until it must change.

The display is not the prediction. A forecast is made with every scan and every question; a customer who reads "Thursday 2 to 6 p.m." wants to
read it again in the evening. So the fold goes through all forecasts in the order of the moments that they looked from and keeps the shown window
until the newest one contradicts it. It holds no state: the stored history and the moment give the same windows on every server, and every reader
of what is shown (page, list, calendar, picture, messages) takes them from here. ``GET …/eta`` keeps the newest forecast itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from data.domain.forecasts import Forecast
from data.domain.statuses import Status
from maps.standing import MAY_BE_LATE
from maps.times import hour_after, hour_before, local

__all__ = ["Cause", "ShownWindow", "chance_inside", "in_order", "median", "rounded", "shown_windows"]

LEAST_CHANCE = (0.5, 0.5, 0.3)
"""Probability, said by the newest forecast, under which the shown window is given up: the first, the second, any later one. It is shown as an 80 %
window; half of that may be lost before it is taken back, and whoever saw it change twice is asked for more patience. (0.4 throughout costs 1 % more
loss, 0.5 throughout gives one journey in twenty a fourth change: 1,231 journeys of two simulated networks, 2026-11-26.)"""
WORTH_NARROWING = (0.2, 0.2, 0.1)
"""Share of the shown window's width under which a new window replaces it: two days become an afternoon, never 40 hours out of 48."""
LEAST_GAIN = timedelta(hours=4)
"""A narrower window must be narrower by so much: nobody plans by less."""
CHANCE_AT_A_STAGE, NARROWER_AT_A_STAGE = 0.5, 0.6
"""The same two bounds when a new stage begins: people look then, and less is needed to show them a new window."""
CHANCE_OF_NO_RETURN = 0.3
"""A move back is made only when the shown window has become less likely than this; else the window is widened, so that both stand."""
SURELY_IN_TIME = 0.35
"""Risk at which a shipment that was trending late counts as on time again for the shown window: not at every tremble around one half."""
ReadNow = Callable[[Forecast, datetime], Forecast]
"""Give a forecast as it stands at a later moment, given that nothing arrived."""


class Cause(StrEnum):
    """Say why a window was shown."""

    FIRST = "first"
    LEFT = "left"
    NARROWED = "narrowed"
    OUT = "out"
    ATTEMPT = "attempt"
    PROMISE = "promise"
    RAN_OUT = "ran_out"


NEW_STAGES = {Status.OUT_FOR_DELIVERY: Cause.OUT, Status.ATTEMPT_FAILED: Cause.ATTEMPT}
"""Stages at which everybody expects a new window: it is in the van, or it was at the door and comes another day."""


@dataclass(frozen=True, slots=True)
class ShownWindow:
    """Hold one window as it was shown from ``since`` on: full hours on the destination's clock, as instants in UTC.

    ``forecast`` is the one it was taken from, ``p50`` its median then. ``direction`` is 1 for a move to later, -1 to earlier, 0 for a window that lies
    within or around the one before it.
    """

    start: datetime
    end: datetime
    p50: datetime
    since: datetime
    cause: Cause
    direction: int
    forecast: Forecast


def in_order(forecasts: Iterable[Forecast]) -> list[Forecast]:
    """Give forecasts in their total order, each once: by the moment they looked from, then when they were made, then id."""
    unique = {forecast.forecast_id: forecast for forecast in forecasts}
    return sorted(unique.values(), key=lambda forecast: (forecast.as_of, forecast.made_at, forecast.forecast_id))


def shown_windows(
    forecasts: Iterable[Forecast],
    *,
    now: datetime,
    stage_at: Callable[[datetime], Status] = lambda _at: Status.UNKNOWN,
    read_now: ReadNow | None = None,
) -> tuple[ShownWindow, ...]:
    """Give the windows shown up to ``now`` (UTC), oldest first; the last one is shown now.

    ``stage_at`` gives the stage that was known at a moment. Without ``read_now`` a forecast is taken as it was made. When the last window has run out and
    the newest forecast holds nothing that is still to come, its end lies in the past: then there is no window to show.
    """
    read = read_now or (lambda forecast, _at: forecast)
    known = [forecast for forecast in in_order(forecasts) if forecast.as_of <= now]
    shown: list[ShownWindow] = []
    stage_before: Status | None = None
    for number, forecast in enumerate(known):
        at, stage = forecast.as_of, stage_at(forecast.as_of)
        if shown:
            run_out(shown, known[number - 1], until=at, read=read)
        consider(shown, read(forecast, at), at, new_stage=None if stage is stage_before else NEW_STAGES.get(stage))
        stage_before = stage
    if shown:
        run_out(shown, known[-1], until=now, read=read)
    return tuple(shown)


def run_out(shown: list[ShownWindow], newest: Forecast, *, until: datetime, read: ReadNow) -> None:
    """Replace windows that end before ``until``, each at its end, by what the newest forecast says then."""
    while (end := shown[-1].end) <= until:
        start, last = rounded(reading := read(newest, end))
        if reading.window.end <= end or last <= end:
            return
        shown.append(ShownWindow(max(start, end), last, median(reading), end, Cause.RAN_OUT, 1, newest))


def consider(shown: list[ShownWindow], reading: Forecast, at: datetime, *, new_stage: Cause | None) -> None:
    """Show the window of a new forecast if the shown one cannot stand beside it."""
    start, end = rounded(reading)
    start = max(start, floor(at, reading.timezone))
    if not shown:
        shown.append(ShownWindow(start, max(end, start), median(reading), at, Cause.FIRST, 0, reading))
        return
    held = shown[-1]
    begun = max(held.start, floor(at, reading.timezone))
    chance = chance_inside(reading, begun, held.end)
    cause = cause_of(replace(held, start=begun), (start, end), reading, chance=chance, new_stage=new_stage, changes=len(shown) - 1)
    if cause is None or end <= at:
        return
    direction = (end > held.end) - (start < begun)
    if cause is not Cause.ATTEMPT and turns_back(shown, direction, chance):
        start, end, direction = min(start, begun), max(end, held.end), 0
    if (start, end) != (begun, held.end):
        shown.append(ShownWindow(start, end, median(reading), at, cause, direction, reading))


def cause_of(
    held: ShownWindow, new: tuple[datetime, datetime], reading: Forecast, *, chance: float, new_stage: Cause | None, changes: int
) -> Cause | None:
    """Say why the held window cannot stand any more, after so many ``changes`` and now that it has this ``chance`` (0..1); ``None`` when it can."""
    gain, width = (held.end - held.start) - (new[1] - new[0]), new[1] - new[0]
    patience = min(changes, len(LEAST_CHANCE) - 1)
    if held.end <= reading.as_of:
        return Cause.RAN_OUT
    if new_stage is not None and (width <= NARROWER_AT_A_STAGE * (held.end - held.start) or chance < CHANCE_AT_A_STAGE):
        return new_stage
    if chance < LEAST_CHANCE[patience]:
        return Cause.LEFT
    if flips(held.forecast.late_probability, reading.late_probability) and chance < reading.window.level:
        return Cause.PROMISE
    if width <= WORTH_NARROWING[patience] * (held.end - held.start) and gain >= LEAST_GAIN:
        return Cause.NARROWED
    return None


def turns_back(shown: list[ShownWindow], direction: int, chance: float) -> bool:
    """Say whether a move would go back on the last one without clear support, or go back a second time.

    A failed attempt begins a new count: that the parcel comes another day is a fact and no change of mind.
    """
    begin = max((number for number, window in enumerate(shown) if window.cause is Cause.ATTEMPT), default=0)
    moves = [window.direction for window in shown[begin:] if window.direction]
    if not direction or not moves or moves[-1] == direction:
        return False
    return chance >= CHANCE_OF_NO_RETURN or any(a != b for a, b in pairwise(moves))


def flips(before: float | None, after: float | None) -> bool:
    """Say whether the promise's standing changed beyond doubt between two risks (0..1)."""
    if before is None or after is None:
        return False
    return after >= MAY_BE_LATE if before < MAY_BE_LATE else after <= SURELY_IN_TIME


def median(forecast: Forecast) -> datetime:
    """Give the median; where it is not stored, the middle of the window."""
    return dict(forecast.quantiles).get(0.5) or forecast.window.start + (forecast.window.end - forecast.window.start) / 2


def rounded(forecast: Forecast) -> tuple[datetime, datetime]:
    """Give the window as the page says it: widened to full hours on the destination's clock."""
    start, end = local(forecast.window.start, forecast.timezone), local(forecast.window.end, forecast.timezone)
    return hour_before(start).astimezone(UTC), hour_after(end).astimezone(UTC)


def floor(at: datetime, timezone: str) -> datetime:
    return hour_before(local(at, timezone)).astimezone(UTC)


def chance_inside(forecast: Forecast, start: datetime, end: datetime) -> float:
    """Give the probability that a forecast puts between two instants: linear between its stored levels, its tail as long as its upper half."""
    return max(0.0, chance_by(forecast, end) - chance_by(forecast, start))


def chance_by(forecast: Forecast, at: datetime) -> float:
    side = (1 - forecast.window.level) / 2
    corners = {side: forecast.window.start, 1 - side: forecast.window.end, **dict(forecast.quantiles)}
    points = [(0.0, forecast.as_of)]
    for level, instant in sorted(corners.items()):
        points.append((level, max(instant, points[-1][1])))
    points.append((1.0, points[-1][1] + max(points[-1][1] - median(forecast), timedelta(hours=1))))
    for (low, begin), (high, finish) in pairwise(points):
        if at < finish:
            return low + (high - low) * max(0.0, (at - begin) / (finish - begin)) if at > begin else low
    return 1.0
