"""Make shipments that do not exist: one for each service and order time, holding what a checkout knows and nothing else.

A label, a plan, a scan, a promise and the boxes are made after the order, so a what-if row has none of them. Where from, where to, carrier, service, the
time of the order and what the shop declares are known at checkout; the facility that will deliver is looked up among past shipments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from data.domain.errors import InvalidFact
from data.domain.orders import PromiseKind
from data.domain.places import Facility, Place
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from data.facts.schema import ATTRIBUTE_PREFIX, TABLES
from training.checkout.offers import Offer, OfferBook

__all__ = ["Wanted", "labels_made_when_ordered", "only_known_at_checkout", "what_if", "what_ifs"]

PLACE = tuple(item.name for item in fields(Place))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what a customer wants to know the arrival of. ``attributes`` are declared attributes of the shipment, named without prefix."""

    destination: Place
    origin: Place = field(default_factory=Place)
    facility: Facility | None = None
    merchant: str | None = None
    attributes: Mapping[str, float | str] = field(default_factory=dict)
    distance_km: float | None = None
    planned_minutes: float | None = None
    promised_at: datetime | None = None


def what_if(
    wanted: Wanted, asked: Sequence[tuple[Offer, datetime]], *, now: datetime, book: OfferBook | None = None
) -> tuple[Facts, Moments]:
    """Give the facts of one imagined shipment for each (service, order time), and the moments to ask about, in the same order.

    Each is looked at when it is ordered; one ordered in the past from ``now``, still without a scan. Instants are aware.
    """
    return what_ifs([(wanted, offer, ordered_at) for offer, ordered_at in asked], now=now, book=book)


def what_ifs(asked: Sequence[tuple[Wanted, Offer, datetime]], *, now: datetime, book: OfferBook | None = None) -> tuple[Facts, Moments]:
    """Give the same for shipments that are wanted each by itself; raises `InvalidFact` for an attribute that is a number in one and a text in another."""
    rows: dict[str, list[dict[str, Any]]] = {"orders": [], "shipments": [], "promises": []}
    facilities: dict[str, dict[str, Any]] = {}
    looked = []
    for number, (wanted, offer, ordered_at) in enumerate(asked):
        name = f"what-if-{number}"
        rows["orders"].append({"order_id": name, "ordered_at": ordered_at, "merchant": wanted.merchant})
        rows["shipments"].append(imagined(name, wanted, offer, ordered_at, book))
        if wanted.promised_at is not None:
            promise = {"promise_id": name, "shipment_id": name, "kind": str(PromiseKind.SHOP), "promised_at": wanted.promised_at}
            rows["promises"].append({**promise, "known_at": ordered_at})
        if (facility := wanted.facility) is not None:
            place = {part: getattr(facility.place, part) for part in PLACE}
            facilities[facility.facility_id] = {
                "facility_id": facility.facility_id,
                "name": facility.name,
                "kind": str(facility.kind),
                **place,
            }
        looked.append(micros(max(ordered_at, now)))
    rows["facilities"] = list(facilities.values())
    tables = {table: framed(table, found) for table, found in rows.items() if found}
    return Facts.of(tables), Moments(np.array([row["shipment_id"] for row in rows["shipments"]], dtype=object), np.array(looked, np.int64))


def imagined(name: str, wanted: Wanted, offer: Offer, ordered_at: datetime, book: OfferBook | None) -> dict[str, Any]:
    """Give the row of one imagined shipment."""
    return {
        "shipment_id": name,
        "order_id": name,
        "carrier": offer.carrier,
        "service": offer.service,
        "created_at": ordered_at,
        "origin_facility_id": wanted.facility.facility_id if wanted.facility else None,
        "destination_facility_id": book.facility(offer.carrier, wanted.destination) if book else None,
        "distance_km": wanted.distance_km,
        "planned_minutes": wanted.planned_minutes,
        **{f"origin_{part}": getattr(wanted.origin, part) for part in PLACE},
        **{f"destination_{part}": getattr(wanted.destination, part) for part in PLACE},
        **{f"{ATTRIBUTE_PREFIX}{part}": value for part, value in wanted.attributes.items()},
    }


def framed(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Make a table of rows; numbers of declared attributes are floats, and a row without one leaves it unknown."""
    schema: dict[str, Any] = dict(TABLES[table].schema)
    for row in rows:
        for column, value in row.items():
            if column.startswith(ATTRIBUTE_PREFIX):
                kind = pl.Float64() if isinstance(value, float | int) else pl.String()
                if schema.setdefault(column, kind) != kind:
                    name = column.removeprefix(ATTRIBUTE_PREFIX)
                    raise InvalidFact(
                        f"attribute {name!r} is a number in one shipment and a text in another; declare it as one of both in all."
                    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def labels_made_when_ordered(facts: Facts) -> Facts:
    """Give real shipments as if each label had been made at the time of its order, which is all that a checkout knows of that time."""
    ordered = facts.orders.select("order_id", ordered="ordered_at")
    shipments = facts.shipments.join(ordered, on="order_id", how="left", maintain_order="left")
    shipments = shipments.with_columns(created_at=pl.coalesce("ordered", "created_at")).drop("ordered")
    return Facts.of({**dict(facts.tables()), "shipments": shipments})


def only_known_at_checkout(facts: Facts, book: OfferBook, *, sparse: pl.Series) -> Facts:
    """Give real shipments as a checkout would have asked about them: to learn what what-if rows look like.

    Scans, plans, promises, boxes and weather are left out, the delivering facility is the one of ``book``. Shipments in ``sparse`` (ids) are
    asked about by a shop that declares nothing: they lose their declared attributes, kilometres, planned minutes and merchant too.
    """
    declared = [name for name in facts.shipments.columns if name.startswith(ATTRIBUTE_PREFIX)]
    poor = pl.col("shipment_id").is_in(sparse.implode())
    hidden = [pl.when(~poor).then(pl.col(name)).alias(name) for name in (*declared, "distance_km", "planned_minutes")]
    shipments = facts.shipments.with_columns(book.facility_column().alias("destination_facility_id"), *hidden)
    silent = facts.shipments.filter(poor)["order_id"].implode()
    merchant = pl.when(~pl.col("order_id").is_in(silent)).then("merchant").alias("merchant")
    orders = facts.orders.select(*TABLES["orders"].schema).with_columns(merchant)
    return Facts.of({"facilities": facts.facilities, "orders": orders, "shipments": shipments})
