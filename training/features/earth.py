"""Measure on the sphere."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from training.features.compiled import compiled

__all__ = ["EARTH_RADIUS_KM", "great_circle_km", "manhattan_km"]

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the earth (IUGG)."""

Real = npt.NDArray[np.float64]


@compiled
def great_circle_km(lat: Real, lon: Real, other_lat: Real, other_lon: Real) -> Real:
    """Give the great-circle distance of each pair of points by the haversine formula; NaN where a coordinate is unknown."""
    distance = np.empty(len(lat), dtype=np.float64)
    for i in range(len(lat)):
        a, b = math.radians(lat[i]), math.radians(other_lat[i])
        half_lat, half_lon = (b - a) / 2, math.radians(other_lon[i] - lon[i]) / 2
        chord = math.sin(half_lat) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_lon) ** 2
        distance[i] = 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord))) if chord == chord else np.nan  # noqa: PLR0124 - NaN
    return distance


@compiled
def manhattan_km(lat: Real, lon: Real, other_lat: Real, other_lon: Real) -> Real:
    """Give the way along a parallel and a meridian, as in a street grid that looks north; NaN where a coordinate is unknown."""
    distance = np.empty(len(lat), dtype=np.float64)
    for i in range(len(lat)):
        north = math.radians(abs(other_lat[i] - lat[i]))
        around = abs(other_lon[i] - lon[i])
        east = math.radians(min(around, 360.0 - around)) * math.cos(math.radians((lat[i] + other_lat[i]) / 2))
        distance[i] = EARTH_RADIUS_KM * (north + east)
    return distance
