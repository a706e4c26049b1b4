"""Look up shipments and what belongs to them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data.domain.errors import InvalidFact, NotFound
from data.domain.orders import Order, Promise, PromiseKind, Shipment
from data.domain.places import Facility, FacilityKind, Place
from data.domain.routes import Leg
from data.domain.statuses import Status
from data.storage.database import Database
from data.storage.instants import from_micros, from_micros_or_none
from data.storage.summaries import ShipmentSummary, has_status, is_open, older_than, summaries, summary_of
from data.storage.tables import FACTS, LATEST_FORECASTS, STATES
from data.storage.text import lookup_text, storable

__all__ = ["ShipmentSummary", "ShipmentsRepository"]

SHIPMENTS, ORDERS, PROMISES, LEGS, FACILITIES = (FACTS[name] for name in ("shipments", "orders", "promises", "legs", "facilities"))


class ShipmentsRepository:
    """Read shipments; they come in through ``store.facts``."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def get(self, shipment_id: str) -> Shipment:
        """Give one shipment; raises `NotFound`."""
        row = self._one(SHIPMENTS, "shipment", shipment_id)
        return Shipment(
            shipment_id=row.shipment_id,
            order_id=row.order_id,
            carrier=row.carrier,
            service=row.service,
            created_at=from_micros(row.created_at),
            destination=_place(row, "destination_"),
            origin=_place(row, "origin_"),
            origin_facility_id=row.origin_facility_id,
            destination_facility_id=row.destination_facility_id,
            tracking_number=row.tracking_number,
            distance_km=row.distance_km,
            planned_minutes=row.planned_minutes,
            attributes=row.attributes,
        )

    def order(self, order_id: str) -> Order:
        """Give one order; raises `NotFound`."""
        row = self._one(ORDERS, "order", order_id)
        return Order(row.order_id, from_micros(row.ordered_at), row.merchant, row.attributes)

    def promises(self, shipment_id: str) -> tuple[Promise, ...]:
        """Give the promises of a shipment by the time we heard of them; raises `NotFound` for an unknown shipment."""
        query = sa.select(PROMISES).order_by(PROMISES.c.known_at, PROMISES.c.promise_id)
        return tuple(
            Promise(row.promise_id, row.shipment_id, PromiseKind(row.kind), from_micros(row.promised_at), from_micros(row.known_at))
            for row in self._belonging(query, PROMISES, shipment_id)
        )

    def legs(self, shipment_id: str) -> tuple[Leg, ...]:
        """Give the planned legs of a shipment in their sequence; raises `NotFound` for an unknown shipment."""
        query = sa.select(LEGS).order_by(LEGS.c.sequence, LEGS.c.known_at, LEGS.c.leg_id)
        return tuple(
            Leg(
                row.leg_id,
                row.shipment_id,
                row.sequence,
                row.from_facility_id,
                row.to_facility_id,
                row.mode,
                from_micros_or_none(row.planned_departure_at),
                from_micros_or_none(row.planned_arrival_at),
                row.distance_km,
                from_micros(row.known_at),
            )
            for row in self._belonging(query, LEGS, shipment_id)
        )

    def facilities(self) -> dict[str, Facility]:
        """Give every facility by its id."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(FACILITIES).order_by(FACILITIES.c.facility_id)).all()
        return {row.facility_id: Facility(row.facility_id, row.name, FacilityKind(row.kind), _place(row, "")) for row in rows}

    def summary(self, shipment_id: str) -> ShipmentSummary:
        """Give one shipment in one line; raises `NotFound`."""
        here = SHIPMENTS.c.shipment_id == lookup_text("shipment", shipment_id)
        found = self._summaries(sa.select(SHIPMENTS.c.shipment_id).where(here))
        if not found:
            raise NotFound(f"no shipment {shipment_id!r} is known.")
        return found[0]

    def list(
        self, limit: int = 50, before: str | None = None, status: Status | None = None, carrier: str | None = None
    ) -> tuple[ShipmentSummary, ...]:
        """Give shipments, newest created first; ``before`` is the `ShipmentSummary.cursor` of the last line of the page before."""
        newest_first = SHIPMENTS.c.created_at.desc(), SHIPMENTS.c.shipment_id.desc()
        query = sa.select(SHIPMENTS.c.shipment_id).order_by(*newest_first).limit(_checked(limit))
        if before is not None:
            query = query.where(older_than(before))
        if status is not None:
            query = query.join(STATES, STATES.c.shipment_id == SHIPMENTS.c.shipment_id).where(has_status(status, self._now()))
        if carrier is not None:
            query = query.where(SHIPMENTS.c.carrier == storable("carrier", carrier))
        return self._summaries(query, *newest_first)

    def of_order(self, order_id: str) -> tuple[ShipmentSummary, ...]:
        """Give the shipments of an order, oldest label first; none for an order that has none or is not known."""
        here = SHIPMENTS.c.order_id == lookup_text("order", order_id)
        return self._summaries(sa.select(SHIPMENTS.c.shipment_id).where(here), SHIPMENTS.c.created_at, SHIPMENTS.c.shipment_id)

    def at_risk(self, limit: int) -> tuple[ShipmentSummary, ...]:
        """Give open shipments whose newest forecast knows a late probability, highest first."""
        late, shipment_id = LATEST_FORECASTS.c.late_probability, LATEST_FORECASTS.c.shipment_id
        # EXISTS and no join: the index on late_probability leads, and the search stops when the queue is full.
        still_open = sa.exists().where(STATES.c.shipment_id == shipment_id, is_open())
        query = sa.select(shipment_id).where(late.is_not(None), still_open)
        return self._summaries(query.order_by(late.desc(), shipment_id).limit(_checked(limit)), late.desc(), SHIPMENTS.c.shipment_id)

    def open_ids(self) -> tuple[str, ...]:
        """Give the ids of all shipments that have not ended, sorted; long silent ones too."""
        return self._ids(sa.select(STATES.c.shipment_id).where(is_open()).order_by(STATES.c.shipment_id))

    def by_tracking_number(self, number: str) -> tuple[str, ...]:
        """Give the ids of all shipments with a tracking number, newest first; carriers use numbers again."""
        here = SHIPMENTS.c.tracking_number == lookup_text("tracking number", number)
        newest_first = SHIPMENTS.c.created_at.desc(), SHIPMENTS.c.shipment_id.desc()
        return self._ids(sa.select(SHIPMENTS.c.shipment_id).where(here).order_by(*newest_first))

    def _one(self, table: sa.Table, noun: str, key: str) -> sa.Row[Any]:
        column = table.c[f"{noun}_id"]
        with self._database.reading() as connection:
            row = connection.execute(sa.select(table).where(column == lookup_text(noun, key))).first()
        if row is None:
            raise NotFound(f"no {noun} {key!r} is known.")
        return row

    def _belonging(self, query: sa.Select[Any], table: sa.Table, shipment_id: str) -> Sequence[sa.Row[Any]]:
        known = sa.select(SHIPMENTS.c.shipment_id).where(SHIPMENTS.c.shipment_id == lookup_text("shipment", shipment_id))
        with self._database.reading() as connection:
            rows = connection.execute(query.where(table.c.shipment_id == shipment_id)).all()
            if not rows and connection.execute(known).first() is None:
                raise NotFound(f"no shipment {shipment_id!r} is known.")
        return rows

    def _summaries(self, chosen: sa.Select[Any], *order: sa.ColumnElement[Any]) -> tuple[ShipmentSummary, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(summaries(chosen).order_by(*order)).all()
        now = self._now()
        return tuple(summary_of(row, now) for row in rows)

    def _ids(self, query: sa.Select[Any]) -> tuple[str, ...]:
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())


def _checked(limit: int) -> int:
    if limit < 0:
        raise InvalidFact(f"limit {limit} must be 0 or more.")
    return limit


def _place(row: sa.Row[Any], prefix: str) -> Place:
    return Place(*(getattr(row, f"{prefix}{name}") for name in ("lat", "lon", "timezone", "city", "region", "postal_code", "country")))
