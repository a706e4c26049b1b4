"""Correct the levels of distributions by what happened on a later block: if 90 % came by the 80 % mark, that mark becomes 90 %.

A conformal correction in the scale of probabilities (Chernozhukov, Wüthrich, Zhu 2021), so that one map serves every window, the median and
the delay risk at once. Open shipments count as censored, by the product limit (Kaplan, Meier 1958).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.calibration.unknown_pace import unsure
from training.distribution import RemainingTime

__all__ = ["KNOTS", "LevelMap", "product_limit"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]

KNOTS = np.concatenate([[0, 0.01, 0.025], np.arange(0.05, 0.951, 0.05), [0.975, 0.99, 1]])
PRIOR_ROWS = 200.0
"""A group of so many rows is believed half, the other half its parent (a group: all rows; all rows: no correction)."""
GIVEN_UP_LEVEL = 0.97
"""An open row that outlived this level counts as given up where the width is learnt, as in the hazard's own training."""
ALL = ""


@dataclass(frozen=True, slots=True)
class LevelMap:
    """Hold for each group the corrected levels at `KNOTS`, (groups, 25); a group that was never seen is corrected like all."""

    groups: dict[str, int]
    adjusted: Floats

    @classmethod
    def nothing(cls) -> "LevelMap":
        """Give the map that corrects nothing."""
        return cls({ALL: 0}, KNOTS[None, :])

    @classmethod
    def fit(
        cls, reached: Floats, delivered: npt.NDArray[np.bool_], groups: Words, *, keep_median: bool = False, trust: float = 1.0
    ) -> "LevelMap":
        """Learn from rows of a later block: the level ``reached`` (n,) of each at its delivery, or when last seen open.

        With ``keep_median`` only the width is corrected: levels move symmetrically, the median stays where the model put it. ``trust`` (0..1)
        is the share of every correction that is applied: a block of the past is not the future.
        """
        learn = width_correction if keep_median else product_limit
        everything = shrunk(learn(reached, delivered), KNOTS, int(delivered.sum()))
        adjusted, names = [everything], {ALL: 0}
        for name in np.unique(groups.astype(str)):
            rows = groups == name
            names[str(name)] = len(adjusted)
            adjusted.append(shrunk(learn(reached[rows], delivered[rows]), everything, int(delivered[rows].sum())))
        return cls(names, KNOTS + trust * (np.array(adjusted) - KNOTS))

    def apply(self, distribution: RemainingTime, groups: Words) -> RemainingTime:
        """Give the corrected distributions."""
        if len(self.adjusted) == 1:
            return distribution.recalibrated(KNOTS, self.adjusted[0])
        rows = np.array([self.groups.get(name, 0) for name in groups], dtype=np.int64)
        return distribution.recalibrated(KNOTS, self.adjusted[rows])

    def never_narrower(self) -> "LevelMap":
        """Give the same correction without what makes windows narrower than the model says them."""
        below = KNOTS < 0.5
        return LevelMap(self.groups, np.where(below, np.maximum(self.adjusted, KNOTS), np.minimum(self.adjusted, KNOTS)))

    def unsure(self, spread: float) -> "LevelMap":
        """Give the same correction, unsure of the pace: see `unknown_pace.unsure`."""
        return LevelMap(self.groups, unsure(self.adjusted, spread))

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"groups": dict(self.groups), "adjusted": self.adjusted}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "LevelMap":
        """Make it again of plain data."""
        return cls(state["groups"], state["adjusted"])


def product_limit(reached: Floats, delivered: npt.NDArray[np.bool_]) -> Floats:
    """Give the share of rows that had come by each of `KNOTS`, counting rows last seen open only up to the level they had reached."""
    if not delivered.any():
        return KNOTS.copy()
    levels, position = np.unique(reached, return_inverse=True)
    came = np.bincount(position, delivered)
    at_risk = np.cumsum(np.bincount(position)[::-1])[::-1]
    staying = np.cumprod(1 - came / at_risk)
    after = np.searchsorted(levels, KNOTS, side="right")
    share = np.where(after > 0, 1 - staying[np.maximum(after - 1, 0)], 0.0)
    share[-1] = 1.0
    return share


def width_correction(reached: Floats, delivered: npt.NDArray[np.bool_]) -> Floats:
    """Give symmetric levels: the share of rows within each central interval, laid half above and half below the median.

    Open rows count up to where they were seen, as in `product_limit`: the slow ones are still open when a block is read, and without them windows
    were too narrow. Those open beyond `GIVEN_UP_LEVEL` will hardly come, and windows are for what comes.
    """
    followed = delivered | (reached < GIVEN_UP_LEVEL)
    if not delivered.any():
        return KNOTS.copy()
    came = product_limit(reached[followed], delivered[followed])
    inside = np.abs(came[::-1] - came)
    inside[[0, -1]] = 1.0
    levels: Floats = 0.5 + np.sign(np.round(KNOTS - 0.5, 9)) * inside / 2
    return levels


def shrunk(levels: Floats, parent: Floats, rows: int) -> Floats:
    mixed: Floats = (rows * levels + PRIOR_ROWS * parent) / (rows + PRIOR_ROWS)
    mixed = np.maximum.accumulate(mixed)
    mixed[0], mixed[-1] = 0.0, 1.0
    return mixed
