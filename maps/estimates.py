"""Spread one forecast of the arrival over the stops that still lie ahead."""

from datetime import datetime, timedelta

from maps.stops import Passage
from maps.view import ArrivalView

__all__ = ["estimate", "reference"]


def reference(path: list[Passage]) -> tuple[int, datetime] | None:
    """Give the last stop that was seen and the latest time known there."""
    for number in range(len(path) - 1, -1, -1):
        at = path[number].departed_at or path[number].arrived_at
        if at is not None:
            return number, at
    return None


def planned_shares(path: list[Passage], start: int) -> list[float]:
    """Give how far each stop after ``start`` lies on the way to the door, 0..1: by planned times, evenly where the plan has none."""
    ahead = path[start + 1 :]
    count = len(ahead)
    even = [(number + 1) / count for number in range(count)]
    left = path[start].planned_departure_at or path[start].planned_at
    times = [stop.planned_at for stop in ahead]
    if left is None or any(at is None for at in times):
        return even
    known = [at for at in times if at is not None]
    total = (known[-1] - left).total_seconds()
    shares = [(at - left).total_seconds() / total if total > 0 else 0.0 for at in known]
    if any(b < a for a, b in zip([0.0, *shares], shares, strict=False)):
        return even  # a plan that runs backwards says nothing about how far a stop is
    return shares


def estimate(path: list[Passage], arrival: ArrivalView | None, now: datetime) -> None:
    """Write the estimated arrival of each facility ahead: the plan from the last stop on, stretched so that it ends at the median.

    No estimate lies in the past, before the stop's own plan, before that of a stop on the way to it, or after the shown window at the door: where plan and
    forecast contradict each other the stop has none, and none after it. None is made when the median has passed: then we know less than the plan pretends.
    """
    last = reference(path)
    if arrival is None or arrival.p50 <= now:
        return
    if last is None:
        number, base = (0, path[0].planned_departure_at or now) if path and not path[0].is_door else (-1, now)
        if number < 0 or base >= arrival.p50:
            return
    else:
        number, base = last
    soonest = now
    for stop, share in zip(path[number + 1 :], planned_shares(path, number), strict=True):
        if stop.is_door:
            continue
        # Vehicles keep to their timetable or come after it: a stop planned for Monday is not reached today, whatever the stretching says.
        soonest = max(soonest, stop.planned_at or soonest)
        at = max(soonest, base + timedelta(seconds=share * (arrival.p50 - base).total_seconds()))
        if at >= arrival.end:
            return
        stop.estimated_at = soonest = at
