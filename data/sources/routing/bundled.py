"""Route without any service: the bundled freeways, and great circle times circuity off them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from data.reference.roads import LOCAL_CIRCUITY, RoadRoute, great_circle_km, route
from data.sources.routing.port import Point, Table, Way, checked

__all__ = ["FREEWAY_KPH", "LOCAL_KPH", "Bundled", "undisturbed_minutes"]

LOCAL_KPH: Final = 30.0
FREEWAY_KPH: Final = 88.0
"""Speeds of a van in town and of a truck on freeways (55 mph): our choice, the graph holds none. A forecast learns the pace against these minutes,
so their level does not matter to it; only a served number of minutes shows it."""


class Bundled:
    """Implement `data.sources.routing.port.Router` for any two points on earth; never away. Distances off the mainland's roads are estimates."""

    name = "bundled roads"

    def route(self, points: Sequence[Point]) -> Way:
        """Give the way through the points, part by part."""
        parts = [route(*a, *b) for a, b in pairwise(checked(points, least=2))]
        line = [parts[0].points[0], *(point for part in parts for point in part.points[1:])]
        return Way(sum(part.distance_km for part in parts), sum(map(undisturbed_minutes, parts)), tuple(line), self.name)

    def table(self, sources: Sequence[Point], targets: Sequence[Point]) -> Table:
        """Give distances and times between all pairs."""
        starts, ends = checked(sources, least=1), checked(targets, least=1)
        parts = [[route(*a, *b) for b in ends] for a in starts]
        km = np.array([[part.distance_km for part in row] for row in parts])
        return Table(km, np.array([[undisturbed_minutes(part) for part in row] for row in parts]), self.name)


def undisturbed_minutes(way: RoadRoute) -> float:
    """Give travel time: the first and last stretch at street speed, what lies between on freeways."""
    if len(way.points) <= 2:
        return 60 * way.distance_km / LOCAL_KPH
    (first, second), (third, last) = way.points[:2], way.points[-2:]
    local_km = min(way.distance_km, LOCAL_CIRCUITY * (great_circle_km(*first, *second) + great_circle_km(*third, *last)))
    return 60 * (local_km / LOCAL_KPH + (way.distance_km - local_km) / FREEWAY_KPH)
