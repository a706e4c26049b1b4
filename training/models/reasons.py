"""Say in hours what is unusual about a shipment: how the median moves when one group of features is set to what is usual on its lane."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from data.domain.forecasts import Reason
from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.problem import Rows
from training.models.usual import UsualRows

__all__ = ["reasons_of"]

MOST_REASONS = 3
SMALLEST_SHARE, SMALLEST_HOURS = 0.02, 0.05
"""A group that moves the median by less than 2 % or three minutes is no reason."""


def reasons_of(
    answer: Callable[[FeatureMatrix, Rows], RemainingTime],
    features: FeatureMatrix,
    rows: Rows,
    median_hours: npt.NDArray[np.float64],
    usual: UsualRows,
) -> tuple[tuple[Reason, ...], ...]:
    """Give the largest reasons of each row, by hours; positive hours make it later than usual.

    One group is replaced at a time and all answers come from the model itself, so a reason is what the model would say. Groups that work together
    are not told apart: the hours need not add up.
    """
    groups = sorted({column.group for column in features.columns})
    members = [np.array([column.group == group for column in features.columns]) for group in groups]
    ordinary = usual.of(rows)
    variants, moved = [], []
    for number, inside in enumerate(members):
        differs = (features.values != ordinary) & ~(np.isnan(features.values) & np.isnan(ordinary))
        changed = np.flatnonzero((differs & inside).any(axis=1))
        variants.append(np.where(inside, ordinary[changed], features.values[changed]))
        moved += [(row, number) for row in changed.tolist()]
    hours = np.zeros((len(rows), len(groups)))
    if moved:
        position = np.array([row for row, _ in moved], dtype=np.intp)
        without = answer(FeatureMatrix(np.vstack(variants), features.columns), rows.take(position)).quantile((0.5,))[:, 0]
        hours[position, np.array([number for _, number in moved])] = median_hours[position] - without
    return tuple(told(dict(zip(groups, row.tolist(), strict=True)), float(median)) for row, median in zip(hours, median_hours, strict=True))


def told(hours: dict[str, float], median_hours: float) -> tuple[Reason, ...]:
    smallest = max(SMALLEST_HOURS, SMALLEST_SHARE * median_hours)
    largest = sorted(hours, key=lambda group: (-abs(hours[group]), group))[:MOST_REASONS]
    return tuple(Reason(group, round(hours[group], 2)) for group in largest if abs(hours[group]) >= smallest)
