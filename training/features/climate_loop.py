"""Walk through observations in the order in which they became available, and answer what is usual on the way."""

from typing import Final

import numpy as np
import numpy.typing as npt

from training.features.compiled import compiled

__all__ = ["NEVER", "sweep_climate"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

NEVER: Final = int(np.iinfo(np.int64).min)
HALF_LIFE_MICROS: Final = 30 * 24 * 3_600_000_000.0
"""The last weeks: 30 days, our choice."""
PSEUDO: Final = 90.0
"""Observations of a month's own part of the day that weigh as much as the last weeks: one month of hourly ones in three hours of the day."""


@compiled
def sweep_climate(  # noqa: C901, PLR0917 - one plain loop over vectors
    available: Whole,
    observed: Whole,
    month_cell: Whole,
    recent_cell: Whole,
    values: Real,
    asked_at: Whole,
    asked_order: Whole,
    asked_month: Whole,
    asked_recent: Whole,
    sums: Real,
    counts: Real,
    recent: Real,
    weights: Real,
    times: Whole,
) -> Real:
    """Change the tables in place; give (questions, variables)."""
    width = values.shape[1]
    answers = np.full((len(asked_at), width), np.nan)
    event = 0
    for step in range(len(asked_at) + 1):
        last = step == len(asked_at)
        while event < len(available) and (last or available[event] < asked_at[asked_order[step]]):
            m, r = month_cell[event], recent_cell[event]
            weight = 1.0
            if times[r] == NEVER:
                times[r] = observed[event]
            elif observed[event] >= times[r]:
                fade = 2.0 ** (-(observed[event] - times[r]) / HALF_LIFE_MICROS)
                for v in range(width):
                    recent[r, v] *= fade
                    weights[r, v] *= fade
                times[r] = observed[event]
            else:
                weight = 2.0 ** (-(times[r] - observed[event]) / HALF_LIFE_MICROS)
            for v in range(width):
                value = values[event, v]
                if not np.isnan(value):
                    sums[m, v] += value
                    counts[m, v] += 1.0
                    recent[r, v] += weight * value
                    weights[r, v] += weight
            event += 1
        if last:
            break
        i = asked_order[step]
        if asked_recent[i] < 0:
            continue
        for v in range(width):
            if weights[asked_recent[i], v] > 0.0:
                usual = recent[asked_recent[i], v] / weights[asked_recent[i], v]
                answers[i, v] = (sums[asked_month[i], v] + PSEUDO * usual) / (counts[asked_month[i], v] + PSEUDO)
    return answers
