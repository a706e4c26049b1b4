"""Move many rows into a table with the fastest means of each engine: ``executemany`` on SQLite, COPY on PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

__all__ = ["insert_many", "replace_many"]

Rows = Sequence[tuple[Any, ...]]
"""Rows as the driver takes them, columns in the order of the table, JSON as text."""

FEWEST_TO_COPY = 1000
"""Below this, the temporary table that COPY needs costs more than it saves."""


def insert_many(connection: Connection, table: sa.Table, rows: Rows) -> int:
    """Insert the rows whose key is unknown, leave the others alone, and give how many were inserted."""
    return _write(connection, table, rows, "NOTHING") if rows else 0


def replace_many(connection: Connection, table: sa.Table, rows: Rows) -> None:
    """Insert rows or overwrite those with the same key. Only for derived tables: facts are never overwritten."""
    if rows:
        changes = ", ".join(f"{column.name} = excluded.{column.name}" for column in table.columns if not column.primary_key)
        _write(connection, table, rows, f"UPDATE SET {changes}")


# The statements below are made of the names in data.storage.tables alone; values travel as parameters or through COPY.


def _write(connection: Connection, table: sa.Table, rows: Rows, on_conflict: str) -> int:
    columns = ", ".join(column.name for column in table.columns)
    conflict = f"ON CONFLICT ({', '.join(column.name for column in table.primary_key)}) DO {on_conflict}"
    options = {"preserve_rowcount": True}
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite or len(rows) < FEWEST_TO_COPY:
        marks = ", ".join(["?" if is_sqlite else "%s"] * len(table.columns))
        insert = f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) {conflict}"  # noqa: S608
        return connection.exec_driver_sql(insert, list(rows), execution_options=options).rowcount
    incoming = f"incoming_{table.name}"
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {incoming} (LIKE {table.name} INCLUDING DEFAULTS) ON COMMIT DROP")
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {incoming} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    insert = f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {incoming} {conflict}"  # noqa: S608
    count = connection.exec_driver_sql(insert, execution_options=options).rowcount
    connection.exec_driver_sql(f"DROP TABLE {incoming}")
    return count
