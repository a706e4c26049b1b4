"""Fit a journey into a drawn picture: degrees to points, the journey inside the free part, land as far as the edges.

Web Mercator (EPSG:3857) by geopandas, as the interactive map has it. Longitudes are turned so that the journey lies in one piece, also over the
180th meridian; land is drawn once more on the other side where the picture reaches beyond it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from maps.basemap import LAYERS, clip_layer
from maps.map_data import CONTINENT, LEAST_SPAN_DEGREES
from maps.view import JourneyView, Line

__all__ = ["Box", "Points", "StillFrame", "fit", "ground"]

Points = NDArray[np.float64]
"""Points of a picture, one row each: x from the left, y from the bottom, in points of the picture."""

Box = tuple[float, float, float, float]
"""(left, bottom, right, top) in points of the picture."""

MARGIN = 0.1
"""Share of the journey's size that is left free around it."""

EDGE = 20_037_508.342_789_244
"""Half the length of the equator in Web Mercator (metres)."""


@dataclass(frozen=True, slots=True)
class StillFrame:
    """Turn degrees into points. ``middle_lon`` is the meridian that the picture is turned to; ``points_per_metre`` is of Web Mercator."""

    width: int
    height: int
    middle_lon: float
    left_metres: float
    bottom_metres: float
    points_per_metre: float

    def lines(self, lines: Iterable[Line]) -> list[Points]:
        """Give lines of (lat, lon) as points; each is split where it would run around the back of the globe."""
        parts = [part for line in lines for part in in_one_piece(line, self.middle_lon)]
        return [self.placed(metres) for metres in mercator(parts)]

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Give one place as a point."""
        # One point by the formula itself (EPSG:3857): a table of one row would take a hundred times as long, and towns come by the hundred.
        x = turned(lon, self.middle_lon) / 180 * EDGE
        y = math.log(math.tan(math.radians(45 + max(-85.0, min(85.0, lat)) / 2))) / math.pi * EDGE
        return (x - self.left_metres) * self.points_per_metre, (y - self.bottom_metres) * self.points_per_metre

    def placed(self, metres: Points) -> Points:
        """Give Web Mercator metres (turned) as points."""
        made: Points = (metres - (self.left_metres, self.bottom_metres)) * self.points_per_metre
        return made

    def radius(self, km: float, lat: float) -> float:
        """Give a length on the ground as points, at a latitude."""
        return km * 1000 / math.cos(math.radians(min(abs(lat), 85.0))) * self.points_per_metre


def mercator(lines: list[Line]) -> list[Points]:
    """Give lines as Web Mercator metres; longitudes may lie beyond 180 degrees, latitudes end at 85."""
    if not lines:
        return []
    counts = [len(line) for line in lines]
    flat = np.array([(lon, max(-85.0, min(85.0, lat))) for line in lines for lat, lon in line])
    # A projection takes longitudes of one turn only, so whole turns are put aside and added again as metres.
    turns = np.round(flat[:, 0] / 360)
    series = geopandas.GeoSeries(shapely.points(flat[:, 0] - 360 * turns, flat[:, 1]), crs="EPSG:4326").to_crs("EPSG:3857")
    metres = np.column_stack([series.x.to_numpy() + turns * 2 * EDGE, series.y.to_numpy()])
    return np.split(metres, np.cumsum(counts)[:-1])


def turned(lon: float, middle: float) -> float:
    """Give a longitude within half a turn of the middle."""
    return (lon - middle + 180) % 360 - 180 + middle


def in_one_piece(line: Line, middle: float) -> list[Line]:
    parts: list[list[tuple[float, float]]] = [[]]
    points = [(lat, turned(lon, middle)) for lat, lon in line]
    for before, point in pairwise([points[0], *points]):
        if abs(point[1] - before[1]) > 180:
            parts.append([])
        parts[-1].append(point)
    return [tuple(part) for part in parts if len(part) > 1]


def middle_of(lons: list[float]) -> float:
    """Give the meridian opposite the widest gap between longitudes: around it they lie in one piece."""
    around = sorted({lon % 360 for lon in lons})
    gaps = [(after - lon, lon) for lon, after in pairwise([*around, around[0] + 360])]
    width, start = max(gaps)
    return turned(start + width / 2 + 180, 0.0)


def fit(view: JourneyView, width: int, height: int, free: Box) -> StillFrame:
    """Give the frame that shows the whole journey inside ``free``."""
    points = [(stop.lat, stop.lon) for stop in view.stops if stop.lat is not None and stop.lon is not None]
    points += [point for leg in view.legs for point in leg.line]
    points += [(view.door.lat, view.door.lon)] if view.door else []
    points = points or list(CONTINENT)
    middle = middle_of([lon for _, lon in points])
    lons, lats = [turned(lon, middle) for _, lon in points], [lat for lat, _ in points]
    (corners,) = mercator([(spread(min(lats), max(lats), min(lons), max(lons)))])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    left, bottom, right, top = free
    scale = min((right - left) / (east - west), (top - bottom) / (north - south)) / (1 + 2 * MARGIN)
    return StillFrame(
        width,
        height,
        middle,
        (west + east) / 2 - (left + right) / 2 / scale,
        (south + north) / 2 - (bottom + top) / 2 / scale,
        scale,
    )


def spread(south: float, north: float, west: float, east: float) -> Line:
    """Give two corners, far enough from each other for the fineness of the basemap."""
    tall, wide = max(0.0, LEAST_SPAN_DEGREES - (north - south)) / 2, max(0.0, LEAST_SPAN_DEGREES - (east - west)) / 2
    return (south - tall, west - wide), (north + tall, east + wide)


@lru_cache(maxsize=64)
def ground(frame: StillFrame) -> dict[str, list[Points]]:
    """Give the layers of the basemap under a picture, simplified to what can be seen in it; journeys over the same way share them."""
    west, east = (degrees(frame.left_metres + x / frame.points_per_metre) for x in (0, frame.width))
    south, north = (latitude(frame.bottom_metres + y / frame.points_per_metre) for y in (0, frame.height))
    fine = 0.7 / (frame.points_per_metre * 2 * EDGE / 360)  # a little under one point, in degrees
    found: dict[str, list[Points]] = {layer: [] for layer in LAYERS}
    for turn in (-360, 0, 360):
        low, high = max(-180.0, west - turn), min(180.0, east - turn)
        if low >= high:
            continue
        for layer in LAYERS:
            lines = mercator(clip_layer(layer, ((south - fine, low), (north + fine, high)), fine))
            found[layer] += [frame.placed(np.add(metres, (turn / 360 * 2 * EDGE, 0.0))) for metres in lines]
    return found


def degrees(metres: float) -> float:
    return metres / EDGE * 180


def latitude(metres: float) -> float:
    return math.degrees(2 * math.atan(math.exp(metres / EDGE * math.pi))) - 90
