"""Compute with lines on the globe: great circles, the door's area cell, parts of a line, the 180th meridian.

Every point is (lat, lon) in WGS84 degrees; only ``maps.geojson`` turns them round.
"""

import math
from itertools import pairwise

from pyproj import Geod
from shapely.geometry import LineString

from maps.grades import GRADES, Grade
from maps.view import DoorView, Line

__all__ = [
    "clear_of_door",
    "distance_km",
    "door_cell",
    "great_circle",
    "length_km",
    "outside_door",
    "part_of",
    "simplify",
    "split_antimeridian",
]

WGS84 = Geod(ellps="WGS84")


def door_cell(lat: float, lon: float, grade: Grade = Grade.AREA) -> DoorView:
    """Give the area of a door: the centre of the fixed grid cell it lies in, so that averaging many views reveals no more than one."""
    rule = GRADES[grade]
    cell_lat, cell_lon = ((math.floor(part / rule.cell_degrees) + 0.5) * rule.cell_degrees for part in (lat, lon))
    return DoorView(round(min(cell_lat, 90.0), 3), round(min(cell_lon, 180.0), 3), rule.radius_km)


def outside_door(line: Line, door: DoorView) -> Line:
    """Give a line to the door that ends at the cell's centre: its points inside the area are never sent anywhere."""
    centre = (door.lat, door.lon)
    kept = tuple(point for point in line if distance_km(point, centre) > door.radius_km)
    return (*kept, centre) if kept else (centre,)


def clear_of_door(line: Line, door: DoorView | None) -> Line:
    """Give a line between two facilities without its points inside the door's area; the facilities themselves are public and stay."""
    if door is None or len(line) < 3:
        return line
    centre = (door.lat, door.lon)
    return (line[0], *(point for point in line[1:-1] if distance_km(point, centre) > door.radius_km), line[-1])


def beyond_door(line: Line, door: DoorView | None) -> Line:
    """Give the points of a line that lie outside the door's area."""
    return line if door is None else tuple(point for point in line if distance_km(point, (door.lat, door.lon)) > door.radius_km)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    _, _, metres = WGS84.inv(a[1], a[0], b[1], b[0])
    return float(metres) / 1000


def length_km(line: Line) -> float:
    """Give the length of a line over the ellipsoid in kilometres."""
    if len(line) < 2:
        return 0.0
    return float(WGS84.line_length([lon for _, lon in line], [lat for lat, _ in line])) / 1000


def great_circle(start: tuple[float, float], end: tuple[float, float], *, step_km: float = 60.0) -> Line:
    """Give the shortest line over the globe, with a point about every ``step_km``."""
    count = min(200, int(distance_km(start, end) / step_km))
    between = WGS84.npts(start[1], start[0], end[1], end[0], count) if count else []
    return (start, *((lat, lon) for lon, lat in between), end)


def simplify(line: Line, tolerance_degrees: float = 0.003, places: int = 4) -> Line:
    """Give a lighter line: points that move it less than ``tolerance_degrees`` (300 m) are left out, and digits below 10 m."""
    if len(line) < 3:
        return tuple((round(lat, places), round(lon, places)) for lat, lon in line)
    # Across the 180th meridian longitudes jump by 360; planar simplifying would read the jump as a detour, so it is undone first.
    flat = LineString(unwrap(line)).simplify(tolerance_degrees)
    return tuple((round(lat, places), round(wrap(lon), places)) for lat, lon in flat.coords)


def wrap(lon: float) -> float:
    return (lon + 180) % 360 - 180 if not -180 <= lon <= 180 else lon


def unwrap(line: Line) -> list[tuple[float, float]]:
    """Give the line with longitudes that run on past 180 instead of jumping."""
    points = [line[0]]
    for lat, lon in line[1:]:
        turns = round((points[-1][1] - lon) / 360)
        points.append((lat, lon + turns * 360))
    return points


def part_of(line: Line, start: float, end: float) -> Line:
    """Give the part of a line between two fractions (0..1) of its length."""
    start, end = max(0.0, min(start, 1.0)), max(0.0, min(end, 1.0))
    if len(line) < 2 or end <= start:
        return ()
    steps = [distance_km(a, b) for a, b in pairwise(line)]
    total = sum(steps) or 1.0
    points: list[tuple[float, float]] = []
    done = 0.0
    flat = unwrap(line)
    for (a, b), step in zip(pairwise(flat), steps, strict=True):
        low, high = done / total, (done + step) / total
        done += step
        if high < start or low > end or step == 0:
            continue
        for edge in (max(low, start), min(high, end)):
            share = (edge - low) / (high - low)
            point = (a[0] + (b[0] - a[0]) * share, wrap(a[1] + (b[1] - a[1]) * share))
            if not points or points[-1] != point:
                points.append(point)
    return tuple(points)


def split_antimeridian(line: Line) -> tuple[Line, ...]:
    """Give the line in parts that never cross the 180th meridian (RFC 7946, 3.1.9), the crossing added to both sides."""
    lons = [lon for _, lon in line]
    if len(line) < 2 or max(lons) - min(lons) <= 180:
        return (line,)
    parts: list[list[tuple[float, float]]] = [[line[0]]]
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(line):
        if abs(lon_b - lon_a) > 180:
            edge = 180.0 if lon_a > 0 else -180.0
            span = 360 - abs(lon_b - lon_a)
            share = abs(edge - lon_a) / span if span else 0.0
            lat = round(lat_a + (lat_b - lat_a) * share, 6)
            parts[-1].append((lat, edge))
            parts.append([(lat, -edge)])
        parts[-1].append((lat_b, lon_b))
    # A line that starts or ends on the meridian itself leaves a part of one repeated point; it draws nothing and is no LineString.
    return tuple(tuple(part) for part in parts if len(set(part)) > 1) or (line,)
