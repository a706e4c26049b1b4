"""Remember what is usual on a lane, column by column, so that a forecast can say what is unusual about one shipment."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.features.matrix import FeatureMatrix
from training.models.problem import Rows

__all__ = ["UsualRows"]

Floats = npt.NDArray[np.float64]

FEWEST_ROWS = 30
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class UsualRows:
    """Hold one usual row of features for each stage, and for each pair of regions within it that was seen often enough."""

    cells: dict[str, int]
    values: Floats

    @classmethod
    def fit(cls, features: FeatureMatrix, rows: Rows, *, seed: int = 1) -> "UsualRows":
        """Learn medians of numbers and the most frequent code of categories, from at most 50,000 rows."""
        chosen = np.arange(len(rows))
        if len(chosen) > MOST_ROWS:
            chosen = np.sort(np.random.default_rng(seed).choice(chosen, MOST_ROWS, replace=False))
        values, rows = features.values[chosen], rows.take(chosen)
        categorical = np.array([column.categorical for column in features.columns], dtype=bool)
        cells, usual = {"": 0}, [middle(values, categorical)]
        for names in cell_names(rows):
            unique, codes = np.unique(names.astype(str), return_inverse=True)
            for code, size in enumerate(np.bincount(codes)):
                if size >= FEWEST_ROWS:
                    cells[str(unique[code])] = len(usual)
                    usual.append(middle(values[codes == code], categorical))
        return cls(cells, np.array(usual))

    def of(self, rows: Rows) -> Floats:
        """Give (n, k) the usual values of each row's stage and lane."""
        stage, lane = cell_names(rows)
        found = [self.cells.get(fine, self.cells.get(coarse, 0)) for coarse, fine in zip(stage, lane, strict=True)]
        return self.values[np.array(found, dtype=np.int64)]

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"cells": dict(self.cells), "values": self.values}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "UsualRows":
        """Make it again of plain data."""
        return cls(state["cells"], state["values"])


def cell_names(rows: Rows) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    stage = rows.stage.astype(str).astype(object)
    return stage, stage + "\x1f" + rows.origin_region + "\x1f" + rows.destination_region


def middle(values: Floats, categorical: npt.NDArray[np.bool_]) -> Floats:
    """Give the median of each column, NaN where most rows are NaN; of a category the most frequent code."""
    known = np.isfinite(values)
    usual = np.full(values.shape[1], np.nan)
    for column in np.flatnonzero(known.mean(axis=0) >= 0.5):
        here = values[known[:, column], column]
        if categorical[column]:
            codes, counts = np.unique(here, return_counts=True)
            usual[column] = codes[counts.argmax()]
        else:
            usual[column] = np.median(here)
    return usual
