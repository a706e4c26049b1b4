"""Sum the judged rows of a run up for the pictures: a few dozen numbers instead of every row."""

from typing import Any

import numpy as np
import numpy.typing as npt

from data.sources.datasets.dataset import Dataset
from training.benchmark.examples import Examples
from training.benchmark.groups import groups_of
from training.benchmark.said import LEVELS, Said

__all__ = ["lift", "sketch"]

Floats = npt.NDArray[np.float64]
FIFTHS = 5
FEWEST_IN_FORTNIGHT = 50
CHECKED = np.linspace(0.0, 1.0, 26)
"""Shares of the rows, riskiest first, at which the lift is told."""


def sketch(test: Dataset, judged: Examples, said: Said, rivals: dict[str, tuple[Floats, Floats]]) -> dict[str, Any]:
    """Give moment → calibration, error by said horizon, coverage by fortnight, risk lift. ``rivals`` hold name → (median, late probability).

    ``calibration`` has the share of truths at or below each said quantile; ``horizon`` fifths of the rows by the said time left, in the unit of
    the task; ``fortnight`` needs 50 rows; ``lift`` is the share of the late found among the riskiest, ``None`` without a promise.
    """
    found = {}
    for moment in test.task.moments:
        rows = np.flatnonzero(judged.name == moment)
        if not len(rows):
            continue
        part, own = judged.take(rows), said.take(rows)
        others = {name: (median[rows], late[rows]) for name, (median, late) in rivals.items()}
        found[moment] = {
            "calibration": {str(level): float((part.y <= own.quantiles[:, place]).mean()) for place, level in enumerate(LEVELS)},
            "horizon": horizon(test, part, own.median, {name: median for name, (median, _) in others.items()}),
            "fortnight": fortnights(test, part, own),
            "lift": {
                name: lift(part.late, risk) for name, risk in {"doorcast": own.late, **{n: late for n, (_, late) in others.items()}}.items()
            },
        }
    return found


def horizon(test: Dataset, part: Examples, median: Floats, others: dict[str, Floats]) -> list[dict[str, float | None]]:
    """Give mean absolute errors by fifths of the time that we said was left, counted from the moment of asking."""
    left = median + part.ahead_hours * 3600 / test.task.seconds_per_unit
    order = np.argsort(left, kind="stable")
    cells: list[dict[str, float | None]] = []
    for rows in np.array_split(order, FIFTHS):
        if len(rows):
            errors = {name: mean_error(part.y[rows], said[rows]) for name, said in {"doorcast": median, **others}.items()}
            cells.append({"said": float(np.median(left[rows])), "n": len(rows), **errors})
    return cells


def mean_error(y: Floats, said: Floats) -> float | None:
    error = np.abs(said - y)
    return float(error.mean()) if np.isfinite(error).all() else None


def fortnights(test: Dataset, part: Examples, said: Said) -> list[dict[str, Any]]:
    """Give the coverage of the 80 % window in every fortnight with enough rows, in their order."""
    inside = (said.quantiles[:, LEVELS.index(0.1)] <= part.y) & (part.y <= said.quantiles[:, LEVELS.index(0.9)])
    masks = {name.partition(":")[2]: rows for name, rows in groups_of(test, part).items() if name.startswith("fortnight:")}
    return [
        {"from": day, "n": int(rows.sum()), "coverage": float(inside[rows].mean())}
        for day, rows in sorted(masks.items())
        if rows.sum() >= FEWEST_IN_FORTNIGHT
    ]


def lift(late: Floats, risk: Floats) -> list[float] | None:
    """Give the share of the late ones among the riskiest 0, 4 … 100 % of the rows; ``None`` where nobody was late or nothing was said.

    Rows of one risk share their lateness, so that their order does not matter.
    """
    known = np.isfinite(late) & np.isfinite(risk)
    if not known.any() or not late[known].any():
        return None
    values, group, counts = np.unique(-risk[known], return_inverse=True, return_counts=True)
    found = np.bincount(group, weights=late[known], minlength=len(values)).cumsum()
    asked = counts.cumsum()
    share = np.interp(CHECKED * known.sum(), np.append(0, asked), np.append(0, found)) / found[-1]
    return [float(value) for value in share]
