"""Find and read the files of a real data set, strict about what must be there and calm about what may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.domain.errors import InvalidTable

__all__ = ["Files"]


@dataclass(frozen=True, slots=True)
class Files:
    """Look for files in ``folder`` first and in ``static`` next: a folder of later rows may come without sellers or airports."""

    folder: Path
    static: Path | None = None

    def rows(self, name: str, required: Mapping[str, pl.DataType], optional: Mapping[str, pl.DataType] | None = None) -> pl.DataFrame:
        """Read a file that must stand in ``folder`` itself; raises `InvalidTable` when it, or a required column, is missing."""
        path = self.folder / name
        if not path.is_file():
            raise InvalidTable(f"{self.folder}: {name} is missing; give the folder that holds the files of this data set.")
        return _read(path, required, optional or {})

    def beside(self, name: str, required: Mapping[str, pl.DataType], optional: Mapping[str, pl.DataType] | None = None) -> pl.DataFrame:
        """Read a file that belongs to the rows of ``folder`` but may be absent: then a table without rows."""
        path = self.folder / name
        return _read(path, required, optional or {}) if path.is_file() else pl.DataFrame(schema={**required, **(optional or {})})

    def known(
        self, name: str, key: list[str], required: Mapping[str, pl.DataType], optional: Mapping[str, pl.DataType] | None = None
    ) -> pl.DataFrame:
        """Read a static table from ``folder`` and ``static`` together, one row for each key, the folder's own first.

        A table found in neither has no rows: what it would have told is unknown.
        """
        frames = [
            _read(at / name, required, optional or {}) for at in (self.folder, self.static) if at is not None and (at / name).is_file()
        ]
        if not frames:
            return pl.DataFrame(schema={**required, **(optional or {})})
        return pl.concat(frames).unique(subset=key, keep="first", maintain_order=True)


def _read(path: Path, required: Mapping[str, pl.DataType], optional: Mapping[str, pl.DataType]) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InvalidTable(
            f"{path} cannot be read as Parquet ({(str(error).splitlines() or [''])[0]}); download or copy it again."
        ) from error
    if missing := [name for name in required if name not in frame.columns]:
        raise InvalidTable(f"{path}: the columns {missing} are missing; it has {frame.columns}.")
    columns = []
    for name, dtype in {**required, **optional}.items():
        if name not in frame.columns:
            columns.append(pl.lit(None, dtype=dtype).alias(name))
        else:
            columns.append(_cast(name, frame.schema[name], dtype))
    try:
        return frame.select(columns)
    except pl.exceptions.PolarsError as error:
        raise InvalidTable(f"{path}: {str(error).splitlines()[0]}; expected { ({**required, **optional}) }.") from error


def _cast(name: str, found: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(found, pl.String) and isinstance(wanted, pl.Datetime):
        return column.str.to_datetime(time_unit="us", strict=True)
    if isinstance(wanted, pl.Float64):
        # NaN in a number column means unknown, as everywhere in these sets.
        return column.cast(wanted).fill_nan(None)
    return column.cast(wanted)
