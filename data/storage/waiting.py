"""Find the shipments that wait for a forecast, from the facts alone: nothing has to be remembered, so a crash loses nothing."""

from datetime import datetime

import sqlalchemy as sa

from data.facts.moments import micros
from data.storage.store import Store
from data.storage.summaries import is_open
from data.storage.tables import FACTS, LATEST_FORECASTS, STATES

__all__ = ["waiting_for_forecast"]


def waiting_for_forecast(store: Store, *, now: datetime, limit: int) -> tuple[str, ...]:
    """Give open shipments, created by ``now``, with no forecast or with a scan heard after the newest one; newest heard first.

    A scan heard "after now" (a clock that runs ahead, an import from the future) does not count before its time: no forecast could know it.
    """
    shipments = FACTS["shipments"]
    heard = STATES.c.last_heard_at
    news = sa.and_(heard > LATEST_FORECASTS.c.as_of, heard <= micros(now))
    unheard = sa.or_(LATEST_FORECASTS.c.as_of.is_(None), news)
    query = (
        sa.select(STATES.c.shipment_id)
        .join(shipments, shipments.c.shipment_id == STATES.c.shipment_id)
        .outerjoin(LATEST_FORECASTS, LATEST_FORECASTS.c.shipment_id == STATES.c.shipment_id)
        .where(is_open(), shipments.c.created_at <= micros(now), unheard)
        .order_by(sa.func.coalesce(heard, 0).desc(), STATES.c.shipment_id)
        .limit(limit)
    )
    with store._database.reading() as connection:  # noqa: SLF001  # the same room: storage reads its own database
        return tuple(connection.execute(query).scalars())
