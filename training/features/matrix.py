"""Hold features as one matrix whose columns say what they mean."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact

__all__ = ["FEATURES_VERSION", "GROUPS", "ColumnSink", "FeatureColumn", "FeatureMatrix"]

FEATURES_VERSION = "2"
"""Raise it whenever a column changes its meaning; it travels with every model."""

GROUPS = ("progress", "silence", "parcel", "route", "calendar", "history", "facility", "weather", "promise")
"""Groups of columns; reasons in hours are told by group."""

ROOM = 512
"""Columns that a sink has room for at first."""


@dataclass(frozen=True, slots=True)
class FeatureColumn:
    """Describe one column.

    ``monotone`` is the sign (-1, 0, 1) of the column's effect on the *remaining time*, 0 where theory has no say.
    """

    name: str
    group: str
    monotone: int = 0
    categorical: bool = False


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """Hold *n* rows of *k* features: float64 ``values`` (n, k) in column order, NaN = unknown, categories as integer codes."""

    values: npt.NDArray[np.float64]
    columns: tuple[FeatureColumn, ...]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.columns):
            raise InvalidFact(f"a matrix of shape {self.values.shape} does not fit {len(self.columns)} columns.")

    def __len__(self) -> int:
        return int(self.values.shape[0])

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """Give one column by name; raises `KeyError` for a name that is not there."""
        for position, column in enumerate(self.columns):
            if column.name == name:
                return self.values[:, position]
        raise KeyError(name)

    def select(self, names: Sequence[str]) -> "FeatureMatrix":
        """Give these columns in this order; raises `KeyError` for a name that is not there."""
        position = {column.name: index for index, column in enumerate(self.columns)}
        chosen = [position[name] for name in names]
        return FeatureMatrix(np.asfortranarray(self.values[:, chosen]), tuple(self.columns[index] for index in chosen))

    def rows(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "FeatureMatrix":
        """Give some rows, by position or mask."""
        return FeatureMatrix(np.asfortranarray(self.values[chosen]), self.columns)

    def where(self, keep: Callable[[FeatureColumn], bool]) -> "FeatureMatrix":
        """Give the columns that a rule keeps."""
        return self.select([column.name for column in self.columns if keep(column)])

    @property
    def schema_hash(self) -> str:
        """Give a digest of version, names, groups, signs and kinds: a model refuses a matrix of another schema."""
        described = [[c.name, c.group, c.monotone, c.categorical] for c in self.columns]
        return hashlib.sha256(json.dumps([FEATURES_VERSION, described]).encode()).hexdigest()[:16]


class ColumnSink:
    """Gather columns one by one; their number and order depend on the vocabulary only, never on the rows.

    They are written side by side at once, into room that costs no memory until it is used, so that nothing is held twice.
    """

    def __init__(self, rows: int) -> None:
        self._columns: list[FeatureColumn] = []
        self._values = np.empty((rows, ROOM), dtype=np.float64, order="F")

    def add(self, group: str, name: str, values: npt.NDArray[np.float64], *, monotone: int = 0, categorical: bool = False) -> None:
        """Add a column named ``group.name``; ``values`` has one float64 a row, NaN where unknown."""
        rows, room = self._values.shape
        if group not in GROUPS or values.shape != (rows,):
            raise InvalidFact(f"column {group}.{name} of shape {values.shape} does not fit {rows} rows of a known group.")
        position = len(self._columns)
        if position == room:
            wider = np.empty((rows, 2 * room), dtype=np.float64, order="F")
            wider[:, :room] = self._values
            self._values = wider
        self._values[:, position] = values
        self._columns.append(FeatureColumn(f"{group}.{name}", group, monotone, categorical))

    def matrix(self) -> FeatureMatrix:
        """Give the columns side by side."""
        return FeatureMatrix(self._values[:, : len(self._columns)], tuple(self._columns))
