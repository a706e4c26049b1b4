"""Follow what becomes new: every update in the order in which it became readable."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.updates import Update, UpdateKind
from data.facts.moments import micros
from data.storage.among import among, keyed
from data.storage.database import Database
from data.storage.instants import from_micros
from data.storage.tables import UPDATES
from data.storage.text import lookup_text

__all__ = ["UpdatesRepository"]

SLICE_ROWS = 10_000
"""Rows looked at by one transaction of pruning."""


class UpdatesRepository:
    """Read the updates that scans and forecasts leave behind in the transactions that store them.

    A reader that has seen everything up to a sequence number will never meet one at or below it for the first time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """Give the sequence number of the newest update; 0 before the first."""
        with self._database.reading() as connection:
            return _newest(connection)

    def reaches_back_to(self, sequence: int) -> bool:
        """Say whether everything after this number is still here: nothing of it was pruned, and it is not from another database."""
        oldest = sa.select(sa.func.coalesce(sa.func.min(UPDATES.c.sequence), 1))
        with self._database.reading() as connection:
            return int(connection.execute(oldest).scalar_one()) - 1 <= sequence <= _newest(connection)

    def of(self, shipment_id: str, *, after: int, limit: int = 1_000) -> tuple[Update, ...]:
        """Give the oldest ``limit`` updates of a shipment with a sequence number above ``after``, in order."""
        here = sa.and_(UPDATES.c.shipment_id == lookup_text("shipment", shipment_id), UPDATES.c.sequence > after)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(UPDATES).where(here).order_by(UPDATES.c.sequence).limit(limit)).all()
        return tuple(_update_of(row) for row in rows)

    def since(self, after: int, shipment_ids: Collection[str]) -> tuple[int, frozenset[str]]:
        """Give the newest sequence number, and which of the shipments have updates above ``after`` up to it. Cheap when nothing is new."""
        with self._database.reading() as connection:
            newest = _newest(connection)
            if newest <= after:
                return newest, frozenset()
            dialect = connection.dialect.name
            parameters = {**keyed(dialect, list(shipment_ids)), "after": after, "newest": newest}
            return newest, frozenset(connection.execute(_with_news(dialect), parameters).scalars())

    def prune(self, before: datetime) -> int:
        """Remove the updates recorded before an instant, oldest first, and give how many; the newest one always stays.

        It stays because it tells how far the sequence has come, and so which readers have missed something.
        """
        removed, cut = 0, micros(before)
        while slice_removed := self._database.write(lambda connection: _prune_slice(connection, cut)):
            removed += slice_removed
        return removed

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener after every commit of this process that left updates, in the thread that wrote; the result takes it away again.

        It must be quick and must not raise. Other processes are not heard: poll `since` for theirs.
        """
        return self._database.on_updates(listener)


@cache
def _with_news(dialect: str) -> sa.Select[Any]:
    columns = UPDATES.c
    between = sa.and_(columns.sequence > sa.bindparam("after"), columns.sequence <= sa.bindparam("newest"))
    return sa.select(columns.shipment_id).where(among(dialect, columns.shipment_id), between).distinct()


def _newest(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(UPDATES.c.sequence), 0))).scalar_one())


def _prune_slice(connection: Connection, cut: int) -> int:
    # The oldest rows by sequence: they are almost the oldest by time, and no index by time has to be kept for this.
    query = sa.select(UPDATES.c.sequence, UPDATES.c.recorded_at).where(UPDATES.c.sequence < _newest(connection))
    last = None
    for row in connection.execute(query.order_by(UPDATES.c.sequence).limit(SLICE_ROWS)):
        if row.recorded_at >= cut:
            break
        last = row.sequence
    return 0 if last is None else connection.execute(UPDATES.delete().where(UPDATES.c.sequence <= last)).rowcount


def _update_of(row: sa.Row[Any]) -> Update:
    return Update(row.sequence, row.shipment_id, UpdateKind(row.kind), from_micros(row.occurred_at), from_micros(row.recorded_at))
