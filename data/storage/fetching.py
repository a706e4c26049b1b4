"""Fetch rows of canonical tables as frames."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from data.storage.among import among, keyed
from data.storage.attributes import Declared
from data.storage.columns import to_frame
from data.storage.tables import ATTRIBUTES, FACTS

__all__ = ["fetch", "fetch_among", "rows_among", "rows_of"]

BATCH_ROWS = 100_000


def fetch(connection: Connection, table: str, kinds: Declared, query: sa.Executable, **bound: object) -> pl.DataFrame:
    """Read rows of a canonical table with a query made from `rows_of`, in any order.

    Batch by batch, because a row of Python objects takes ten times the room of the same row in a frame.
    """
    cursor = connection.execute(query, bound).cursor
    batches = [to_frame(table, cursor.fetchmany(BATCH_ROWS), kinds)]
    while batches[-1].height == BATCH_ROWS:
        batches.append(to_frame(table, cursor.fetchmany(BATCH_ROWS), kinds))
    cursor.close()
    return batches[0] if len(batches) == 1 else pl.concat(batches)


@cache
def rows_of(table: str) -> sa.Select[Any]:
    """Give the query for all rows of a canonical table, columns in their order, JSON as text so that no driver parses it."""
    return sa.select(*(sa.cast(column, sa.Text) if column.name == ATTRIBUTES else column for column in FACTS[table].columns))


@cache
def rows_among(table: str, column: str, dialect: str) -> sa.Select[Any]:
    """Give the query for the rows whose column holds one of the bound ``keys``; built once, because building costs more than running."""
    return rows_of(table).where(among(dialect, FACTS[table].c[column]))


def fetch_among(connection: Connection, table: str, kinds: Declared, column: str, keys: Sequence[str]) -> pl.DataFrame:
    """Read the rows of a canonical table whose column holds one of the keys."""
    dialect = connection.dialect.name
    return fetch(connection, table, kinds, rows_among(table, column, dialect), **keyed(dialect, keys))
