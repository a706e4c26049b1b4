"""Learn how far truths lie from a median, from the errors that it makes on rows it has not seen; for sets of few rows.

A forest of few rows knows its own rows by heart, and windows learnt from those are too narrow: 80 % windows of Delhivery's legs covered 74 % (four folds
of trips, 2026-11-26). Here every error is out of fold, and each level is where it would have had to lie for its share of them (a conformal
correction on the log scale: Vovk's cross-conformal, Romano, Patterson and Candès' CQR), apart for lanes known and never seen and for short and long ways
(Mondrian), each as far as it has rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.boosting import Trees, grow

__all__ = ["Widths"]

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Forests = tuple[tuple[Trees, ...], tuple[Trees, ...], tuple[Trees, ...]]

PARAMETERS = {
    "learning_rate": 0.05,
    "lambda_l2": 1.0,
    "bagging_freq": 1,
    "bagging_fraction": 0.8,
    "max_bin": 127,
    "cat_smooth": 1.0,
    "cat_l2": 1.0,
}
SIDE = {"objective": "quantile", "num_leaves": 15, "min_data_in_leaf": 20}
SPREAD = {"objective": "l2", "num_leaves": 7, "min_data_in_leaf": 40}
COLUMNS_A_TREE = 20
ROUNDS = 100
OUTER = 0.1
"""The share beyond each side that the forests of the sides are grown for."""
LEAST = 0.03
"""No side is thinner than 3 % of the median."""
EXACT = 0.02
"""An error of 2 % is added before logarithms: a lucky hit does not mean certainty."""
SIZES = 4
"""Groups of equally many ways, short to long."""
PRIOR_ROWS = 100.0
"""A group of so many rows counts as much as all rows together."""


@dataclass(frozen=True, slots=True)
class Widths:
    """Hold forests of the spread and of both sides, and for each group how many sides away each level lies.

    ``factors`` (2 x 4, levels) are of cold lanes, then of seen ones, by size; ``edges`` (3,) part the sizes in hours of the median; ``ends`` (2,) are
    the quantiles of errors in spreads, by which the spread is laid beside the sides.
    """

    spread: tuple[Trees, ...]
    below: tuple[Trees, ...]
    above: tuple[Trees, ...]
    ends: Floats
    edges: Floats
    factors: Floats

    @classmethod
    def fit(
        cls,
        matrix: Matrix,
        hours: Floats,
        usual: Floats,
        unseen: Floats,
        *,
        levels: Sequence[float],
        cold: npt.NDArray[np.bool_],
        fold: Whole,
        categorical: Sequence[int] = (),
        seeds: Sequence[int] = (1,),
    ) -> "Widths":
        """Learn from rows with their true hours (n,), the usual ones, and the ``unseen`` median (n,), said of each row by what the other folds know.

        ``levels`` (m,) lie on both sides of a half, which is not among them; ``cold`` says whose lane was never seen before.
        """
        error, weight = np.log(hours / unseen), np.sqrt(usual)
        seen = beside(matrix, unseen, usual)
        share = float(np.clip(COLUMNS_A_TREE / seen.shape[1], 0.3, 1.0))

        def forests(target: Floats, rows: npt.NDArray[np.intp], shape: dict[str, object]) -> tuple[Trees, ...]:
            parameters = {**PARAMETERS, "feature_fraction": share, **shape}
            return tuple(
                grow(
                    seen[rows],
                    target[rows],
                    weight=weight[rows],
                    categorical=categorical,
                    rounds=ROUNDS,
                    parameters=parameters,
                    seed=seed,
                )
                for seed in seeds
            )

        def grown(rows: npt.NDArray[np.intp]) -> Forests:
            low, high = {**SIDE, "alpha": OUTER}, {**SIDE, "alpha": 1 - OUTER}
            return forests(np.log(np.abs(error) + EXACT), rows, SPREAD), forests(error, rows, low), forests(error, rows, high)

        parts = np.empty((3, len(hours)))
        for one in np.unique(fold):
            inside, outside = np.flatnonzero(fold == one), np.flatnonzero(fold != one)
            parts[:, inside] = [answered(trees, seen[inside]) for trees in grown(outside)]
        ends = np.quantile(error / np.exp(parts[0]), [OUTER, 1 - OUTER])
        edges = np.quantile(unseen, np.arange(1, SIZES) / SIZES)
        factors = factors_of(error, *sides(parts, ends), groups_of(unseen, cold, edges), levels)
        return cls(*grown(np.arange(len(hours))), ends, edges, factors)

    def errors(self, matrix: Matrix, median: Floats, usual: Floats, cold: npt.NDArray[np.bool_]) -> Floats:
        """Give (n, m) the log ratios to the ``median`` (n,) at which the levels lie, never falling along a row."""
        seen = beside(matrix, median, usual)
        below, above = sides(np.stack([answered(trees, seen) for trees in (self.spread, self.below, self.above)]), self.ends)
        factors = self.factors[groups_of(median, cold, self.edges)]
        half = factors.shape[1] // 2
        said = np.hstack([np.minimum(factors[:, :half], 0.0) * below[:, None], np.maximum(factors[:, half:], 0.0) * above[:, None]])
        return np.maximum.accumulate(said, axis=1)

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        forests = {name: [trees.text for trees in getattr(self, name)] for name in ("spread", "below", "above")}
        return {**forests, "ends": self.ends, "edges": self.edges, "factors": self.factors}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Widths":
        """Make it again of plain data."""
        forests = {name: tuple(map(Trees, state[name])) for name in ("spread", "below", "above")}
        return cls(**forests, ends=state["ends"], edges=state["edges"], factors=state["factors"])


def beside(matrix: Matrix, median: Floats, usual: Floats) -> Matrix:
    """Give the columns with the median beside them, alone and in usual hours."""
    return np.hstack([matrix, np.log(median)[:, None], np.log(median / usual)[:, None]]).astype(np.float32)


def answered(trees: tuple[Trees, ...], matrix: Matrix) -> Floats:
    return np.asarray(np.mean([one.predict(matrix) for one in trees], axis=0), dtype=np.float64)


def sides(parts: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Give the widths (n,) below and above: half of what the forests of the sides say, half of what the spread says.

    Either alone is worse (Delhivery, four folds of trips: Winkler 175.5 the spread, 175.9 the sides, 174.0 both).
    """
    spread, low, high = np.exp(parts[0]), parts[1], parts[2]
    return np.maximum(-(low + ends[0] * spread) / 2, LEAST), np.maximum((high + ends[1] * spread) / 2, LEAST)


def groups_of(median: Floats, cold: npt.NDArray[np.bool_], edges: Floats) -> Whole:
    return np.where(cold, 0, SIZES) + np.searchsorted(edges, median)


def factors_of(error: Floats, below: Floats, above: Floats, group: Whole, levels: Sequence[float]) -> Floats:
    """Give (groups, m) where the levels lie, in widths of their side, each group shrunk to all rows."""
    width = [below if level < 0.5 else above for level in levels]
    scaled = np.stack([error / one for one in width])
    overall = np.array([np.quantile(one, level) for one, level in zip(scaled, levels, strict=True)])
    factors = np.tile(overall, (2 * SIZES, 1))
    for one in np.unique(group):
        rows = group == one
        own = np.array([np.quantile(part[rows], level) for part, level in zip(scaled, levels, strict=True)])
        factors[one] = (rows.sum() * own + PRIOR_ROWS * overall) / (rows.sum() + PRIOR_ROWS)
    return factors
