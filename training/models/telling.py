"""Choose the columns that tell something: those that win more from the outcome than a shuffled copy of themselves does."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.features.matrix import FeatureMatrix
from training.models.boosting import gains

__all__ = ["telling_columns", "varying_columns"]

Floats = npt.NDArray[np.float64]

LEARNT_GROUPS = frozenset({"history", "facility", "silence"})
MOST_CODES = 8
"""Categories with more codes are learnt by heart; their shrunk history stands for them, as in the hazard (Amazon: 22.27 → 22.13 minutes of RMSE)."""
LEVEL = ".level"
"""Levels of everything are no columns here: out of fold they name the fold, and in time they are a calendar. What is relative to them stays."""
FEWEST_DAYS = 14.0
HOURS = frozenset({"calendar.hour", "calendar.start_hour"})
"""In less than two weeks a weekday or holiday is the name of one day, not a habit."""
PROBE_ROWS = 20_000
PROBE = {"objective": "l1", "learning_rate": 0.1, "num_leaves": 31, "min_data_in_leaf": 40, "feature_fraction": 0.5, "max_bin": 63}
PROBE_ROUNDS, MOST_PROBES = 60, 2
FEWEST_ROWS = 10_000
"""Fewer rows cannot tell: of Delhivery's 1,892 and 3,020 legs the choice kept one column each, and the error rose from 33.0 and 31.0 to 33.8 and 31.3."""
LEAD = 1.5
"""A column must win so many times what its shuffled copy wins."""


def varying_columns(features: FeatureMatrix, *, measured: bool, span_days: float) -> npt.NDArray[np.int64]:
    """Give the positions of columns that vary, without categories of many codes, and without the days where ``span_days`` holds no two weeks.

    Where ``measured`` lanes of an earlier period are at hand, histories of the short period itself only add noise: Delhivery 33.4 minutes with them,
    32.0 without (30 September), and 23.2 against 22.6 on the day before.
    """
    values = features.values
    varying = (values != values[:1]).any(axis=0) & ~np.isnan(values).all(axis=0)
    kept = [
        varying[place]
        and not (measured and column.group in LEARNT_GROUPS)
        and not column.name.endswith(LEVEL)
        and not (span_days < FEWEST_DAYS and column.group == "calendar" and column.name not in HOURS)
        and not (column.categorical and np.nanmax(values[:, place]) >= MOST_CODES)
        for place, column in enumerate(features.columns)
    ]
    return np.flatnonzero(kept).astype(np.int64)


def telling_columns(
    candidates: npt.NDArray[np.float32],
    given: npt.NDArray[np.float32],
    target: Floats,
    weight: Floats,
    *,
    categorical: Sequence[int],
    seed: int,
) -> npt.NDArray[np.int64]:
    """Give the positions of those ``candidates`` (n, k) that tell of ``target`` (n,) what the ``given`` columns (n, m) do not; all where none does or rows are few.

    Small forests see every candidate beside a copy in shuffled order, which has the same values and nothing to say.
    """
    random = np.random.default_rng(seed)
    width = candidates.shape[1]
    if len(target) < FEWEST_ROWS:
        return np.arange(width, dtype=np.int64)
    won = np.zeros(2 * width)
    for time in range(int(np.clip(PROBE_ROWS // len(target), 1, MOST_PROBES))):
        some = np.sort(random.permutation(len(target))[:PROBE_ROWS])
        real = candidates[some]
        shuffled = np.stack([random.permutation(column) for column in real.T], axis=1)
        won += gains(
            np.hstack([real, shuffled, given[some]]),
            target[some],
            weight=weight[some],
            categorical=[*categorical, *(width + place for place in categorical)],
            rounds=PROBE_ROUNDS,
            parameters=PROBE,
            seed=seed + time,
        )[: 2 * width]
    kept = np.flatnonzero(won[:width] > LEAD * won[width:]).astype(np.int64)
    return kept if len(kept) else np.arange(width, dtype=np.int64)
