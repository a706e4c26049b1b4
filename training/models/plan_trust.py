"""Learn how far to trust what was learnt about offsets to a plan, and where to stay with what is usual there.

Most shipments of some timetables come exactly as planned, and what was learnt of the others may not hold in the next months. Mixing the learnt
distribution with the usual one keeps the order of the delay risks and moves the median away from the plan only where much speaks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from training.distribution import RemainingTime
from training.models.heads import LEVELS
from training.models.threshold_heads import ThresholdHeads

__all__ = ["PlanTrust"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

BAND_EDGES_HOURS = (6.0, 24.0, 72.0, 168.0, 504.0)
"""Hours to the plan at which another band begins: what is known an hour, a day, three days, a week and three weeks ahead differs."""
SHARES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25)
"""Shares of the learnt distribution that are tried; the last is the least, so that risks always keep an order."""
JUDGED_SHARE = 0.25
FEWEST_LEARNT, FEWEST_JUDGED = 1_000, 200
MOST_JUDGED = 20_000
CLEARLY = 0.01
PARTS = 4
SHY = 0.55
"""Where the medians do not gain 1 % in every quarter of the judged rows, the model abstains from moving them: the median then leaves the plan only where
the learnt chance is above about four in five. SCMS two weeks before, mean error in days from May 2011, 2012, 2013: on schedule 5.15, 3.88, 6.28;
trusted wholly 5.57, 4.22, 6.43; with .55 5.15, 3.88, 6.28 at the same late AUC (.777, .660, .797)."""


@dataclass(frozen=True, slots=True)
class PlanTrust:
    """Hold for each band of hours to the plan the share (bands,) of the learnt distribution, and the usual masses (bands, m) at its knots."""

    share: Floats
    usual: Floats

    @classmethod
    def learn(
        cls,
        fit: Callable[[Positions], ThresholdHeads],
        matrix: npt.NDArray[np.float32],
        offset: Floats,
        anchor: Floats,
        *,
        at: npt.NDArray[np.int64],
        known_at: npt.NDArray[np.int64],
    ) -> "PlanTrust":
        """Judge heads of the older rows on the newest quarter of the plans, band by band; trust all where there is too little to judge by."""
        share = np.ones(len(BAND_EDGES_HOURS) + 1)
        cut = float(np.quantile(at, 1 - JUDGED_SHARE))
        before, after = np.flatnonzero((at < cut) & (known_at <= cut)), np.flatnonzero(at >= cut)
        if len(before) < FEWEST_LEARNT or len(after) < FEWEST_JUDGED:
            return cls(share, np.empty((len(share), 0)))
        after = after[:: -(-len(after) // MOST_JUDGED)]
        heads = fit(before)
        learnt = cls(share, share[:, None]).usual_of(heads.knots, offset[before], anchor[before])
        masses, band = heads.predict(matrix[after]), bands(anchor[after])
        for one in np.unique(band):
            rows = band == one
            if rows.sum() >= FEWEST_JUDGED:
                share[one] = best_share(heads.knots, masses[rows], learnt.usual[one], offset[after][rows])
        return cls(share, np.empty((len(share), 0)))

    def usual_of(self, knots: Floats, offset: Floats, anchor: Floats) -> "PlanTrust":
        """Give the same shares with the usual masses at some knots; a band of few rows has those of all."""
        # Two equal knots are the two sides of an atom, as in `ThresholdHeads`.
        below = np.append(knots[1:] == knots[:-1], False)

        def reached(some: Floats) -> Floats:
            ordered = np.sort(some)
            count = np.where(below, np.searchsorted(ordered, knots, side="left"), np.searchsorted(ordered, knots, side="right"))
            masses = count / len(some)
            masses[0], masses[-1] = 0.0, 1.0
            return masses

        band = bands(anchor)
        rows = [offset[band == one] for one in range(len(self.share))]
        return replace(self, usual=np.array([reached(some if len(some) >= FEWEST_JUDGED else offset) for some in rows]))

    def blended(self, masses: Floats, anchor: Floats) -> Floats:
        """Mix learnt masses (n, m) with the usual ones of each row's band."""
        band = bands(anchor)
        share = self.share[band][:, None]
        mixed: Floats = share * masses + (1 - share) * self.usual[band]
        return mixed

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"share": self.share, "usual": self.usual}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "PlanTrust":
        """Make it again of plain data."""
        return cls(state["share"], state["usual"])


def bands(anchor: Floats) -> npt.NDArray[np.int64]:
    return np.searchsorted(BAND_EDGES_HOURS, anchor, side="right").astype(np.int64)


def best_share(knots: Floats, masses: Floats, usual: Floats, offset: Floats) -> float:
    """Give the share with the least pinball loss on rows in order of time, at most `SHY` where the medians do not clearly gain in every quarter."""
    levels = np.array(LEVELS)

    def scores(share: float) -> tuple[float, ...]:
        said = RemainingTime.of(knots, share * masses + (1 - share) * usual).quantile(LEVELS)
        gap = offset[:, None] - said
        error = np.abs(gap[:, LEVELS.index(0.5)])
        parts = [float(part.mean()) for part in np.array_split(error, PARTS)]
        return float(np.maximum(levels * gap, (levels - 1) * gap).mean()), *parts

    _, *at_rest = scores(0.0)
    tried = {share: scores(share) for share in SHARES}
    fair = {
        share: loss
        for share, (loss, *errors) in tried.items()
        if share <= SHY or all(error < usually * (1 - CLEARLY) for error, usually in zip(errors, at_rest, strict=True))
    }
    return min(fair, key=lambda share: fair[share])
