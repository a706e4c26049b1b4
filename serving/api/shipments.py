"""List, show and register shipments and orders."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.concurrency import run_in_threadpool

from data.storage.shipments import ShipmentSummary
from serving.api.keys import NeedsOperations, NeedsWrite
from serving.api.openapi import BODY, problems
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.forecasting import forecast_if_possible
from serving.registering import register_order, register_shipment
from serving.schemas.shipments import (
    Created,
    LegOut,
    ListQuery,
    OrderIn,
    Page,
    PromiseOut,
    ShipmentDetail,
    ShipmentIn,
    ShipmentLine,
)
from serving.schemas.wire import PathId

__all__ = ["ShipmentId", "router"]

router = APIRouter(prefix="/v1", tags=["shipments"], route_class=StrictRoute)

ShipmentId = Annotated[PathId, Path(description="Id of a shipment.")]


def line_of(summary: ShipmentSummary) -> dict[str, object]:
    """Give the fields of a line."""
    return {name: getattr(summary, name) for name in ShipmentLine.model_fields}


@router.get("/shipments", responses=problems(401, 403, 422))
async def list_shipments(query: Annotated[ListQuery, Query()], wiring: Wired, _: NeedsOperations) -> Page:
    """List shipments, newest created first. Needs the scope `operations`."""
    found = wiring.store.shipments.list(limit=query.limit + 1, before=query.cursor, status=query.status, carrier=query.carrier)
    shown = found[: query.limit]
    return Page(
        shipments=[ShipmentLine.model_validate(line_of(summary)) for summary in shown],
        next_cursor=shown[-1].cursor if len(found) > len(shown) else None,
    )


@router.get("/shipments/{shipment_id}", responses=problems(401, 403, 404, 422))
async def show_shipment(shipment_id: ShipmentId, wiring: Wired, _: NeedsOperations) -> ShipmentDetail:
    """Show everything declared of a shipment. Needs the scope `operations`."""
    summary = wiring.store.shipments.summary(shipment_id)
    shipment = wiring.store.shipments.get(shipment_id)
    order = wiring.store.shipments.order(shipment.order_id)
    return ShipmentDetail.model_validate(
        line_of(summary)
        | {
            "merchant": order.merchant,
            "ordered_at": order.ordered_at,
            "origin_facility_id": shipment.origin_facility_id,
            "destination_facility_id": shipment.destination_facility_id,
            "destination_region": shipment.destination.region,
            "destination_postal_code": shipment.destination.postal_code,
            "destination_country": shipment.destination.country,
            "distance_km": shipment.distance_km,
            "planned_minutes": shipment.planned_minutes,
            "promises": [
                PromiseOut(kind=promise.kind.value, promised_at=promise.promised_at, known_at=promise.known_at)
                for promise in wiring.store.shipments.promises(shipment_id)
            ],
            "legs": [
                LegOut(**{name: getattr(leg, name) for name in LegOut.model_fields}) for leg in wiring.store.shipments.legs(shipment_id)
            ],
            "order_attributes": dict(order.attributes),
            "attributes": dict(shipment.attributes),
        }
    )


@router.post(
    "/orders",
    status_code=201,
    responses={200: {"model": Created, "description": "Known already; nothing changed."}, **problems(*BODY, 401, 403, 409)},
)
async def create_order(body: OrderIn, response: Response, wiring: Wired, _: NeedsWrite) -> Created:
    """Register an order; sending it again changes nothing. Needs the scope `write`."""
    new = await run_in_threadpool(register_order, wiring.store, body)
    response.status_code = 201 if new else 200
    return Created(id=body.order_id, result="created" if new else "unchanged", forecast=None)


@router.post(
    "/shipments",
    status_code=201,
    responses={200: {"model": Created, "description": "Known already; nothing changed."}, **problems(*BODY, 401, 403, 404, 409)},
)
async def create_shipment(body: ShipmentIn, response: Response, wiring: Wired, _: NeedsWrite) -> Created:
    """Register a shipment with its order, promises, parcels and planned legs, and forecast it; sending it again changes nothing.

    Needs the scope `write`. Facts are never overwritten: another content under a known id is a conflict. What a later call adds (a leg,
    a promise of another kind) is added.
    """
    new = await run_in_threadpool(register_shipment, wiring.store, body)
    forecast = await run_in_threadpool(forecast_if_possible, wiring, [body.shipment_id]) if new else "not_needed"
    response.status_code = 201 if new else 200
    return Created(id=body.shipment_id, result="created" if new else "unchanged", forecast=forecast)
