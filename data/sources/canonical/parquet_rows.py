"""Read a Parquet file of one canonical table, with the number of each row."""

from pathlib import Path

import polars as pl

from data.domain.errors import InvalidTable
from data.sources.canonical.csv_rows import LINE

__all__ = ["read_parquet"]


def read_parquet(path: Path) -> pl.DataFrame:
    """Give the file's columns and `LINE`, the number of the row from 1; empty text is null, as in CSV.

    Raises `InvalidTable` when the file is cut off or no Parquet at all. Try it first (`try_parquet`): worse damage ends the process.
    """
    try:
        frame = pl.read_parquet(path)
        text = [name for name, dtype in frame.schema.items() if dtype == pl.String()]
        filled = frame.with_columns(pl.when(pl.col(text) != "").then(pl.col(text)).name.keep()) if text else frame
        return filled.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64()).alias(LINE), *frame.columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InvalidTable(f"{path} cannot be read as Parquet ({reason[:200]}); write or copy it again.") from error
