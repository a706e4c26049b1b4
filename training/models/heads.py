"""Learn the quantiles of one number: a median head averaged over seeds, and a head for each other level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.boosting import Trees, grow

__all__ = ["LEVELS", "QuantileHeads"]

Floats = npt.NDArray[np.float64]

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
ROUNDS = 250
PARAMETERS = {
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "lambda_l2": 1.0,
    "bagging_freq": 1,
    "bagging_fraction": 0.8,
    "max_bin": 127,
}
"""250 trees of 15 leaves, seeds averaged: MODELLING 2.4. Fractions of rows and columns make the seeds differ."""
MOST_COLUMNS_A_TREE = 60
MEDIAN_ROWS, TAIL_ROWS, SEEDED_ROWS = 300_000, 60_000, 20_000
"""Rows beyond these are sampled (median, other levels); below the last the median head is averaged over four seeds."""


@dataclass(frozen=True, slots=True)
class QuantileHeads:
    """Hold the forests of each level; the median's is a list to average."""

    medians: tuple[Trees, ...]
    tails: tuple[Trees, ...]

    @classmethod
    def fit(
        cls,
        matrix: npt.NDArray[np.float32],
        target: Floats,
        weight: Floats,
        *,
        categorical: Sequence[int] = (),
        seed: int = 1,
        thorough: bool = True,
    ) -> "QuantileHeads":
        """Learn the quantiles of ``target`` (n,) given ``matrix`` (n, k), rows weighted by ``weight`` (n,).

        Without ``thorough`` the median is one forest instead of four, for trials. LightGBM refuses monotone constraints for absolute error and quantiles; what grows with time must enter relative to a baseline.
        """
        random = np.random.default_rng(seed)
        order = random.permutation(len(target))
        seeds = range(seed, seed + (4 if thorough and len(target) <= SEEDED_ROWS else 1))
        settings = {**PARAMETERS, "feature_fraction": float(np.clip(MOST_COLUMNS_A_TREE / matrix.shape[1], 0.2, 0.7))}

        def head(objective: dict[str, object], rows: npt.NDArray[np.intp], seed: int) -> Trees:
            return grow(
                matrix[rows],
                target[rows],
                weight=weight[rows],
                categorical=categorical,
                rounds=ROUNDS,
                parameters={**settings, **objective},
                seed=seed,
            )

        middle, outer = np.sort(order[:MEDIAN_ROWS]), np.sort(order[:TAIL_ROWS])
        medians = tuple(head({"objective": "l1"}, middle, one) for one in seeds)
        tails = tuple(head({"objective": "quantile", "alpha": level}, outer, seed) for level in LEVELS if level != 0.5)
        return cls(medians, tails)

    def predict(self, matrix: npt.NDArray[np.float32]) -> Floats:
        """Give (n, 7) quantiles at `LEVELS`, in order."""
        median = np.mean([trees.predict(matrix) for trees in self.medians], axis=0)
        tails = [trees.predict(matrix) for trees in self.tails]
        below = np.minimum.accumulate([median, *reversed(tails[:3])], axis=0)[1:][::-1]
        above = np.maximum.accumulate([median, *tails[3:]], axis=0)[1:]
        return np.stack([*below, median, *above], axis=1)

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"medians": [trees.text for trees in self.medians], "tails": [trees.text for trees in self.tails]}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "QuantileHeads":
        """Make it again of plain data."""
        return cls(tuple(map(Trees, state["medians"])), tuple(map(Trees, state["tails"])))
