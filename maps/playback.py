"""Lay a journey out in time, so that it can be played: when each leg was, or will be, under way."""

from datetime import datetime

from maps.view import JourneyView, LegView, MoveView, StopState, StopView

__all__ = ["moves"]


def moves(view: JourneyView) -> tuple[MoveView, ...]:
    """Give one move for each leg whose two ends have a time, in journey order; never backwards, happened ones before forecast ones.

    Happened legs run between their actual times. Ahead, a parcel is drawn as leaving a stop when it is expected there: how long it
    will stand is not known stop by stop, and the door's time is the forecast's median.
    """
    found: list[MoveView] = []
    clock: datetime | None = None
    for number, leg in enumerate(view.legs):
        start, end = left_at(view.stops[leg.from_stop]), reached_at(view, leg)
        if start is None or end is None:
            continue
        begin = start if clock is None else max(start, clock)
        finish = max(end, begin)
        found.append(MoveView(number, begin, finish))
        clock = finish
    return tuple(found)


def left_at(stop: StopView) -> datetime | None:
    """Give when a stop was left, or is expected to be."""
    return stop.departed_at or stop.arrived_at or (stop.estimated_at or stop.planned_at if stop.state is StopState.AHEAD else None)


def reached_at(view: JourneyView, leg: LegView) -> datetime | None:
    """Give when the end of a leg was reached, or is expected to be; what lies ahead is never reached before the moment of showing."""
    stop = view.stops[leg.to_stop]
    actual = stop.arrived_at or stop.departed_at
    if actual is not None:
        return actual
    if stop.state is not StopState.AHEAD:
        return None
    last = leg.to_stop == len(view.stops) - 1
    expected = view.arrival.p50 if last and view.arrival else stop.estimated_at or stop.planned_at
    return None if expected is None else max(expected, view.seen_at)
