"""Turn what a shop registers into facts and add them to the store."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from data.domain.errors import Conflict, InvalidFact
from data.domain.orders import PromiseKind
from data.domain.places import Place
from data.facts.facts import Facts
from data.facts.schema import ATTRIBUTE_PREFIX, TABLES
from data.storage.store import Store
from serving.places import located
from serving.schemas.shipments import OrderIn, ShipmentIn

__all__ = ["attribute_columns", "order_row", "place_columns", "register_order", "register_shipment", "table"]

SOURCE = "api"
Row = dict[str, Any]


def table(name: str, rows: Sequence[Row]) -> pl.DataFrame:
    """Make a canonical table of rows; numbers of declared attributes are floats."""
    schema: dict[str, Any] = dict(TABLES[name].schema)
    for row in rows:
        for column, value in row.items():
            if column.startswith(ATTRIBUTE_PREFIX):
                schema[column] = pl.Float64() if isinstance(value, float | int) else pl.String()
    return pl.DataFrame(rows, schema=schema, orient="row")


def attribute_columns(attributes: Mapping[str, float | str | None]) -> Row:
    """Give declared attributes as columns. One without a value declares nothing: its type is not known."""
    return {f"{ATTRIBUTE_PREFIX}{name}": value for name, value in attributes.items() if value is not None}


def place_columns(prefix: str, place: Place) -> Row:
    """Give a place as columns."""
    names = ("lat", "lon", "timezone", "city", "region", "postal_code", "country")
    return {f"{prefix}{name}": getattr(place, name) for name in names}


def order_row(order: OrderIn) -> Row:
    """Give an order as a row."""
    return {"order_id": order.order_id, "ordered_at": order.ordered_at, "merchant": order.merchant, **attribute_columns(order.attributes)}


def shipment_row(body: ShipmentIn, order_id: str) -> Row:
    names = ("shipment_id", "carrier", "service", "created_at", "tracking_number", "origin_facility_id", "destination_facility_id")
    return {
        **{name: getattr(body, name) for name in (*names, "distance_km", "planned_minutes")},
        "order_id": order_id,
        **place_columns("origin_", located(body.origin.to_place()) if body.origin else Place()),
        **place_columns("destination_", located(body.destination.to_place())),
        **attribute_columns(body.attributes),
    }


def belongings(body: ShipmentIn) -> Facts:
    """Give the parcels, promises and legs; ids and moments of knowing follow from the shipment, so that sending it again is the same."""
    promises = ((PromiseKind.SHOP, body.promised_at), (PromiseKind.CARRIER, body.carrier_promised_at))
    common = {"shipment_id": body.shipment_id}
    rows: dict[str, list[Row]] = {
        "parcels": [{**common, **parcel.model_dump()} for parcel in body.parcels],
        "promises": [
            {**common, "promise_id": f"{body.shipment_id}:{kind}", "kind": str(kind), "promised_at": at, "known_at": body.created_at}
            for kind, at in promises
            if at is not None
        ],
        "legs": [
            {**common, "leg_id": f"{body.shipment_id}:{number}", "sequence": number, "known_at": body.created_at, **leg.model_dump()}
            for number, leg in enumerate(body.legs)
        ],
    }
    return Facts.of({name: table(name, found) for name, found in rows.items() if found})


def add(store: Store, facts: Facts, what: str) -> int:
    """Add facts and give how many rows were new; raises `Conflict` when something is known with other content."""
    try:
        report = store.facts.add(facts, source=SOURCE)
    except InvalidFact as error:  # a declared attribute changed between number and word: at odds with what is known
        raise Conflict(f"{what}: {error}") from error
    if at_odds := sorted(name for name, added in report.tables.items() if added.conflicting or added.refused):
        raise Conflict(f"{what}: {', '.join(at_odds)} known with other content; what came first stands, what came now is in quarantine")
    return report.total.new


def register_order(store: Store, order: OrderIn) -> bool:
    """Add an order; say whether it is new."""
    return add(store, Facts.of({"orders": table("orders", [order_row(order)])}), f"order {order.order_id!r}") > 0


def register_shipment(store: Store, body: ShipmentIn) -> bool:
    """Add a shipment and what belongs to it; say whether anything was new.

    The shipment itself goes first: when it is at odds with a known one, nothing is added to that. Raises `NotFound` for an unknown order.
    """
    if isinstance(body.order, str):
        order_id, orders = store.shipments.order(body.order).order_id, []
    else:
        order_id, orders = body.order.order_id, [order_row(body.order)]
    what = f"shipment {body.shipment_id!r}"
    frames = {"orders": table("orders", orders)} if orders else {}
    new = add(store, Facts.of({**frames, "shipments": table("shipments", [shipment_row(body, order_id)])}), what)
    rest = belongings(body)
    return new + (add(store, rest, what) if rest.rows() else 0) > 0
