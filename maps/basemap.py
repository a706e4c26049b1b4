"""Cut a piece out of the basemap and pack it the way our script reads it: whole steps and differences."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from data.reference.basemap.basemap import read_basemap
from maps.view import Line

__all__ = ["Bounds", "clip", "clip_layer"]

Bounds = tuple[tuple[float, float], tuple[float, float]]
"""((south, west), (north, east)) in degrees."""

STEPS_PER_DEGREE = 100

LAYERS = ("land", "lakes", "countries", "states")
RINGS = frozenset({"land", "lakes"})


@cache
def shapes(layer: str) -> tuple[Any, Any]:
    """Give a layer of the basemap as shapely geometries (x is lat, y is lon) and their boxes; made once, for all cuts."""
    lines = getattr(read_basemap(), layer)
    if layer in RINGS:
        made = shapely.buffer(shapely.polygons([shapely.linearrings(ring) for ring in lines]), 0)  # necks of simplified rings may cross
    else:
        made = np.array([shapely.linestrings(line) for line in lines], dtype=object)
    return made, shapely.bounds(made)


def clip_layer(layer: str, bounds: Bounds, tolerance_degrees: float = 0.0) -> list[Line]:
    """Give the lines of a layer inside the bounds, simplified; closed layers give closed rings, without the holes of their polygons."""
    (south, west), (north, east) = bounds
    whole, boxes = shapes(layer)
    near = (boxes[:, 0] <= north) & (boxes[:, 2] >= south) & (boxes[:, 1] <= east) & (boxes[:, 3] >= west)
    found = shapely.get_parts(shapely.clip_by_rect(whole[near], south, west, north, east))
    found = shapely.get_parts(found[~shapely.is_empty(found)])
    if layer in RINGS:
        found = shapely.get_exterior_ring(found[shapely.get_type_id(found) == shapely.GeometryType.POLYGON])
    if tolerance_degrees:
        boxes = shapely.bounds(found)
        found = found[(boxes[:, 2] - boxes[:, 0]) + (boxes[:, 3] - boxes[:, 1]) > 3 * tolerance_degrees]  # smaller than a dot
        found = shapely.simplify(found, tolerance_degrees, preserve_topology=False)
    return [tuple(map(tuple, shapely.get_coordinates(line).tolist())) for line in found if shapely.get_num_coordinates(line) > 1]


def pack(lines: Iterable[Line]) -> list[list[int]]:
    packed = []
    for line in lines:
        steps = [(round(lon * STEPS_PER_DEGREE), round(lat * STEPS_PER_DEGREE)) for lat, lon in line]
        kept = [steps[0], *(b for a, b in pairwise(steps) if a != b)]
        if len(kept) > 1:
            packed.append([*kept[0], *(part for (ax, ay), (bx, by) in pairwise(kept) for part in (bx - ax, by - ay))])
    return packed


def clip(bounds: Bounds, *, tolerance_degrees: float = 0.0) -> dict[str, Any]:
    """Give the part of the basemap inside the bounds, in the format of ``data/reference/basemap/basemap.json``."""
    (south, west), (north, east) = bounds
    towns = read_basemap().towns
    return {
        "source": "Natural Earth (public domain)",
        "steps_per_degree": STEPS_PER_DEGREE,
        **{layer: pack(clip_layer(layer, bounds, tolerance_degrees)) for layer in LAYERS},
        "places": [[town.name, town.lat, town.lon, town.rank] for town in towns if south <= town.lat <= north and west <= town.lon <= east],
    }
