"""Write the scores of one moment as JSON: point, quantiles, windows, groups and late risk."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from training import metrics
from training.benchmark.said import LEVELS, Said

__all__ = ["late_scores", "point_scores", "scores"]

Floats = npt.NDArray[np.float64]

WITHIN = {"days": (1.0, 2.0, 3.0, 5.0), "minutes": (5.0, 15.0, 30.0, 60.0), "seconds": (60.0, 180.0, 300.0, 600.0)}
"""Limits of "right within", in the task's unit."""
FEWEST_IN_GROUP = 50


def scores(y: Floats, said: Said, *, unit: str, groups: Mapping[str, npt.NDArray[np.bool_]]) -> dict[str, Any]:
    """Score all rows, and each group that has at least 50."""
    quantiles = said.quantiles
    windows = {
        "0.8": metrics.interval(y, quantiles[:, 1], quantiles[:, 3], 0.8).as_dict(),
        "0.9": metrics.interval(y, quantiles[:, 0], quantiles[:, 4], 0.9).as_dict(),
    }
    cells = {}
    for name, rows in groups.items():
        if rows.sum() >= FEWEST_IN_GROUP:
            window = metrics.interval(y[rows], quantiles[rows, 1], quantiles[rows, 3], 0.8)
            cells[name] = {"n": int(rows.sum()), "mae": metrics.mae(y[rows], said.median[rows]), "coverage": window.coverage}
    return {
        **point_scores(y, said.median, unit=unit, mean=said.mean),
        "pinball": {str(level): metrics.pinball(y, quantiles[:, LEVELS.index(level)], level) for level in (0.1, 0.5, 0.9)},
        "intervals": windows,
        "groups": cells,
    }


def point_scores(y: Floats, point: Floats, *, unit: str, mean: Floats | None = None) -> dict[str, Any]:
    """Score a point forecast: every score is of ``point``, the median, but ``rmse``, which is of the ``mean`` where there is one; ``of`` says so.

    The median makes absolute errors least, the mean squared ones; a baseline has one point for both.
    """
    middle = "point" if mean is None else "median"
    return {
        "n": len(y),
        "of": {"mae": middle, "rmse": "point" if mean is None else "mean"},
        "mae": metrics.mae(y, point),
        "rmse": metrics.rmse(y, point if mean is None else mean),
        "rmse_of_median": metrics.rmse(y, point),
        "median_ae": metrics.median_ae(y, point),
        "bias": metrics.bias(y, point),
        "within": {
            **{f"{limit:g}": metrics.within(y, point, limit) for limit in WITHIN[unit]},
            "15%": metrics.within_relative(y, point, 0.15),
        },
    }


def late_scores(late: Floats, probability: Floats, *, rank: Floats | None = None) -> dict[str, Any] | None:
    """Score the delay risk over rows with a promise and a known end; ``None`` where there are none. Undefined ranks are ``None``.

    ``auc`` and ``ap`` rank by ``rank`` (by default the probability); ``brier`` and ``ece`` judge the shown ``probability``, by which ``shown_auc`` ranks.
    """
    known = np.isfinite(late) & np.isfinite(probability)
    if not known.any():
        return None
    y, p, r = late[known], probability[known], (probability if rank is None else rank)[known]
    ranks = {"auc": metrics.roc_auc(y, r), "ap": metrics.average_precision(y, r), "shown_auc": metrics.roc_auc(y, p)}
    return {
        "n": int(known.sum()),
        "base_rate": float(y.mean()),
        **{name: None if np.isnan(value) else value for name, value in ranks.items()},
        "brier": metrics.brier(y, p),
        "ece": metrics.ece(y, p),
        "mean_probability": float(p.mean()),
    }
