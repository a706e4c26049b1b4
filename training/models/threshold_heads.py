"""Learn the distribution of one number as the chances of lying beyond some thresholds: one binary forest for each.

Quantile heads place every level by a gradient of one sign and are blunt where ranking is asked for; a chance at a fixed threshold is what a direct
classifier learns. Read together, the chances are one distribution, so windows, medians and late risks cannot contradict each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.boosting import Trees, grow_each

__all__ = ["FEW_ROWS", "ThresholdHeads", "thresholds_of"]

Floats = npt.NDArray[np.float64]

SHARES = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.35, 0.45, 0.5, 0.55, 0.65, 0.75, 0.85, 0.9, 0.95, 0.975, 0.99)
"""Of the targets, these lie at or below the thresholds; closer where the usual windows end."""
ENDS = (0.0005, 0.9995)
ATOM_SHARE = 0.05
"""A value that so many targets share is an atom: it gets a threshold just below it, too (SCMS: 62 % arrive on the very day of the schedule)."""
ROUNDS, TRIAL_ROUNDS = 100, 50
FEW_ROUNDS, FEW_TRIAL_ROUNDS = 200, 100
MOST_ROWS, TRIAL_ROWS, FEW_ROWS = 50_000, 15_000, 20_000
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.06,
    "bagging_freq": 1,
    "bagging_fraction": 0.7,
    "max_bin": 63,
}
MANY = {"num_leaves": 31, "min_data_in_leaf": 100, "lambda_l2": 5.0}
FEW = {"num_leaves": 15, "min_data_in_leaf": 30, "lambda_l2": 2.0, "extra_trees": True}
"""Trees for up to `FEW_ROWS`: small, more of them, and split at random places, which averages away what a few thousand rows cannot tell (README)."""
MOST_COLUMNS_A_TREE = 60
RAREST = 30
"""A threshold that fewer rows lie on one side of is answered by the usual share."""


@dataclass(frozen=True, slots=True)
class ThresholdHeads:
    """Hold ``knots`` (m,), the shares ``usual`` (m,) of targets at or below them, and a forest for each knot where it has something to say.

    The first and the last knot are the ends, with masses 0 and 1. Two equal knots are an atom: the mass just below it, and with it.
    """

    knots: Floats
    usual: Floats
    forests: tuple[Trees | None, ...]

    @classmethod
    def fit(
        cls,
        matrix: npt.NDArray[np.float32],
        target: Floats,
        *,
        asked: Sequence[float] = (),
        categorical: Sequence[int] = (),
        seed: int = 1,
        thorough: bool = True,
    ) -> "ThresholdHeads":
        """Learn the distribution of ``target`` (n,) given ``matrix`` (n, k); ``asked`` names thresholds that must be sharp."""
        knots, below = thresholds_of(target, asked)
        chosen = np.arange(len(target))
        most = MOST_ROWS if thorough else TRIAL_ROWS
        if len(target) > most:
            chosen = np.sort(np.random.default_rng(seed).choice(len(target), most, replace=False))
        share = float(np.clip(MOST_COLUMNS_A_TREE / matrix.shape[1], 0.2, 0.7))
        few = len(target) <= FEW_ROWS
        settings = {**PARAMETERS, **(FEW if few else MANY), "feature_fraction": share}
        most_rounds, trial_rounds = (FEW_ROUNDS, FEW_TRIAL_ROUNDS) if few else (ROUNDS, TRIAL_ROUNDS)
        usual: list[float] = []
        told: dict[int, npt.NDArray[np.float32]] = {}
        for place, (knot, strictly) in enumerate(zip(knots, below, strict=True)):
            reached = target < knot if strictly else target <= knot
            usual.append(float(reached.mean()))
            some = reached[chosen]
            if 0 < place < len(knots) - 1 and min(some.sum(), len(some) - some.sum()) >= RAREST:
                told[place] = some.astype(np.float32)
        grown = grow_each(
            matrix[chosen],
            list(told.values()),
            categorical=categorical,
            rounds=most_rounds if thorough else trial_rounds,
            parameters=settings,
            seed=seed,
        )
        forests = dict(zip(told, grown, strict=True))
        usual[0], usual[-1] = 0.0, 1.0
        return cls(knots, np.maximum.accumulate(usual), tuple(forests.get(place) for place in range(len(knots))))

    def predict(self, matrix: npt.NDArray[np.float32]) -> Floats:
        """Give (n, m) masses at or below the knots, never falling along a row."""
        masses = np.tile(self.usual, (len(matrix), 1))
        for place, forest in enumerate(self.forests):
            if forest is not None:
                masses[:, place] = 1 / (1 + np.exp(-forest.predict(matrix)))
        # Where heads contradict each other, the middle between the rising and the falling way of repairing them is nobody's favour.
        rising = np.maximum.accumulate(masses, axis=1)
        falling = np.minimum.accumulate(masses[:, ::-1], axis=1)[:, ::-1]
        repaired: Floats = (rising + falling) / 2
        return repaired

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        texts = [None if forest is None else forest.text for forest in self.forests]
        return {"knots": self.knots, "usual": self.usual, "forests": texts}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "ThresholdHeads":
        """Make it again of plain data."""
        return cls(state["knots"], state["usual"], tuple(None if text is None else Trees(text) for text in state["forests"]))


def thresholds_of(target: Floats, asked: Sequence[float] = ()) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Give the knots (m,), ascending, and which of them ask for less than the knot instead of at most it.

    They are quantiles, both sides of every atom, and what is ``asked`` for where it lies inside; the first and the last are the ends.
    """
    values, counts = np.unique(target, return_counts=True)
    atoms = values[counts >= ATOM_SHARE * len(target)]
    low, high = (float(end) for end in np.quantile(target, ENDS))
    inside = np.array([one for one in asked if low < one < high])
    at_most = np.unique(np.concatenate([np.quantile(target, SHARES, method="inverted_cdf"), atoms, inside]))
    knots = np.concatenate([[low], atoms, at_most, [high]])
    strictly = np.concatenate([[False], np.ones(len(atoms), bool), np.zeros(len(at_most) + 1, bool)])
    # Below an atom comes before with it; the ends stay outermost.
    knots[0], knots[-1] = min(low, knots.min()), max(high, knots.max())
    rank = np.concatenate([[0], np.ones(len(knots) - 2, dtype=int), [2]])
    order = np.lexsort((~strictly, knots, rank))
    return knots[order], strictly[order]
