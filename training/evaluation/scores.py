"""Turn judged rows into scores: overall, by stage, carrier and hours out, with n in every cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from training import metrics
from training.evaluation.judged import LEVELS, quantile_column

__all__ = ["INTERVALS", "MOST_CARRIERS", "late_scores", "point_scores", "time_scores", "with_groups"]

INTERVALS = ((0.8, 0.1, 0.9), (0.9, 0.05, 0.95))
MOST_CARRIERS = 12
GROUPS = ("stage", "carrier", "hours_out", "said_hours", "fortnight")
OTHER_CARRIERS = "other carriers"
Scores = dict[str, Any]


def finite(value: float) -> float | None:
    """Give a JSON number, or ``None`` where a score is undefined."""
    return float(value) if np.isfinite(value) else None


def point_scores(truth: npt.NDArray[np.float64], said: npt.NDArray[np.float64]) -> Scores:
    """Score point forecasts in hours."""
    return {
        "n": len(truth),
        "median_truth": float(np.median(truth)),
        "mae": metrics.mae(truth, said),
        "median_ae": metrics.median_ae(truth, said),
        "rmse": metrics.rmse(truth, said),
        "bias": metrics.bias(truth, said),
    }


def time_scores(frame: pl.DataFrame) -> Scores:
    """Score the distribution of the rows that were delivered: errors of the median, pinball losses and windows, all in hours."""
    known = frame.filter(pl.col("hours").is_not_null())
    if known.is_empty():
        return {"n": 0}
    truth = known["hours"].to_numpy()
    said = {level: known[quantile_column(level)].to_numpy() for level in LEVELS}
    windows = {f"{level:g}": metrics.interval(truth, said[low], said[high], level).as_dict() for level, low, high in INTERVALS}
    return {
        **point_scores(truth, said[0.5]),
        "pinball": {f"{level:g}": metrics.pinball(truth, quantile, level) for level, quantile in said.items()},
        "intervals": windows,
    }


def late_scores(frame: pl.DataFrame) -> Scores:
    """Score the delay risk of rows whose promise lay ahead and whose lateness is known, delivered or not."""
    known = frame.filter(pl.col("late").is_not_null() & pl.col("late_probability").is_not_null())
    if known.is_empty():
        return {"n": 0}
    late, said = known["late"].to_numpy(), known["late_probability"].to_numpy()
    return {
        "n": len(late),
        "base_rate": float(late.mean()),
        "mean_said": float(said.mean()),
        "auc": finite(metrics.roc_auc(late, said)),
        "ap": finite(metrics.average_precision(late, said)),
        "brier": metrics.brier(late, said),
        "ece": metrics.ece(late, said),
    }


def with_groups(frame: pl.DataFrame, score: Callable[[pl.DataFrame], Scores]) -> Scores:
    """Give ``score`` of all rows, and of each stage, carrier, bucket of hours and fortnight; empty cells are left out.

    Errors are read by ``hours_out``, the true time left. Coverage must be read by ``said_hours``: among parcels that in truth came soon,
    those that came surprisingly soon are too many by definition, and no honest window covers them.
    """
    often = frame["carrier"].value_counts(sort=True).sort("count", "carrier", descending=[True, False])["carrier"].head(MOST_CARRIERS)
    named = frame.with_columns(
        carrier=pl.when(pl.col("carrier").is_in(often.implode())).then("carrier").otherwise(pl.lit(OTHER_CARRIERS)),
        fortnight=pl.col("at").dt.truncate("14d").dt.strftime("%Y-%m-%d"),
    )
    return {
        "all": score(frame),
        "by": {group: by_group(named, group, score) for group in GROUPS},
    }


def by_group(frame: pl.DataFrame, group: str, score: Callable[[pl.DataFrame], Scores]) -> dict[str, Scores]:
    cells = {
        str(name): score(cell)
        for (name,), cell in frame.filter(pl.col(group).is_not_null()).sort(group).group_by(group, maintain_order=True)
    }
    return {name: scores for name, scores in cells.items() if scores["n"]}
