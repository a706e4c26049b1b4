"""Remember every import: which source, when, and what became of its rows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from data.facts.moments import micros
from data.storage.adding import Added
from data.storage.database import Database
from data.storage.instants import from_micros
from data.storage.tables import IMPORTS

__all__ = ["Import", "ImportsRepository", "record_import"]


@dataclass(frozen=True, slots=True)
class Import:
    """Hold one call of ``facts.add``; ``at`` is UTC."""

    source: str
    at: datetime
    tables: Mapping[str, Added]


def record_import(connection: Connection, source: str, at: datetime, tables: Mapping[str, Added]) -> None:
    """Write one line into the ledger, in the caller's transaction."""
    counts = {table: asdict(added) for table, added in tables.items()}
    connection.execute(IMPORTS.insert().values(source=source, at=micros(at), counts=counts))


class ImportsRepository:
    """Read the ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, limit: int = 50) -> tuple[Import, ...]:
        """Give the newest imports first."""
        query = sa.select(IMPORTS).order_by(IMPORTS.c.import_id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Import(row.source, from_micros(row.at), {table: Added(**counts) for table, counts in row.counts.items()}) for row in rows
        )
