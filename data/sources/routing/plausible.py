"""Doubt what a router says: shapes and numbers that no road has."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite
from typing import Final

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact
from data.reference.roads import great_circle_km
from data.sources.routing.port import Point

__all__ = ["as_list", "as_object", "check_way", "matrix", "non_negative"]

SNAP_KM: Final = 50.0
"""Routers move a point to the nearest road; farther off it is another place's way."""
FASTEST_KPH: Final = 250.0
LONGEST_KM, LONGEST_MINUTES = 40_100.0, 1_000_000.0


def check_way(asked: Sequence[Point], distance_km: float, minutes: float, points: Sequence[Point]) -> None:
    """Raise `InvalidFact` for a way that is shorter than the great circle, faster than any road or somewhere else."""
    if not (0 <= distance_km <= LONGEST_KM and 0 <= minutes <= LONGEST_MINUTES):
        raise InvalidFact(f"a way of {distance_km:g} km in {minutes:g} min is none.")
    circle = sum(great_circle_km(*a, *b) for a, b in pairwise(asked))
    if distance_km < 0.99 * circle - 2 * SNAP_KM:
        raise InvalidFact(f"a way of {distance_km:.1f} km is shorter than the great circle of {circle:.1f} km.")
    if distance_km > 5 and distance_km > FASTEST_KPH * minutes / 60:
        raise InvalidFact(f"a way of {distance_km:.1f} km in {minutes:.1f} min is faster than any road.")
    if len(points) < 2:
        raise InvalidFact(f"the geometry has {len(points)} points.")
    for ours, theirs in ((asked[0], points[0]), (asked[-1], points[-1])):
        if great_circle_km(*ours, *theirs) > SNAP_KM:
            raise InvalidFact(f"the geometry ends at {theirs[0]:.3f}, {theirs[1]:.3f}, far from {ours[0]:.3f}, {ours[1]:.3f}.")


def matrix(value: object, rows: int, columns: int, factor: float, most: float) -> npt.NDArray[np.float64]:
    """Read a row-major matrix of numbers and nulls (no way: NaN), times a factor."""
    found = np.full((rows, columns), np.nan)
    for i, row in enumerate(as_list(value, rows, "the table")):
        for j, cell in enumerate(as_list(row, columns, "a row of the table")):
            if cell is not None:
                found[i, j] = non_negative(cell, "a cell of the table") * factor
    if (found > most).any():
        raise InvalidFact(f"the table holds {np.nanmax(found):g}, more than {most:g}.")
    return found


def as_object(value: object, name: str) -> Mapping[str, object]:
    """Give a JSON object."""
    if not isinstance(value, dict):
        raise InvalidFact(f"{name} is not an object.")
    return value


def as_list(value: object, length: int, name: str) -> list[object]:
    """Give a JSON list of a length."""
    if not isinstance(value, list) or len(value) != length:
        raise InvalidFact(f"{name} is not a list of {length}.")
    return value


def non_negative(value: object, name: str) -> float:
    """Give a number from 0 up."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise InvalidFact(f"{name} is {str(value)[:40]!r}, not a number from 0 up.")
    return float(value)
