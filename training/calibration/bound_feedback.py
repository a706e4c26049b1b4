"""Correct levels while outcomes stream in: "had it come by the bound?" is known for every shipment once the bound has passed.

Feedback at delivery would see fast shipments first and make the median worse (MODELLING 1.5: 5.64 to 5.72-6.02 days); feedback at the bound makes
it better (5.64 to 5.58), because the slow ones answer "no" at the same hour as the fast ones answer "yes".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.calibration.level_map import KNOTS

__all__ = ["BoundFeedback"]

Floats = npt.NDArray[np.float64]

HALF_LIFE_DAYS = 4.0
GAIN = 0.6
"""MODELLING 2.6."""
PRIOR_ROWS = 30.0
"""Answers that count as much as the model's own word."""
DAY_MICROS = 86_400_000_000
FORGOTTEN_HALF_LIVES = 12.0


@dataclass(frozen=True, slots=True)
class BoundFeedback:
    """Hold for *n* forecasts when each level's bound falls due and whether the shipment had come by then.

    ``due_at`` (n, k) are instants (microseconds since 1970 UTC) of the bounds at the inner `KNOTS`; ``came`` (n, k) says whether it had come.
    Bounds that are not due yet are never looked at, so ``came`` may hold the future of a replay without leaking it.
    """

    due_at: npt.NDArray[np.int64]
    came: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, at: npt.NDArray[np.int64], bound_hours: Floats, delivered_hours: Floats) -> "BoundFeedback":
        """Make feedback of moments, the bounds (n, k) that were said in hours, and the hours (n,) to delivery (infinite while open)."""
        due = at[:, None] + np.round(bound_hours * 3_600_000_000).astype(np.int64)
        return cls(due, delivered_hours[:, None] <= bound_hours)

    def levels_at(self, now: int) -> Floats:
        """Give the corrected levels at all `KNOTS` from the bounds that were due by ``now``; the model's own levels without any."""
        age = (now - self.due_at) / (HALF_LIFE_DAYS * DAY_MICROS)
        weight = np.where((age >= 0) & (age <= FORGOTTEN_HALF_LIVES), 0.5 ** np.clip(age, 0, FORGOTTEN_HALF_LIVES), 0.0)
        inner = KNOTS[1:-1]
        hit = ((weight * self.came).sum(axis=0) + PRIOR_ROWS * inner) / (weight.sum(axis=0) + PRIOR_ROWS)
        corrected = np.maximum.accumulate(np.clip(inner + GAIN * (hit - inner), 0.0, 1.0))
        return np.concatenate([[0.0], corrected, [1.0]])
