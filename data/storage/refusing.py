"""Refuse frames that the store could not give back as they came, before anything is stored."""

from datetime import UTC, datetime

import polars as pl

from data.domain.errors import InvalidTable
from data.domain.scans import EARLIEST, LATEST
from data.facts.schema import INSTANT, TABLES, Column

__all__ = ["refuse_unstorable"]


def refuse_unstorable(table: str, frame: pl.DataFrame) -> None:
    """Raise `InvalidTable` for what a database would change silently or the domain could not read back.

    That is NaN, infinity, the character NUL, a missing required value, a word outside of an enumeration, an instant outside of
    1990..2100, a place off the earth or with half of its coordinates. All other rules belong to the import (``data.facts.checks``).
    """
    rules = [rule for name, dtype in frame.schema.items() for rule in _rules_of_type(name, dtype)]
    rules += [rule for column in TABLES[table].columns for rule in _rules_of_column(column)]
    latitudes = [column.name for column in TABLES[table].columns if column.name.endswith("lat")]
    rules += [rule for name in latitudes for rule in _rules_of_place(name.removesuffix("lat"))]
    broken = frame.select(condition.any().alias(str(i)) for i, (_, _, condition) in enumerate(rules)).row(0)
    for (name, rule, condition), is_broken in zip(rules, broken, strict=True):
        if is_broken:
            key = TABLES[table].key
            key_value, value = frame.filter(condition).select(key, pl.col(name).alias("value")).row(0)
            raise InvalidTable(f"table {table}: {key} {key_value!r}: {name} {value!r} {rule}; run `doorcast data check` on its folder.")


Rule = tuple[str, str, pl.Expr]
"""A column, what it must be, and the condition under which it is not."""


def _rules_of_type(name: str, dtype: pl.DataType) -> list[Rule]:
    if dtype.is_float():
        return [(name, "must be a finite number or null", ~pl.col(name).is_finite())]
    if dtype in {pl.UInt64(), pl.Int128()}:
        return [(name, "must fit into 64 bits", ~pl.col(name).cast(pl.Int128).is_between(-(2**63), 2**63 - 1))]
    if dtype == pl.String() or isinstance(dtype, pl.Categorical | pl.Enum):
        has_nul = pl.col(name).cast(pl.String).str.contains("\x00", literal=True)
        return [(name, "holds the character NUL, which no database keeps", has_nul)]
    if dtype == INSTANT:
        first, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (EARLIEST, LATEST))
        return [(name, f"must lie in {EARLIEST}..{LATEST}", ~pl.col(name).is_between(first, end, closed="left"))]
    return []


def _rules_of_column(column: Column) -> list[Rule]:
    rules = []
    if not column.nullable:
        rules.append((column.name, "is required", pl.col(column.name).is_null()))
    if column.choices is not None:
        rules.append((column.name, f"must be one of {sorted(column.choices)}", ~pl.col(column.name).is_in(sorted(column.choices))))
    return rules


def _rules_of_place(prefix: str) -> list[Rule]:
    lat, lon = f"{prefix}lat", f"{prefix}lon"
    return [
        (lat, f"needs {lon} beside it, and the other way round", pl.col(lat).is_null() != pl.col(lon).is_null()),
        (lat, "must lie in -90..90 degrees", ~pl.col(lat).is_between(-90, 90)),
        (lon, "must lie in -180..180 degrees", ~pl.col(lon).is_between(-180, 180)),
    ]
