"""Read the basemap: land, lakes, borders and city names of the world, finer in North America."""

import json
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

__all__ = ["BASEMAP_FILE", "Basemap", "Line", "Town", "read_basemap"]

BASEMAP_FILE = Path(__file__).with_name("basemap.json")

Line = tuple[tuple[float, float], ...]
"""Points as (lat, lon) in degrees."""


@dataclass(frozen=True, slots=True)
class Town:
    """Hold a city for a label; ``rank`` 0 is the largest, 10 the smallest."""

    name: str
    lat: float
    lon: float
    rank: int


@dataclass(frozen=True, slots=True)
class Basemap:
    """Hold Natural Earth as lines: ``land`` and ``lakes`` are closed rings, ``countries`` and ``states`` open borders."""

    land: tuple[Line, ...]
    lakes: tuple[Line, ...]
    countries: tuple[Line, ...]
    states: tuple[Line, ...]
    towns: tuple[Town, ...]


def unpack(flat: list[int], steps_per_degree: int) -> Line:
    """Give back a line from whole steps: the first point, then differences, as lon, lat pairs."""
    lons = accumulate(flat[0::2])
    lats = accumulate(flat[1::2])
    return tuple((lat / steps_per_degree, lon / steps_per_degree) for lon, lat in zip(lons, lats, strict=True))


@cache
def read_basemap(path: Path = BASEMAP_FILE) -> Basemap:
    """Read the committed basemap (once per process; it never changes while one runs)."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    steps = stored["steps_per_degree"]
    layers = {layer: tuple(unpack(line, steps) for line in stored[layer]) for layer in ("land", "lakes", "countries", "states")}
    return Basemap(**layers, towns=tuple(Town(*place) for place in stored["places"]))
