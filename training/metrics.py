"""Score point forecasts, quantiles, windows and probabilities; pure numpy, one definition for benchmark, evaluation and card.

Every score takes vectors of one length *n*: ``truth`` is what happened (any unit of time), the other is what was said before. The result
has the unit of ``truth`` unless it is a share (0..1). Scores of nothing do not exist: *n* = 0 raises `TooLittleData`, NaN raises `InvalidFact`.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact, TooLittleData

__all__ = [
    "IntervalScores",
    "average_precision",
    "bias",
    "brier",
    "ece",
    "interval",
    "mae",
    "median_ae",
    "pinball",
    "reliability_bins",
    "rmse",
    "roc_auc",
    "within",
    "within_relative",
]

Vector = npt.NDArray[np.float64]


def paired(truth: npt.ArrayLike, said: npt.ArrayLike) -> tuple[Vector, Vector]:
    """Give two vectors of one length as floats, or say why they cannot be scored."""
    y, s = np.asarray(truth, dtype=np.float64), np.asarray(said, dtype=np.float64)
    if y.shape != s.shape or y.ndim != 1:
        raise InvalidFact(f"scores need two vectors of one length, got {y.shape} and {s.shape}.")
    if not y.size:
        raise TooLittleData("a score of 0 rows does not exist; leave the cell out or widen it.")
    if np.isnan(y).any() or np.isnan(s).any():
        raise InvalidFact(
            f"{int(np.isnan(y).sum())} truths and {int(np.isnan(s).sum())} forecasts are NaN; score only rows that have both."
        )
    return y, s


def mae(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Give the mean absolute error, mean(|predicted - truth|).

    >>> mae([1.0, 2.0, 6.0], [1.0, 4.0, 5.0])
    1.0
    """
    y, p = paired(truth, predicted)
    return float(np.abs(p - y).mean())


def rmse(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Give the root of the mean squared error, sqrt(mean((predicted - truth)^2)).

    >>> rmse([0.0, 0.0], [3.0, -3.0])
    3.0
    """
    y, p = paired(truth, predicted)
    return float(np.sqrt(np.square(p - y).mean()))


def median_ae(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Give the median absolute error, median(|predicted - truth|).

    >>> median_ae([0.0, 0.0, 0.0], [1.0, 2.0, 30.0])
    2.0
    """
    y, p = paired(truth, predicted)
    return float(np.median(np.abs(p - y)))


def bias(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Give the mean error, mean(predicted - truth): positive when the forecasts come too late.

    >>> bias([1.0, 2.0], [2.0, 5.0])
    2.0
    """
    y, p = paired(truth, predicted)
    return float((p - y).mean())


def within(truth: npt.ArrayLike, predicted: npt.ArrayLike, limit: float) -> float:
    """Give the share of rows with |predicted - truth| <= limit, in 0..1.

    >>> within([0.0, 0.0, 0.0, 0.0], [0.5, 1.0, 2.0, -3.0], 1.0)
    0.5
    """
    y, p = paired(truth, predicted)
    return float((np.abs(p - y) <= limit).mean())


def within_relative(truth: npt.ArrayLike, predicted: npt.ArrayLike, share: float = 0.15) -> float:
    """Give the share of rows with |predicted - truth| <= share x truth, in 0..1.

    >>> within_relative([100.0, 100.0], [114.0, 116.0])
    0.5
    """
    y, p = paired(truth, predicted)
    return float((np.abs(p - y) <= share * y).mean())


def pinball(truth: npt.ArrayLike, quantile: npt.ArrayLike, level: float) -> float:
    """Give the pinball loss of a quantile, mean(max(a (y - q), (a - 1)(y - q))) with a = ``level``.

    Too low costs a per unit, too high 1 - a: the true quantile has the lowest expected loss (Koenker and Bassett, 1978).

    >>> pinball([10.0, 10.0], [8.0, 12.0], 0.9)
    1.0
    """
    y, q = paired(truth, quantile)
    return float(np.maximum(level * (y - q), (level - 1.0) * (y - q)).mean())


@dataclass(frozen=True, slots=True)
class IntervalScores:
    """Hold the scores of windows: ``coverage`` is a share, ``mean_width`` and ``winkler`` have the unit of the truth."""

    coverage: float
    mean_width: float
    winkler: float

    def as_dict(self) -> dict[str, Any]:
        """Give the three numbers by name, for JSON."""
        return asdict(self)


def interval(truth: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike, level: float) -> IntervalScores:
    """Score closed windows [lower, upper] that ought to hold a share ``level`` of the truths.

    Winkler (1972) = width + 2 / (1 - level) x the distance by which the truth lies outside, averaged; lower is better.

    >>> interval([5.0, 12.0], [0.0, 0.0], [10.0, 10.0], 0.8)
    IntervalScores(coverage=0.5, mean_width=10.0, winkler=20.0)
    """
    y, low = paired(truth, lower)
    _, high = paired(truth, upper)
    if crossed := int((low > high).sum()):
        raise InvalidFact(f"{crossed} windows end before they start; sort the quantiles before scoring them.")
    width = high - low
    outside = np.maximum(low - y, 0.0) + np.maximum(y - high, 0.0)
    inside = (low <= y) & (y <= high)
    penalty = 2.0 / (1.0 - level)
    return IntervalScores(float(inside.mean()), float(width.mean()), float((width + penalty * outside).mean()))


def roc_auc(happened: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """Give the area under the ROC curve: the chance that a row where it happened ranks above one where it did not (ties count half).

    NaN when all rows have the same outcome: ranking is undefined there.

    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])
    0.875
    """
    y, p = paired(happened, probability)
    positives = y.sum()
    negatives = y.size - positives
    if positives in (0, y.size):
        return float("nan")
    _, group, counts = np.unique(p, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2.0
    return float((mean_rank[group][y == 1].sum() - positives * (positives + 1) / 2.0) / (positives * negatives))


def average_precision(happened: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """Give the area under the precision-recall steps, sum((R_k - R_(k-1)) P_k) over distinct probabilities from high to low.

    NaN when it never happened.

    >>> average_precision([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.8])
    0.8333333333333333
    """
    y, p = paired(happened, probability)
    if not y.any():
        return float("nan")
    order = np.argsort(-p, kind="stable")
    ranked = y[order]
    last_of_tie = np.append(np.flatnonzero(np.diff(p[order])), y.size - 1)
    hits = np.cumsum(ranked)[last_of_tie]
    precision = hits / (last_of_tie + 1.0)
    recall = hits / y.sum()
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def brier(happened: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """Give the mean squared error of a probability, mean((p - y)^2) (Brier, 1950).

    >>> brier([0, 1], [0.5, 0.5])
    0.25
    """
    y, p = paired(happened, probability)
    return float(np.square(p - y).mean())


def reliability_bins(happened: npt.ArrayLike, probability: npt.ArrayLike, bins: int = 15) -> tuple[Vector, Vector, Vector]:
    """Give (mean probability, share that happened, n) of equal-count bins of the rows sorted by probability.

    Rows with the same probability share their mean outcome before they are cut into bins, so the order of rows never matters.

    >>> said, came, n = reliability_bins([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9], bins=2)
    >>> said.tolist(), came.tolist(), n.tolist()
    ([0.2, 0.8], [0.0, 1.0], [2.0, 2.0])
    """
    y, p = paired(happened, probability)
    _, group, counts = np.unique(p, return_inverse=True, return_counts=True)
    shared = (np.bincount(group, weights=y) / counts)[group]
    order = np.argsort(p, kind="stable")
    cells = [cell for cell in np.array_split(order, min(bins, y.size)) if cell.size]
    said = np.array([p[cell].mean() for cell in cells])
    came = np.array([shared[cell].mean() for cell in cells])
    return said, came, np.array([float(cell.size) for cell in cells])


def ece(happened: npt.ArrayLike, probability: npt.ArrayLike, bins: int = 15) -> float:
    """Give the expected calibration error: sum(n_b / n x |mean probability - share that happened|) over equal-count bins.

    >>> round(ece([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9], bins=2), 12)
    0.2
    """
    said, came, n = reliability_bins(happened, probability, bins)
    return float((n / n.sum() * np.abs(said - came)).sum())
