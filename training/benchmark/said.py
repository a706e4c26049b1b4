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
    """Hold ``quantiles`` (n, 5) at `LEVELS` and the ``mean`` (n,) in the unit of ``y``, and the late probability (n,), NaN without a promise."""

    quantiles: Floats
    late: Floats
    mean: Floats

    @property
    def median(self) -> Floats:
        """Give the point forecast."""
        return self.quantiles[:, LEVELS.index(0.5)]


def said_of(said: RemainingTime, examples: Examples, *, seconds_per_unit: float) -> Said:
    """Read quantiles, counted as ``y`` is, and the survival at the promise off distributions of the same rows."""
    scale = 3600 / seconds_per_unit
    hours, mean = said.quantile(LEVELS) - examples.ahead_hours[:, None], said.mean() - examples.ahead_hours
    return Said(hours * scale, said.survival(examples.promise_hours), mean * scale)
