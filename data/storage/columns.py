"""Turn canonical frames into rows of the database and back, without a Python object per value where it can be avoided."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl

from data.facts.facts import empty
from data.facts.schema import ATTRIBUTE_PREFIX, INSTANT, TABLES, WITH_ATTRIBUTES, attribute_columns
from data.storage.attributes import Declared, attribute_frame, attribute_json
from data.storage.tables import ATTRIBUTES, FACTS

__all__ = [
    "stored_columns",
    "to_frame",
    "to_rows",
    "with_all_attributes",
]


def stored_columns(table: str) -> list[str]:
    """Give the names of the stored columns of a canonical table, in the order of rows."""
    return [column.name for column in FACTS[table].columns]


def to_rows(table: str, frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Give the rows of a canonical frame as the database holds them: instants as int microseconds, attributes as JSON text."""
    plain = frame.select(
        pl.col(column.name).cast(pl.Int64) if column.dtype == INSTANT else pl.col(column.name) for column in TABLES[table].columns
    )
    if table in WITH_ATTRIBUTES:
        plain = plain.with_columns(pl.Series(ATTRIBUTES, attribute_json(frame), dtype=pl.String))
    return plain.rows()


def to_frame(table: str, rows: Sequence[tuple[Any, ...]], kinds: Declared) -> pl.DataFrame:
    """Give rows of the database as a canonical frame with all declared attributes; the inverse of `to_rows`."""
    known = TABLES[table]
    if not rows and not kinds:
        return _without_rows(table).clone()
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(stored_columns(table))
    series = []
    for column, items in zip(known.columns, values, strict=False):  # the attributes come last and are not a canonical column
        if column.dtype == INSTANT:
            series.append(pl.Series(column.name, items, dtype=pl.Int64).cast(INSTANT))
        elif column.dtype == pl.Boolean():  # SQLite gives 0 and 1
            series.append(pl.Series(column.name, [bool(item) for item in items], dtype=pl.Boolean))
        else:
            series.append(pl.Series(column.name, items, dtype=column.dtype))
    frame = pl.DataFrame(series)
    return frame.hstack(attribute_frame(values[-1], kinds)) if kinds else frame


@cache
def _without_rows(table: str) -> pl.DataFrame:
    return empty(table)


def with_all_attributes(frame: pl.DataFrame, *, like: pl.DataFrame) -> pl.DataFrame:
    """Give a frame the attribute columns and types of another one, so that both can be compared."""
    wanted = attribute_columns(like)
    plain = [name for name in frame.columns if not name.startswith(ATTRIBUTE_PREFIX)]
    return frame.select(
        *plain,
        *(
            pl.col(name).cast(like.schema[name]) if name in frame.columns else pl.lit(None, dtype=like.schema[name]).alias(name)
            for name in wanted
        ),
    )
