"""Say what Doorcast needs of a router: how far, how long and which way between points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact

__all__ = ["Point", "Router", "Table", "Way", "checked"]

Point = tuple[float, float]
"""Latitude and longitude in WGS84 degrees, in that order."""


@dataclass(frozen=True, slots=True)
class Way:
    """Hold one way.

    ``minutes`` is undisturbed travel. ``answered_by`` names the router; ``instead_of`` says, router by router, why one asked before it did not answer.
    """

    distance_km: float
    minutes: float
    points: tuple[Point, ...]
    answered_by: str
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Hold travel between all sources and targets: float64 (sources, targets), NaN where there is no way."""

    distance_km: npt.NDArray[np.float64]
    minutes: npt.NDArray[np.float64]
    answered_by: str
    instead_of: tuple[str, ...] = ()


class Router(Protocol):
    """Route over roads. Raises `Unavailable` when the service is away or talks nonsense, `NotFound` where it knows no way."""

    @property
    def name(self) -> str:
        """Name the router."""
        ...

    def route(self, points: Sequence[Point]) -> Way:
        """Give the way through two or more points, in their order."""
        ...

    def table(self, sources: Sequence[Point], targets: Sequence[Point]) -> Table:
        """Give distances and times from every source to every target."""
        ...


def checked(points: Sequence[Point], *, least: int) -> tuple[Point, ...]:
    """Give points that are on earth and enough; raises `InvalidFact` for others."""
    if len(points) < least:
        raise InvalidFact(f"{len(points)} points make no way; give at least {least}.")
    for lat, lon in points:
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise InvalidFact(f"the point {lat!r}, {lon!r} is not on earth; check lat and lon.")
    return tuple(points)
