"""Measure the time of a shipment in usual durations of its own lane: a day is late on a short lane and early on a long one.

Trees that see only days must learn every lane's own curve; on this clock the lanes share one. And when the level of the network moves, the clock moves
with it, while the shape stays: a change of regime reaches the forecast without a new training.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.features.matrix import FeatureMatrix
from training.models.problem import Rows

__all__ = ["LaneClock"]

Floats = npt.NDArray[np.float64]

HANDLING = ("handling.origin_place.20d", "handling.origin_region.60d")
TRANSIT = ("transit.lane_service.60d", "transit.lane.60d", "transit.destination_place.60d", "transit.region_pair.60d")
"""Relative levels by preference: the first that a schema holds; each is shrunk to its parents already."""
SHORTEST_HOURS = 1.0


@dataclass(frozen=True, slots=True)
class LaneClock:
    """Hold ``usual`` (n, 2): the usual hours of handling and of transit on each row's lane now, NaN where nobody knows."""

    usual: Floats

    @classmethod
    def of(cls, features: FeatureMatrix) -> "LaneClock":
        """Read the clock off the history's columns."""
        return cls(np.stack([hours_of(features, "handling", HANDLING), hours_of(features, "transit", TRANSIT)], axis=1))

    def take(self, chosen: npt.NDArray[np.intp]) -> "LaneClock":
        """Give some rows."""
        return LaneClock(self.usual[chosen])

    def shares(self, rows: Rows, row: npt.NDArray[np.intp], elapsed: Floats) -> npt.NDArray[np.float32]:
        """Give (m, 2) for ``elapsed[j]`` hours after the moment of ``rows[row[j]]``: time since creation in usual whole ways, since pickup in usual transits."""
        usual = self.usual[row]
        whole = (rows.age_hours[row] + elapsed) / np.maximum(usual.sum(axis=1), SHORTEST_HOURS)
        moved = (rows.held_hours[row] + elapsed) / np.maximum(usual[:, 1], SHORTEST_HOURS)
        return np.stack([whole, moved], axis=1).astype(np.float32)


def hours_of(features: FeatureMatrix, kind: str, preferred: tuple[str, ...]) -> Floats:
    names = {name: position for position, name in enumerate(features.names)}
    level = names.get(f"history.{kind}.level")
    if level is None:
        return np.full(len(features), np.nan)
    hours = features.values[:, level]
    for name in preferred:
        if (position := names.get(f"history.{name}")) is not None:
            relative = features.values[:, position]
            return np.asarray(hours * np.where(np.isnan(relative), 1.0, relative))
    return hours
