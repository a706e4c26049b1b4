"""Spread one forecast of the arrival over the stops that still lie ahead, and over the road between two scans."""

from datetime import datetime, timedelta

from maps.stops import Passage
from maps.view import ArrivalView, StopState

__all__ = ["estimate", "progress_now"]


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

    No estimate lies in the past, and none is made when the median does: then we know less than the plan pretends.
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
    ahead = path[number + 1 :]
    for stop, share in zip(ahead, planned_shares(path, number), strict=True):
        if not stop.is_door:
            stop.estimated_at = max(now, base + timedelta(seconds=share * (arrival.p50 - base).total_seconds()))


def progress_now(path: list[Passage], arrival: ArrivalView | None, now: datetime) -> tuple[int, float, float] | None:
    """Give where on the leg under way the parcel probably is: (stop it left, least and most share of the leg, 0..1).

    The two shares belong to a parcel that will arrive at the end and at the start of the window; even speed is assumed on the leg.
    ``None`` when no leg is under way or nothing is forecast.
    """
    last = reference(path)
    if last is None or arrival is None:
        return None
    number, left = last
    if path[number].state is not StopState.PASSED or number + 1 >= len(path) or path[number].departed_at is None or arrival.end <= now:
        return None
    share = planned_shares(path, number)[0]

    def travelled(at_door: datetime) -> float:
        leg_seconds = share * (max(at_door, now) - left).total_seconds()
        return min(1.0, (now - left).total_seconds() / leg_seconds) if leg_seconds > 0 else 1.0

    least, most = travelled(arrival.end), travelled(arrival.start)
    return (number, least, most) if least < 0.98 else (number, 0.9, 1.0)
