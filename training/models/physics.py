"""Give the undisturbed hours of a way: the router's or timetable's where known, else the usual ones for its distance."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.models.problem import Rows

__all__ = ["Physics"]

Floats = npt.NDArray[np.float64]

BANDS = 12


@dataclass(frozen=True, slots=True)
class Physics:
    """Hold median log hours at the middle of each distance band, and overall for rows without a distance."""

    log_km: Floats
    log_hours: Floats
    overall: float

    @classmethod
    def fit(cls, rows: Rows, hours: Floats) -> "Physics":
        """Learn from rows and their true hours (n,), all positive; bands hold equally many rows."""
        log_hours = np.log(hours)
        far = rows.distance_km > 0
        if far.sum() < 20 * BANDS:
            return cls(np.zeros(0), np.zeros(0), float(np.median(log_hours)))
        log_km = np.log(rows.distance_km[far])
        edges = np.quantile(log_km, np.linspace(0, 1, BANDS + 1))
        band = np.clip(np.searchsorted(edges, log_km, side="right") - 1, 0, BANDS - 1)
        kept = [one for one in range(BANDS) if (band == one).any()]
        middles = np.array([np.median(log_km[band == one]) for one in kept])
        medians = np.array([np.median(log_hours[far][band == one]) for one in kept])
        return cls(middles, medians, float(np.median(log_hours)))

    def hours(self, rows: Rows) -> Floats:
        """Give (n,) hours, always positive."""
        usual = np.full(len(rows), self.overall)
        far = rows.distance_km > 0
        if len(self.log_km) and far.any():
            usual[far] = np.interp(np.log(rows.distance_km[far]), self.log_km, self.log_hours)
        planned = rows.planned_minutes > 0
        return np.where(planned, np.where(planned, rows.planned_minutes, 1.0) / 60, np.exp(usual))

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"log_km": self.log_km, "log_hours": self.log_hours, "overall": self.overall}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Physics":
        """Make it again of plain data."""
        return cls(state["log_km"], state["log_hours"], state["overall"])
