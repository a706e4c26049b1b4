"""Find the shipments of which something was received since an instant."""

from datetime import datetime

import sqlalchemy as sa

from data.facts.moments import micros
from data.storage.store import Store
from data.storage.tables import FACTS

__all__ = ["shipments_with_news"]

CLOCKS = {"shipments": "created_at", "scans": "received_at", "promises": "known_at", "legs": "known_at"}


def shipments_with_news(store: Store, *, since: datetime, until: datetime) -> tuple[str, ...]:
    """Give the ids, sorted, of shipments created, scanned, promised or planned anew with ``since`` <= its clock <= ``until`` (UTC).

    The clock is that of receipt: facts imported later that were received before ``since`` are not news.
    """
    low, high = micros(since), micros(until)
    found = sa.union(
        *(sa.select(FACTS[table].c.shipment_id).where(FACTS[table].c[clock].between(low, high)) for table, clock in CLOCKS.items())
    ).subquery()
    with store._database.reading() as connection:  # noqa: SLF001  # the same room: storage reads its own database
        return tuple(connection.execute(sa.select(found.c.shipment_id).order_by(found.c.shipment_id)).scalars())
