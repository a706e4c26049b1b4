"""Sum up shipments in one row each: what lists, queues and headers show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data.domain.errors import InvalidFact
from data.domain.journeys import EXPIRES_AFTER
from data.domain.orders import PromiseKind
from data.domain.statuses import TERMINAL, Status
from data.facts.moments import micros
from data.storage.instants import from_micros, from_micros_or_none
from data.storage.tables import FACTS, LATEST_FORECASTS, STATES
from data.storage.text import storable

__all__ = ["ShipmentSummary", "has_status", "is_open", "older_than", "summaries", "summary_of"]

SHIPMENTS, PROMISES, FACILITIES = FACTS["shipments"], FACTS["promises"], FACTS["facilities"]
OPEN = sorted(status.value for status in set(Status) - TERMINAL)


@dataclass(frozen=True, slots=True)
class ShipmentSummary:
    """Hold one line about a shipment; all instants are UTC.

    ``promised_at`` is the shop's newest promise. ``p10 … forecast_as_of`` come from the newest forecast and are ``None`` before
    the first one. ``lat, lon`` are those of the last facility heard of. ``cursor`` names the place in the list.
    """

    shipment_id: str
    order_id: str
    carrier: str
    service: str
    tracking_number: str | None
    status: Status
    status_since: datetime | None
    created_at: datetime
    last_heard_at: datetime | None
    destination_city: str | None
    destination_timezone: str | None
    promised_at: datetime | None
    p10: datetime | None
    p50: datetime | None
    p90: datetime | None
    late_probability: float | None
    forecast_as_of: datetime | None
    lat: float | None
    lon: float | None

    @property
    def cursor(self) -> str:
        """Give the text that `ShipmentsRepository.list` takes as ``before`` to go on after this line."""
        return f"{micros(self.created_at)}~{self.shipment_id}"


def summaries(chosen: sa.Select[Any]) -> sa.Select[Any]:
    """Give the query for the summaries of chosen shipments, in no order.

    ``chosen`` selects ``shipment_id``, with the limit inside: so that promises and forecasts are looked up for shown lines only.
    """
    chosen_id = chosen.subquery("chosen").c.shipment_id
    promised_at = (
        sa.select(PROMISES.c.promised_at)
        .where(PROMISES.c.shipment_id == SHIPMENTS.c.shipment_id, PROMISES.c.kind == PromiseKind.SHOP.value)
        .order_by(PROMISES.c.known_at.desc(), PROMISES.c.promise_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            *(SHIPMENTS.c[name] for name in ("shipment_id", "order_id", "carrier", "service", "tracking_number", "created_at")),
            *(SHIPMENTS.c[name] for name in ("destination_city", "destination_timezone")),
            *(STATES.c[name] for name in ("status", "status_since", "last_heard_at")),
            promised_at.label("promised_at"),
            *(LATEST_FORECASTS.c[name] for name in ("p10", "p50", "p90", "late_probability", "as_of")),
            FACILITIES.c.lat,
            FACILITIES.c.lon,
        )
        .join(chosen_id.table, chosen_id == SHIPMENTS.c.shipment_id)
        .join(STATES, STATES.c.shipment_id == SHIPMENTS.c.shipment_id)
        .outerjoin(LATEST_FORECASTS, LATEST_FORECASTS.c.shipment_id == SHIPMENTS.c.shipment_id)
        .outerjoin(FACILITIES, FACILITIES.c.facility_id == STATES.c.last_facility_id)
    )


def is_open() -> sa.ColumnElement[bool]:
    """Give the condition that a shipment has not ended."""
    return STATES.c.status.in_(OPEN)  # IN, not NOT IN: only the first can use the index


def has_status(status: Status, now: datetime) -> sa.ColumnElement[bool]:
    """Give the condition that a shipment stands at a stage now; long silence turns any open stage into ``expired``."""
    heard_at, silent_since = STATES.c.last_heard_at, micros(now - EXPIRES_AFTER)
    if status is Status.EXPIRED:
        return sa.and_(is_open(), heard_at < silent_since)
    if status in TERMINAL:
        return STATES.c.status == status.value
    return sa.and_(STATES.c.status == status.value, sa.or_(heard_at.is_(None), heard_at >= silent_since))


def older_than(cursor: str) -> sa.ColumnElement[bool]:
    """Give the condition that a shipment comes after a cursor in the list; raises `InvalidFact` for what is no cursor."""
    created_at, separator, shipment_id = cursor.partition("~")
    if not separator or not created_at.isascii() or not created_at.removeprefix("-").isdigit() or len(created_at) > 18:
        raise InvalidFact(f"cursor {cursor[:80]!r} is not one of ours; take it from the last line of the page before.")
    return sa.tuple_(SHIPMENTS.c.created_at, SHIPMENTS.c.shipment_id) < (int(created_at), storable("cursor", shipment_id))


def summary_of(row: sa.Row[Any], now: datetime) -> ShipmentSummary:
    """Make a summary of a row of the query, as it stands now."""
    status, since = Status(row.status), from_micros_or_none(row.status_since)
    heard_at = from_micros_or_none(row.last_heard_at)
    if status not in TERMINAL and heard_at and now - heard_at > EXPIRES_AFTER:  # the rule of data.domain.journeys.as_seen
        status, since = Status.EXPIRED, heard_at + EXPIRES_AFTER
    return ShipmentSummary(
        shipment_id=row.shipment_id,
        order_id=row.order_id,
        carrier=row.carrier,
        service=row.service,
        tracking_number=row.tracking_number,
        status=status,
        status_since=since,
        created_at=from_micros(row.created_at),
        last_heard_at=heard_at,
        destination_city=row.destination_city,
        destination_timezone=row.destination_timezone,
        promised_at=from_micros_or_none(row.promised_at),
        p10=from_micros_or_none(row.p10),
        p50=from_micros_or_none(row.p50),
        p90=from_micros_or_none(row.p90),
        late_probability=row.late_probability,
        forecast_as_of=from_micros_or_none(row.as_of),
        lat=row.lat,
        lon=row.lon,
    )
