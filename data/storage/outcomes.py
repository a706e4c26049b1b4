"""Look up how shipments ended; the rows are kept by the fold of their scans."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from data.domain.outcomes import Outcome
from data.domain.statuses import Status
from data.storage.among import among, keyed
from data.storage.database import Database
from data.storage.instants import from_micros
from data.storage.tables import OUTCOMES
from data.storage.text import lookup_text

__all__ = ["OutcomesRepository"]


@cache
def _of(dialect: str) -> sa.Select[Any]:
    return sa.select(OUTCOMES).where(among(dialect, OUTCOMES.c.shipment_id))


class OutcomesRepository:
    """Read outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, shipment_ids: Sequence[str]) -> dict[str, Outcome]:
        """Give the outcome of each of the shipments that has ended."""
        ids = [lookup_text("shipment", shipment_id) for shipment_id in shipment_ids]
        with self._database.reading() as connection:
            dialect = connection.dialect.name
            rows = connection.execute(_of(dialect), keyed(dialect, ids)).all()
        return {
            row.shipment_id: Outcome(row.shipment_id, Status(row.status), from_micros(row.occurred_at), from_micros(row.known_at))
            for row in rows
        }
