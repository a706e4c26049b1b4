"""Say where a shipment truly was, at any minute."""

from bisect import bisect_right
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl

from data.domain.errors import InvalidFact, NotFound
from data.reference.facilities import reference_facilities
from data.reference.roads import great_circle_km, route
from data.simulator.truth import Truth

__all__ = ["Position", "true_position", "true_track"]

Position = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""


@cache
def facility_points() -> dict[str, Position]:
    places = {item.facility.facility_id: item.facility.place for item in reference_facilities()}
    return {name: (place.lat, place.lon) for name, place in places.items() if place.lat is not None and place.lon is not None}


@cache
def way(mode: str, start: Position, end: Position) -> tuple[tuple[Position, ...], tuple[float, ...]]:
    """Give the points of a way and the share of it that lies before each point: trucks follow roads, planes and vans fly straight."""
    points = route(*start, *end).points if mode == "truck" else (start, end)
    steps = [great_circle_km(*a, *b) for a, b in pairwise(points)]
    done = np.concatenate([[0.0], np.cumsum(steps)])
    shares = done / done[-1] if done[-1] > 0 else np.linspace(0.0, 1.0, len(done))
    return points, tuple(shares.tolist())


def along(mode: str, start: Position, end: Position, share: float) -> Position:
    points, shares = way(mode, start, end)
    after = min(max(bisect_right(shares, share), 1), len(points) - 1)
    (lat1, lon1), (lat2, lon2) = points[after - 1], points[after]
    width = shares[after] - shares[after - 1]
    part = min(max((share - shares[after - 1]) / width, 0.0), 1.0) if width > 0 else 0.0
    return lat1 + (lat2 - lat1) * part, lon1 + (lon2 - lon1) * part


def true_track(truth: Truth, shipment_id: str) -> list[tuple[datetime, datetime, str, Position, Position]]:
    """Give the true movements of one shipment in order: departed, arrived, mode, from where, to where.

    Raises `NotFound` for a shipment that the simulation does not know.
    """
    mine = truth.shipments.filter(pl.col("shipment_id") == shipment_id)
    if mine.is_empty():
        raise NotFound(f"shipment {shipment_id!r} is not in the truth of this simulation.")
    door: Position = (mine["door_lat"][0], mine["door_lon"][0])
    points = facility_points()
    return [
        (
            row["departed_at"],
            row["arrived_at"],
            row["mode"],
            points.get(row["from_facility_id"], door),
            points.get(row["to_facility_id"], door),
        )
        for row in truth.moves.filter(pl.col("shipment_id") == shipment_id).sort("sequence").iter_rows(named=True)
    ]


def true_position(truth: Truth, shipment_id: str, at: datetime) -> Position:
    """Say where a shipment truly was at an instant: at its warehouse before it left, on its way by even speed, where it ended after.

    Raises `NotFound` for an unknown shipment and `InvalidFact` for an instant without zone.
    """
    if at.tzinfo is None:
        raise InvalidFact(f"at {at.isoformat()} has no offset; add one, such as +00:00.")
    at = at.astimezone(UTC)
    here: Position | None = None
    for departed, arrived, mode, start, end in true_track(truth, shipment_id):
        if at < departed:
            return here or start
        if at < arrived:
            return along(mode, start, end, (at - departed) / (arrived - departed))
        here = end
    if here is None:  # never moved: cancelled before it was handled
        return facility_points()[truth.shipments.filter(pl.col("shipment_id") == shipment_id)["origin_facility_id"][0]]
    return here
