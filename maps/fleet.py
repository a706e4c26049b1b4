"""Pack a fleet for the map: one block of numbers, drawn by one canvas layer; never one object for each shipment."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from maps.basemap import Bounds
from maps.map_data import CONTINENT, widened

if TYPE_CHECKING:
    from maps.safe_folium import MapParts

__all__ = ["FLEET_BLOCK", "FleetPoint", "fleet_data", "fleet_map_parts"]

FLEET_BLOCK = "fleet-data"
STEPS_PER_DEGREE = 10_000
"""Grid of the packed places: about 10 m."""
NO_FORECAST = 255


@dataclass(frozen=True, slots=True)
class FleetPoint:
    """Hold where a shipment was last seen and its probability of coming late (0..1, ``None`` without a forecast)."""

    lat: float
    lon: float
    late_probability: float | None


def fleet_data(points: Sequence[FleetPoint]) -> dict[str, Any]:
    """Give the block: count, bounds, and base64 of little-endian int32 latitudes and longitudes and uint8 late percentages."""
    lats = np.array([point.lat for point in points], dtype=np.float64)
    lons = np.array([point.lon for point in points], dtype=np.float64)
    late = np.array([NO_FORECAST if p.late_probability is None else round(100 * p.late_probability) for p in points], dtype=np.uint8)
    return {
        "count": len(points),
        "bounds": bounds_around(lats, lons),
        "steps_per_degree": STEPS_PER_DEGREE,
        "lat": packed(np.rint(lats * STEPS_PER_DEGREE).astype("<i4")),
        "lon": packed(np.rint(lons * STEPS_PER_DEGREE).astype("<i4")),
        "late": packed(late),
    }


def packed(values: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def bounds_around(lats: np.ndarray[Any, Any], lons: np.ndarray[Any, Any]) -> Bounds:
    if not len(lats):
        return CONTINENT
    south, north = widened(float(lats.min()), float(lats.max()), 0.08, 85.0)
    west, east = widened(float(lons.min()), float(lons.max()), 0.08, 180.0)
    return (south, west), (north, east)


@cache
def fleet_map_parts() -> "MapParts":
    """Give the rendered frame of the fleet's map; what is drawn stands in the page's block `FLEET_BLOCK`."""
    # folium takes a second to import; the queue's data block does not need it.
    from maps.safe_folium import OurLayer, SafeMap

    made = SafeMap(CONTINENT, name="fleet", label="fleet", prefer_canvas=True)
    made.add_child(OurLayer("doorcast.drawFleet", FLEET_BLOCK))
    return made.parts()
