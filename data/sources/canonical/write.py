"""Write facts as a canonical folder."""

from pathlib import Path

import polars as pl

from data.domain.errors import InvalidTable
from data.facts.facts import Facts

__all__ = ["FORMATS", "write_folder"]

FORMATS = ("parquet", "csv")
TIME = "%Y-%m-%dT%H:%M:%S%.6fZ"


def write_folder(facts: Facts, folder: Path, *, format: str = "parquet") -> tuple[Path, ...]:  # noqa: A002  # the word of the command line
    """Write one file for each table that has rows, and give their paths; a file is whole or not there.

    Files of the same tables are replaced, in both formats, so that reading the folder gives these facts again. Times are written in
    UTC with ``Z``. Raises `InvalidTable` for an unknown format.
    """
    if format not in FORMATS:
        raise InvalidTable(f"format {format!r} is unknown; use one of {', '.join(FORMATS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in facts.tables():
        for old in FORMATS:
            (folder / f"{name}.{old}").unlink(missing_ok=True)
        if frame.is_empty():
            continue
        path = folder / f"{name}.{format}"
        unfinished = path.with_name(f".{path.name}.unfinished")
        if format == "parquet":
            frame.write_parquet(unfinished, compression="zstd")
        else:
            _as_text(frame).write_csv(unfinished, quote_style="necessary")
        unfinished.replace(path)
        written.append(path)
    return tuple(written)


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    times = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    return frame.with_columns(pl.col(times).dt.strftime(TIME)) if times else frame
