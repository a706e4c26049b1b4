"""Add a slice of one canonical table: new rows go in, known ones are compared, contradictions go to quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from data.facts.schema import TABLES, WITH_ATTRIBUTES
from data.storage.among import among, keyed
from data.storage.attributes import declared
from data.storage.bulk import insert_many
from data.storage.columns import to_rows, with_all_attributes
from data.storage.fetching import fetch_among
from data.storage.quarantine import Refused, quarantine
from data.storage.tables import FACTS, enforced_references

__all__ = ["Added", "add_slice"]


@dataclass(frozen=True, slots=True)
class Added:
    """Count the rows of one table: stored now, known already, known with other content, and pointing to a parent that nobody knows.

    ``conflicting`` and ``refused`` rows are in the quarantine.
    """

    new: int = 0
    unchanged: int = 0
    conflicting: int = 0
    refused: int = 0

    def __add__(self, other: "Added") -> "Added":
        return Added(
            self.new + other.new,
            self.unchanged + other.unchanged,
            self.conflicting + other.conflicting,
            self.refused + other.refused,
        )


def add_slice(connection: Connection, table: str, frame: pl.DataFrame, *, source: str, at: datetime) -> tuple[Added, pl.DataFrame]:
    """Add rows, whose attributes are declared, in the caller's transaction; give the counts and the rows that were new."""
    key = TABLES[table].key
    kinds = declared(connection)[table] if table in WITH_ATTRIBUTES else {}
    frame, refused = _without_orphans(connection, table, frame, source, at)
    first = frame.unique(subset=[key], keep="first", maintain_order=True)
    keys = first[key].to_list()
    known = fetch_among(connection, table, kinds, key, keys)
    new = first.join(known.select(key), on=key, how="anti", maintain_order="left")
    inserted = insert_many(connection, FACTS[table], to_rows(table, new))
    if inserted < new.height or first.height < frame.height:  # another process was faster, or the slice repeats a key
        known = fetch_among(connection, table, kinds, key, keys)
    conflicting = _conflicts(table, frame, known)
    reason = f"{key} is known with other content; what came first stands"
    quarantine(connection, _refused(table, conflicting, "conflict", reason, source), at)
    counts = Added(inserted, frame.height - inserted - conflicting.height, conflicting.height, refused)
    return counts, new


@cache
def _keys_of(table: str, dialect: str) -> sa.Select[Any]:
    key = FACTS[table].c[TABLES[table].key]
    return sa.select(key).where(among(dialect, key))


def _without_orphans(connection: Connection, table: str, frame: pl.DataFrame, source: str, at: datetime) -> tuple[pl.DataFrame, int]:
    count, dialect = 0, connection.dialect.name
    for column, parent in enforced_references(TABLES[table]).items():
        found = connection.execute(_keys_of(parent, dialect), keyed(dialect, frame[column].unique().to_list())).scalars()
        known = pl.DataFrame({column: list(found)}, schema={column: pl.String})
        orphans = frame.join(known, on=column, how="anti")
        if orphans.height:
            message = f"{column} points to no known row of {parent}; add that first, then send this again"
            quarantine(connection, _refused(table, orphans, "unknown_reference", message, source), at)
            frame = frame.join(known, on=column, how="semi", maintain_order="left")
            count += orphans.height
    return frame, count


def _conflicts(table: str, frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    key = TABLES[table].key
    if known.is_empty():
        return frame.clear()
    frame = with_all_attributes(frame, like=known)
    others = [name for name in frame.columns if name != key]
    pairs = frame.join(known, on=key, how="inner", suffix=" known", maintain_order="left")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name} known")) for name in others)
    return pairs.filter(differs).select(frame.columns)


def _refused(table: str, frame: pl.DataFrame, rule: str, message: str, source: str) -> Sequence[Refused]:
    rows: Sequence[dict[str, Any]] = frame.to_dicts()
    return [Refused(table, row, rule, message, source) for row in rows]
