"""Forecast the hour of the day at which one shipment's door is reached: its own middle and width, and a shape shared by all.

A plan that names the hour, the van that is out, the service and the place often tell the hour to half an hour, while a usual day spreads over ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.boosting import Trees, grow

__all__ = ["OwnHours", "halves"]

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

ROUNDS = 120
PARAMETERS = {
    "objective": "l1",
    "learning_rate": 0.08,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "lambda_l2": 1.0,
    "feature_fraction": 0.5,
    "max_bin": 127,
}
SHORTEST_WIDTH_HOURS = 0.1
LEVELS = np.concatenate([[0.0, 0.002, 0.005, 0.01], np.arange(0.02, 0.985, 0.02), [0.99, 0.995, 0.998, 1.0]])
"""Levels at which the shape is kept."""


@dataclass(frozen=True, slots=True)
class OwnHours:
    """Hold the forests of middle and width (hours) and the shape: errors over widths at `LEVELS`, (2, levels): later days, the moment's day.

    The middle is counted from the planned hour where there is one, else from ``usual_hour``.
    """

    middle: Trees
    width: Trees
    shape: Floats
    usual_hour: float

    @classmethod
    def fit(
        cls, matrix: Matrix, planned: Floats, hour: Floats, soon: Flags, half: Flags, *, categorical: Sequence[int], seed: int = 1
    ) -> "tuple[OwnHours, OwnHours, OwnHours]":
        """Learn from deliveries at local ``hour`` (n,); give what all rows teach, and what the rows outside and inside ``half`` teach for judging it.

        Errors are taken from the half that a forest has not seen, so that the width is not that of rows learnt by heart.
        """
        usual = float(np.median(hour))
        off_by = hour - np.where(np.isnan(planned), usual, planned)
        errors = np.empty(len(hour))
        parts = []
        for mine in (~half, half):
            forest = grown(matrix[mine], off_by[mine], categorical, seed)
            errors[~mine] = off_by[~mine] - forest.predict(matrix[~mine])
            parts.append(forest)
        width = grown(matrix, np.abs(errors), categorical, seed)
        spread = errors / np.maximum(width.predict(matrix), SHORTEST_WIDTH_HOURS)
        everything = np.quantile(spread, LEVELS)
        shape = np.stack([np.quantile(spread[rows], LEVELS) if rows.sum() >= 200 else everything for rows in (~soon, soon)])
        middle = grown(matrix, off_by, categorical, seed)
        return (cls(middle, width, shape, usual), cls(parts[0], width, shape, usual), cls(parts[1], width, shape, usual))

    def curve(self, matrix: Matrix, planned: Floats, hours: Floats, *, soon: bool) -> Floats:
        """Give (n, m) the share of a day's deliveries made by each of some ``hours`` (m,) of the day, from 0 to 1 at both ends."""
        middle = np.where(np.isnan(planned), self.usual_hour, planned) + self.middle.predict(matrix)
        width = np.maximum(self.width.predict(matrix), SHORTEST_WIDTH_HOURS)
        # Nobody is sure to half a minute, and nothing may fall outside of the day.
        middle = np.clip(middle, hours[0], hours[-1])
        away = (hours[None, :] - middle[:, None]) / width[:, None]
        bounds = self.shape[int(soon)]
        right = np.clip(np.searchsorted(bounds, away, side="right"), 1, len(bounds) - 1)
        step = bounds[right] - bounds[right - 1]
        share = np.clip((away - bounds[right - 1]) / np.where(step > 0, step, 1.0), 0.0, 1.0)
        reached = LEVELS[right - 1] + share * (LEVELS[right] - LEVELS[right - 1])
        low, high = reached[:, :1], reached[:, -1:]
        inside: Floats = (reached - low) / np.maximum(high - low, 1e-9)
        return inside

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"middle": self.middle.text, "width": self.width.text, "shape": self.shape, "usual_hour": self.usual_hour}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "OwnHours":
        """Make it again of plain data."""
        return cls(Trees(state["middle"]), Trees(state["width"]), state["shape"], state["usual_hour"])


def grown(matrix: Matrix, target: Floats, categorical: Sequence[int], seed: int) -> Trees:
    return grow(matrix, target, categorical=categorical, rounds=ROUNDS, parameters=PARAMETERS, seed=seed)


def halves(shipment_ids: npt.NDArray[np.object_], seed: int) -> Flags:
    """Put every shipment with all its rows into one of two halves."""
    names, shipment = np.unique(shipment_ids.astype(str), return_inverse=True)
    return (np.random.default_rng(seed).random(len(names)) < 0.5)[shipment]
