"""Turn texts and instants of frames into plain arrays that compiled loops can read.

They are always writable: numba compiles a loop once more for arrays that are not.
"""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["UNKNOWN_TIME", "Codes", "floats", "instants"]

UNKNOWN_TIME = np.iinfo(np.int64).min
"""Stands for an instant that is not known, in int64 microseconds (numpy's NaT is the same number)."""

FEW = 64
"""Up to this many texts are looked up one by one: a frame operation costs more."""


class Codes:
    """Number some texts 0, 1, 2 … in the order given; anything else, and null, becomes -1."""

    def __init__(self, texts: pl.Series | Iterable[str]) -> None:
        self.texts = texts if isinstance(texts, pl.Series) else pl.Series("texts", list(texts), dtype=pl.String)

    @classmethod
    def of_distinct(cls, *columns: pl.Series) -> "Codes":
        """Give the distinct texts of some columns numbers.

        The numbers mean nothing outside; only their equality does.
        """
        if sum(column.len() for column in columns) <= FEW:
            return cls(dict.fromkeys(text for column in columns for text in column.to_list() if text is not None))
        return cls(pl.concat([column.rename("texts") for column in columns]).drop_nulls().unique())

    def __len__(self) -> int:
        return self.texts.len()

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Give the number of each text."""
        return {text: number for number, text in enumerate(self.texts.to_list())}

    @cached_property
    def _enum(self) -> pl.Enum:
        return pl.Enum(self.texts)

    def of(self, column: pl.Series) -> npt.NDArray[np.int64]:
        """Give the number of every text of a column, -1 where null or not among the texts."""
        if not len(self):
            return np.full(column.len(), -1, dtype=np.int64)
        if column.len() <= FEW:
            return np.array([self.numbers.get(text, -1) for text in column.to_list()], dtype=np.int64)
        return column.cast(self._enum, strict=False).to_physical().cast(pl.Int64).fill_null(-1).to_numpy(writable=True)


def instants(column: pl.Series) -> npt.NDArray[np.int64]:
    """Give a column of instants (microseconds, UTC) as int64 since 1970, `UNKNOWN_TIME` where null."""
    return column.to_numpy(writable=True).view(np.int64)


def floats(column: pl.Series) -> npt.NDArray[np.float64]:
    """Give a column of numbers or flags as float64; null and what is not finite become NaN."""
    values = (column if column.dtype == pl.Float64 else column.cast(pl.Float64)).to_numpy(writable=True)
    values[~np.isfinite(values)] = np.nan
    return values
