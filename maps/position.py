"""Lay the probable whereabouts of a parcel on the lines that are drawn, never closer to the door than its area."""

from collections.abc import Sequence
from datetime import datetime

from data.domain.forecasts import Forecast
from data.domain.journeys import Journey
from data.domain.statuses import TERMINAL, Status
from data.facts.passage_habits import PassageHabits
from maps.estimates import reference
from maps.geometry import beyond_door, distance_km, length_km, part_of
from maps.stops import Passage
from maps.view import BandView, DoorView, LegView, Line, PositionView
from maps.whereabouts import Hop, Whereabouts, whereabouts

__all__ = ["SHORTEST_BAND_KM", "position"]

SHORTEST_BAND_KM = 4.0
"""Length of the stretch that stands for a place where the parcel probably stands: a point would not be seen as a band on any map."""

NOWHERE = TERMINAL | {Status.RETURNING, Status.AVAILABLE_FOR_PICKUP, Status.EXPIRED, Status.UNKNOWN, Status.PRE_TRANSIT}
"""Stages in which there is no way to go, or none that has begun."""


def position(
    path: list[Passage],
    legs: tuple[LegView, ...],
    door: DoorView | None,
    *,
    journey: Journey,
    forecast: Forecast | None,
    habits: PassageHabits,
    now: datetime,
) -> PositionView | None:
    """Give where the parcel probably is at ``now`` (UTC), on the whole way from the last stop that was seen; ``None`` without a way or a parcel."""
    seen = reference(path)
    if seen is None or journey.status in NOWHERE:
        return None
    number, _ = seen
    stretch = [leg for leg in legs if leg.from_stop >= number]
    if not stretch or stretch[0].from_stop != number:
        return None
    lines = [outside(leg.line, door) if path[leg.to_stop].is_door and door else leg.line for leg in stretch]
    lengths = [length_km(line) for line in lines]

    def hours(at: datetime | None) -> float | None:
        return None if at is None else (at - now).total_seconds() / 3600

    hops = [
        Hop(
            mode=leg.mode,
            length_km=length,
            planned_departure=hours(path[leg.from_stop].planned_departure_at),
            planned_arrival=hours(path[leg.to_stop].planned_at),
            first=leg.from_stop == 0,
            to_door=path[leg.to_stop].is_door,
            hidden_km=door.radius_km if path[leg.to_stop].is_door and door and length else 0.0,
        )
        for leg, length in zip(stretch, lengths, strict=True)
    ]
    failed = journey.status_since if journey.status is Status.ATTEMPT_FAILED else None
    found = whereabouts(
        hops,
        arrived=hours(path[number].arrived_at),
        left=hours(path[number].departed_at),
        habits=habits,
        door=[] if forecast is None else [(level, (at - now).total_seconds() / 3600) for level, at in forecast.quantiles],
        failed=hours(failed),
    )
    if found is None or sum(lengths) <= 0:
        return None
    stands = None if found.stands_at is None else stretch[min(found.stands_at, len(stretch) - 1)].from_stop
    return laid_out(found, joined(lines), stands, door)


def laid_out(found: Whereabouts, way: Line, stands_at: int | None, door: DoorView | None) -> PositionView | None:
    """Put the kilometres on the way: each band a stretch of at least `SHORTEST_BAND_KM`, without its points inside the door's area."""
    total = length_km(way)
    if total <= 0:
        return None
    bands = []
    for band in found.bands:
        missing = max(0.0, SHORTEST_BAND_KM - (band.end_km - band.start_km)) / 2
        start = min(max(0.0, band.start_km - missing), max(0.0, total - SHORTEST_BAND_KM))
        end = max(min(total, band.end_km + missing), min(total, SHORTEST_BAND_KM))
        line = beyond_door(part_of(way, start / total, end / total), door)
        if len(line) > 1:
            bands.append(BandView(band.level, line, band.chance))
    if not bands:
        return None
    share = min(max(found.most_probable_km / total, 0.0), 1.0)
    near = beyond_door(part_of(way, max(0.0, share - 1e-4), max(share, 1e-4)), door)
    return PositionView(tuple(bands), near[-1] if near else bands[-1].line[-1], stands_at)


def joined(lines: Sequence[Line]) -> Line:
    """Give several lines as one; where one begins at the end of the one before it, that point is there once."""
    way: list[tuple[float, float]] = []
    for line in lines:
        way += [point for point in line if not way or point != way[-1]]
    return tuple(way)


def outside(line: Line, door: DoorView) -> Line:
    """Give the part of a line to the door that lies outside the door's area: it ends at the area's edge."""
    centre = (door.lat, door.lon)
    kept = [point for point in line if distance_km(point, centre) > door.radius_km]
    if not kept:
        return line[:1]
    last = kept[-1]
    share = 1 - door.radius_km * 1.01 / distance_km(last, centre)
    edge = part_of((last, centre), 0.0, share)
    return (*kept, *edge[1:])
