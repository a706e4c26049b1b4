"""Note what becomes new in a transaction, and write it as its very last step.

Last, because readers follow updates by their sequence number and must never pass one that becomes visible later. SQLite has one writer
at a time. On PostgreSQL numbers are drawn in one order and become visible in another, so whoever writes updates holds a lock from
drawing the numbers until the commit. A lock taken earlier would be held while waiting for the rows of shipments: a deadlock with
another process that has those rows and waits for the lock.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from data.storage.tables import UPDATES

__all__ = ["Noted", "begin_noting", "note", "noting", "write_noted"]

Noted = tuple[str, str, int, int]
"""Shipment, kind, occurred_at and recorded_at (microseconds since 1970 UTC)."""

NOTED = "doorcast.noted"
COLUMNS = ("shipment_id", "kind", "occurred_at", "recorded_at")
LOCK = 4207850
"""Key of the advisory lock under which PostgreSQL draws the sequence numbers of updates; `open_store` has the one before."""
FEWEST_TO_COPY = 200
"""Below this, COPY costs more than it saves; above, it keeps the lock short: 50,000 rows in 0.2 s."""


def begin_noting(connection: Connection) -> None:
    """Start a transaction with nothing noted: connections are used again."""
    connection.info[NOTED] = []


def note(connection: Connection, updates: Sequence[Noted]) -> None:
    """Remember updates until the end of the transaction."""
    connection.info.setdefault(NOTED, []).extend(updates)


@contextmanager
def noting(connection: Connection) -> Iterator[None]:
    """Forget what was noted inside the block when it fails, as its savepoint forgets what was stored."""
    noted: list[Noted] = connection.info.setdefault(NOTED, [])
    before = len(noted)
    try:
        yield
    except BaseException:
        del noted[before:]
        raise


def write_noted(connection: Connection) -> int:
    """Write everything noted, in order, and give how many updates that were; commit right after."""
    noted: list[Noted] = connection.info.pop(NOTED, [])
    if not noted:
        return 0
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        if len(noted) >= FEWEST_TO_COPY:
            cursor: Any = connection.connection.cursor()
            with cursor, cursor.copy(f"COPY {UPDATES.name} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in noted:
                    copy.write_row(row)
            return len(noted)
    connection.execute(UPDATES.insert(), [dict(zip(COLUMNS, row, strict=True)) for row in noted])
    return len(noted)
