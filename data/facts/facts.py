"""Hold facts as columns: one polars frame for each canonical table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

import polars as pl

from data.domain.errors import InvalidTable
from data.facts.schema import ATTRIBUTE_PREFIX, TABLES, WITH_ATTRIBUTES

__all__ = ["Facts", "empty", "received_by"]


def empty(table: str) -> pl.DataFrame:
    """Give a canonical table without rows."""
    return pl.DataFrame(schema=TABLES[table].schema)


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold the canonical tables. Every frame has exactly the columns of its table, in order, then its declared attributes."""

    facilities: pl.DataFrame
    orders: pl.DataFrame
    shipments: pl.DataFrame
    parcels: pl.DataFrame
    promises: pl.DataFrame
    legs: pl.DataFrame
    scans: pl.DataFrame
    weather_observations: pl.DataFrame
    weather_forecasts: pl.DataFrame
    lane_summaries: pl.DataFrame

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame]) -> "Facts":
        """Make facts of some tables; missing tables are empty, missing nullable columns null, types cast strictly.

        Raises `InvalidTable` for an unknown table or column and for a required column that is missing.
        """
        if unknown := set(tables) - set(TABLES):
            raise InvalidTable(f"tables {sorted(unknown)} are not canonical; use {sorted(TABLES)}.")
        return cls(**{name: conform(name, tables[name]) if name in tables else empty(name) for name in TABLES})

    def tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Give table names and frames, parents before children."""
        for item in fields(self):
            yield item.name, getattr(self, item.name)

    def rows(self) -> int:
        """Count the rows of all tables."""
        return sum(frame.height for _, frame in self.tables())


def conform(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame the exact columns, order and types of its canonical table, then its declared attributes sorted by name."""
    known = TABLES[table]
    attributes = sorted(c for c in frame.columns if c.startswith(ATTRIBUTE_PREFIX)) if table in WITH_ATTRIBUTES else []
    if extra := set(frame.columns) - set(known.schema) - set(attributes):
        raise InvalidTable(
            f"table {table}: columns {sorted(extra)} are not canonical; name your own columns {ATTRIBUTE_PREFIX}… in "
            f"{' or '.join(sorted(WITH_ATTRIBUTES))}."
        )
    columns = []
    for column in known.columns:
        if column.name in frame.columns:
            columns.append(pl.col(column.name).cast(column.dtype))
        elif column.nullable:
            columns.append(pl.lit(None, dtype=column.dtype).alias(column.name))
        else:
            raise InvalidTable(f"table {table}: the required column {column.name} is missing.")
    return frame.select(*columns, *attributes)


def received_by(facts: Facts, seen_at: datetime) -> Facts:
    """Give the facts as they could be known at a moment: everything heard, planned or issued later is left out.

    This is the reference definition of "as seen at": the no-peeking tests compare features of these facts with features of all.
    """
    clocks = {
        "orders": "ordered_at",
        "shipments": "created_at",
        "promises": "known_at",
        "legs": "known_at",
        "scans": "received_at",
        "weather_observations": "available_at",
        "weather_forecasts": "available_at",
        "lane_summaries": "known_at",
    }
    return Facts(**{name: frame.filter(pl.col(clocks[name]) <= seen_at) if name in clocks else frame for name, frame in facts.tables()})
