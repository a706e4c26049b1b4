"""Hold what was said of examples, in the unit of the task."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.benchmark.examples import Examples
from training.distribution import RemainingTime

__all__ = ["LEVELS", "Said", "said_of"]

Floats = npt.NDArray[np.float64]

LEVELS = (0.05, 0.1, 0.5, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Said:
    """Hold ``quantiles`` (n, 5) at `LEVELS` and the ``mean`` (n,) in the unit of ``y``, and the late probability (n,), NaN without a promise.

    ``rank`` (n,) is the late probability before the pace of the day moved it. That moves all shipments of a day alike, so it changes no queue, but it
    would mix days when rows of months are ranked together (MODELLING 2.7: rank by the raw risk, display it corrected).
    """

    quantiles: Floats
    late: Floats
    mean: Floats
    rank: Floats

    def take(self, rows: npt.NDArray[np.intp]) -> "Said":
        """Give some rows, by position."""
        return Said(self.quantiles[rows], self.late[rows], self.mean[rows], self.rank[rows])

    @property
    def median(self) -> Floats:
        """Give the point forecast."""
        return self.quantiles[:, LEVELS.index(0.5)]


def said_of(said: RemainingTime, examples: Examples, *, seconds_per_unit: float, unpaced: RemainingTime | None = None) -> Said:
    """Read quantiles, counted as ``y`` is, and the survival at the promise off distributions of the same rows; ``unpaced`` ranks the risks."""
    scale = 3600 / seconds_per_unit
    hours, mean = said.quantile(LEVELS) - examples.ahead_hours[:, None], said.mean() - examples.ahead_hours
    late = said.survival(examples.promise_hours)
    rank = late if unpaced is None else unpaced.survival(examples.promise_hours)
    return Said(hours * scale, late, mean * scale, rank)
