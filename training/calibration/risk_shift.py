"""Shift the shown delay risk to the rate of late arrivals that is seen now; ranking by it does not change."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["RiskShift", "shifted"]

Floats = npt.NDArray[np.float64]

HALF_LIFE_DAYS, GAIN, PSEUDO_COUNTS = 10.0, 0.7, 8.0
"""MODELLING 2.7: after a change of regime the raw risk was 1.5 to 2 times too high."""
DAY_MICROS = 86_400_000_000
FORGOTTEN_HALF_LIVES = 8.0


@dataclass(frozen=True, slots=True)
class RiskShift:
    """Hold for *n* forecasts when their promise falls due, the risk that was said (0..1), and whether the shipment came later."""

    due_at: npt.NDArray[np.int64]
    said: Floats
    late: npt.NDArray[np.bool_]

    def at(self, now: int) -> float:
        """Give the shift of the log odds from the promises that were due by ``now``; 0 without any."""
        age = (now - self.due_at) / (HALF_LIFE_DAYS * DAY_MICROS)
        weight = np.where((age >= 0) & (age <= FORGOTTEN_HALF_LIVES), 0.5 ** np.clip(age, 0, FORGOTTEN_HALF_LIVES), 0.0)
        total = float(weight.sum())
        if total == 0:
            return 0.0
        expected = float((weight * self.said).sum())
        mean = expected / total
        happened = ((weight * self.late).sum() + PSEUDO_COUNTS * mean) / (total + PSEUDO_COUNTS)
        return GAIN * float(log_odds(np.array(happened)) - log_odds(np.array(mean)))


def log_odds(probability: Floats) -> Floats:
    """Give log odds of probabilities kept a little inside 0 and 1."""
    inside = np.clip(probability, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(inside / (1 - inside))
    return odds


def shifted(probability: Floats, shift: Floats | float) -> Floats:
    """Give probabilities moved by a shift of their log odds."""
    moved: Floats = 1 / (1 + np.exp(-(log_odds(probability) + shift)))
    return moved
