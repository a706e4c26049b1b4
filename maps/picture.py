"""Lay out a journey as a still picture (SVG): what stands in the map's place without JavaScript, on small phones and on paper.

Only shapes are computed here; the template draws and escapes them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from maps.basemap import Bounds, clip_layer
from maps.geometry import split_antimeridian
from maps.map_data import bounds_of
from maps.safe_text import clean
from maps.view import JourneyView, LegState, Line, StopState
from maps.words import DOOR

__all__ = ["Picture", "picture"]

WIDTH, HEIGHT = 360, 250
BLEED = 0.3
"""Share of the size by which the land reaches beyond the frame on each side, for containers of another shape."""

LABEL_HEIGHT, LABEL_PER_LETTER = 15, 6.6


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold one stop of the picture, in picture units; ``label`` is empty where it would cover another one."""

    x: float
    y: float
    kind: str
    state: str
    label: str
    anchor: str
    label_x: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold paths (SVG ``d`` values) and marks of a still picture of ``width`` by ``height`` units.

    ``frame`` says what units mean: units per degree, longitude of the left edge, Mercator ordinate of the top.
    """

    width: int
    height: int
    frame: tuple[float, float, float]
    land: str
    lakes: str
    states: str
    countries: str
    happened: str
    forecast: str
    bands: tuple[str, ...]
    door: tuple[float, float, float] | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Project degrees to picture units (spherical Mercator, as the interactive map does)."""

    scale: float
    west: float
    top: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Give x and y in picture units, y downwards."""
        return (lon - self.west) * self.scale, (self.top - mercator(lat)) * self.scale

    def path(self, lines: Iterable[Line], *, close: bool = False, fine: bool = False) -> str:
        """Give lines as one SVG path: the first point, then differences, in whole units, or in tenths where ``fine``.

        Points nearer than a unit to the last one drawn cannot be seen and are left out, but for the last of a line.
        """
        some = [line for line in lines if line]
        if not some:
            return ""
        units, end = 10 if fine else 1, "z" if close else ""
        points, counts = self.thinned(some, units)
        steps = np.diff(points, axis=0, prepend=0)
        parts, first = [], 0
        for count in counts:
            moved = steps[first + 1 : first + count]
            moved = moved[moved.any(axis=1)]
            if len(moved):
                parts.append(f"M{numbers(points[first], units)}l{numbers(moved, units)}{end}")
            first += count
        return "".join(parts)

    def thinned(self, lines: list[Line], units: int) -> tuple[npt.NDArray[np.int64], list[int]]:
        """Give the points (n, 2) of all lines in parts of a unit (``units`` of them), and how many each line has.

        Of several in one square unit only the first is kept, and the two ends of each line.
        """
        ends = np.cumsum([len(line) for line in lines])
        degrees = np.fromiter(chain.from_iterable(chain.from_iterable(lines)), dtype=np.float64).reshape(-1, 2)
        points = np.stack([(degrees[:, 1] - self.west), (self.top - mercators(degrees[:, 0]))], axis=1) * self.scale
        keep = np.ones(len(points), dtype=bool)
        keep[1:] = np.diff(np.floor(points), axis=0).any(axis=1)
        keep[ends - 1] = keep[ends[:-1]] = True
        return np.round(points[keep] * units).astype(np.int64), np.diff(np.cumsum(keep)[ends - 1], prepend=0).tolist()


def numbers(whole: npt.NDArray[np.int64], units: int) -> str:
    """Give whole numbers, as parts of a unit, as a path writes them: no zeros that say nothing, and a minus sign separates as well as a space.

    One list is written at once, because a call for each point takes most of the time of a page.
    """
    flat = whole.ravel().tolist() if units == 1 else np.round(whole.ravel() / units, 1).tolist()
    return repr(flat)[1:-1].replace(",", "").replace(".0", "").replace(" -", "-")


def mercator(lat: float) -> float:
    """Give the Mercator ordinate of a latitude, in degrees of the equator."""
    return math.degrees(math.log(math.tan(math.radians(45 + max(-85.0, min(85.0, lat)) / 2))))


def mercators(lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the Mercator ordinates of many latitudes."""
    ordinate: npt.NDArray[np.float64] = np.degrees(np.log(np.tan(np.radians(45 + np.clip(lat, -85.0, 85.0) / 2))))
    return ordinate


def unmercator(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(y)))) - 90


def fit(bounds: Bounds) -> tuple[Frame, Bounds]:
    """Give the frame that shows the bounds in the middle, and the wider bounds of the land that is drawn."""
    (south, west), (north, east) = bounds
    low, high = mercator(south), mercator(north)
    scale = min(WIDTH / (east - west), HEIGHT / (high - low))
    left = (west + east) / 2 - WIDTH / scale / 2
    top = (low + high) / 2 + HEIGHT / scale / 2
    wide, tall = WIDTH / scale, HEIGHT / scale
    drawn = (
        (unmercator(top - tall * (1 + BLEED)), max(-180.0, left - wide * BLEED)),
        (unmercator(top + tall * BLEED), min(180.0, left + wide * (1 + BLEED))),
    )
    return Frame(scale, left, top), drawn


@dataclass(frozen=True, slots=True)
class Ground:
    """Hold the paths of the land under a journey."""

    land: str
    lakes: str
    states: str
    countries: str


@lru_cache(maxsize=512)
def ground(bounds: Bounds) -> Ground:
    """Give the land under a journey; journeys over the same way share it."""
    frame, drawn = fit(bounds)
    unit = 1.3 / frame.scale  # about one unit of the picture, in degrees: finer detail cannot be seen
    land, lakes, states, countries = (clip_layer(layer, drawn, unit) for layer in ("land", "lakes", "states", "countries"))
    return Ground(frame.path(land, close=True), frame.path(lakes, close=True), frame.path(states), frame.path(countries))


@lru_cache(maxsize=512)
def way(lines: tuple[Line, ...], bounds: Bounds) -> str:
    """Give lines as one path, kept: an open page asks for the same journey again and again, and its lines change with scans alone."""
    frame, _ = fit(bounds)
    return frame.path((part for line in lines for part in split_antimeridian(line)), fine=True)


def picture(view: JourneyView, *, bounds: Bounds | None = None) -> Picture:
    """Lay out the still picture of a journey; ``bounds`` where they are known already."""
    bounds = bounds or bounds_of(view)
    frame, _ = fit(bounds)
    legs = {state: way(tuple(leg.line for leg in view.legs if leg.state is state), bounds) for state in LegState}
    door = None
    if view.door:
        x, y = frame.at(view.door.lat, view.door.lon)
        radius = view.door.radius_km / 111.2 / math.cos(math.radians(view.door.lat)) * frame.scale
        door = (round(x, 1), round(y, 1), round(max(9.0, radius), 1))
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        frame=(round(frame.scale, 6), round(frame.west, 6), round(frame.top, 6)),
        land=ground(bounds).land,
        lakes=ground(bounds).lakes,
        states=ground(bounds).states,
        countries=ground(bounds).countries,
        happened=legs[LegState.HAPPENED],
        forecast=legs[LegState.FORECAST],
        bands=tuple(way((band.line,), bounds) for band in view.position.bands) if view.position else (),
        door=door,
        marks=marks(view, frame),
    )


def marks(view: JourneyView, frame: Frame) -> tuple[Mark, ...]:
    """Place the stops and, where there is room beside them, their cities: first and last first, then in journey order."""
    placed: list[tuple[float, float, float, float]] = []
    said: set[str] = set()
    found: dict[int, Mark] = {}
    shown = [(number, stop) for number, stop in enumerate(view.stops) if stop.lat is not None]
    last = len(view.stops) - 1
    for number, stop in sorted(shown, key=lambda pair: (pair[0] != last, pair[1].state is not StopState.HERE, pair[0])):
        assert stop.lat is not None and stop.lon is not None  # noqa: S101, PT018 - chosen above
        x, y = (round(part, 1) for part in frame.at(stop.lat, stop.lon))
        city = clean(stop.city, longest=24) or ""
        city = "" if city in said else city
        room = len(city) * LABEL_PER_LETTER
        label, anchor, label_x = "", "start", x + 10
        for side, left in (("start", x + 10), ("end", x - 10 - room)):
            box = (left, y - LABEL_HEIGHT / 2, left + room, y + LABEL_HEIGHT / 2)
            if city and left > 0 and left + room < WIDTH and not any(overlap(box, other) for other in placed):
                label, anchor, label_x = city, side, x + 10 if side == "start" else x - 10
                placed.append(box)
                said.add(city)
                break
        found[number] = Mark(x, y, DOOR if stop.kind == DOOR else "stop", stop.state.value, label, anchor, round(label_x, 1))
    return tuple(found[number] for number in sorted(found))


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
