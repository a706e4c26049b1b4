"""Subtract instants: hours between them, NaN where one is unknown."""

from typing import Final

import numpy as np
import numpy.typing as npt

from training.features.codes import UNKNOWN_TIME

__all__ = ["HOUR", "hours_between"]

HOUR: Final = 3_600_000_000
"""Microseconds."""


def hours_between(earlier: npt.NDArray[np.int64], later: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Give ``later - earlier`` in hours (both int64 microseconds), NaN where one of them is unknown."""
    known = (earlier != UNKNOWN_TIME) & (later != UNKNOWN_TIME)
    return np.where(known, (np.where(known, later, 0) - np.where(known, earlier, 0)) / HOUR, np.nan)
