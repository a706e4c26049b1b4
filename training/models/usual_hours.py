"""Learn at which hour of the day doors are usually reached: shrunk histograms by stage, kind of day, service and region."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.models.problem import Rows

__all__ = ["UsualHours"]

Floats = npt.NDArray[np.float64]

SLOTS = 48
"""Half hours of a day."""
PRIOR_DELIVERIES = 40.0
"""A cell counts fully against its parent once it has seen several times this many deliveries; chosen by eye, the effect is small."""


@dataclass(frozen=True, slots=True)
class UsualHours:
    """Hold one share-of-the-day-reached curve per cell, (cells, 49): 0 at midnight, 1 at the next.

    Cells go from coarse to fine, ``day off`` → ``stage`` → ``service, region``; a cell that was never seen answers as its parent.
    """

    cells: dict[str, int]
    curves: Floats

    @classmethod
    def fit(cls, rows: Rows, local_hour: Floats, day_off: npt.NDArray[np.bool_], soon: npt.NDArray[np.bool_]) -> "UsualHours":
        """Learn from deliveries: the local hour (n,) at which each row was delivered, whether on a day off, and whether on the moment's day.

        Only deliveries of the same day speak about stages: on later days the stage of the moment says little about the hour.
        """
        slot = np.clip((local_hour * 2).astype(np.int64), 0, SLOTS - 1)
        curves = [shares(np.bincount(slot, minlength=SLOTS), np.full(SLOTS, 1 / SLOTS))]
        cells = {"": 0}
        for level in range(1, 4):
            keys = cell_names(rows, day_off, soon, level)
            for key in np.unique(keys.astype(str)):
                counts = np.bincount(slot[keys == key], minlength=SLOTS)
                parent = curves[cells[key.rsplit(SEPARATOR, 1)[0]]]
                cells[str(key)] = len(curves)
                curves.append(shares(counts, parent))
        reached = np.hstack([np.zeros((len(curves), 1)), np.cumsum(np.array(curves), axis=1)])
        return cls(cells, reached / reached[:, -1:])

    def curve(self, rows: Rows, day_off: npt.NDArray[np.bool_], *, soon: bool) -> Floats:
        """Give (n, 49) the share of a day's deliveries made by each half hour, for days that are off or not (n,)."""
        names = cell_names(rows, day_off, np.full(len(rows), soon), 3)
        unique, codes = np.unique(names.astype(str), return_inverse=True)
        return self.curves[np.array([self.nearest(str(name)) for name in unique], dtype=np.int64)[codes]]

    def nearest(self, name: str) -> int:
        """Give the position of a cell or of its nearest known parent."""
        while name not in self.cells:
            name = name.rsplit(SEPARATOR, 1)[0]
        return self.cells[name]

    def to_state(self) -> dict[str, object]:
        """Give plain data."""
        return {"cells": dict(self.cells), "curves": self.curves}

    @classmethod
    def from_state(cls, state: dict[str, object]) -> "UsualHours":
        """Make it again of plain data."""
        cells, curves = state["cells"], state["curves"]
        assert isinstance(cells, dict) and isinstance(curves, np.ndarray)  # noqa: S101, PT018 - the bundle's signature was checked
        return cls(cells, curves)


SEPARATOR = "\x1f"


def shares(counts: npt.NDArray[np.int64], parent: Floats) -> Floats:
    """Shrink the counts of a cell towards its parent's shares."""
    smooth: Floats = (counts + PRIOR_DELIVERIES * parent) / (counts.sum() + PRIOR_DELIVERIES)
    return smooth


def cell_names(rows: Rows, day_off: npt.NDArray[np.bool_], soon: npt.NDArray[np.bool_], level: int) -> npt.NDArray[np.object_]:
    parts = [
        np.where(day_off, "off", "worked").astype(object),
        np.where(soon, rows.stage.astype(str).astype(object), "later"),
        rows.service + "/" + rows.destination_region,
    ]
    names = np.full(len(rows), "", dtype=object)
    for part in parts[:level]:
        names = names + SEPARATOR + part
    return names
