"""Give a journey as GeoJSON."""

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from maps.geojson import journey_geojson
from serving.api.answers import FiniteJSON
from serving.api.keys import NeedsReading
from serving.api.openapi import problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.journeys import journey_view
from serving.schemas.geojson import JourneyGeoJSON

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["shipments"], route_class=StrictRoute)


@router.get(
    "/shipments/{shipment_id}/journey",
    response_class=Response,
    responses={
        200: {"content": {"application/geo+json": {"schema": JourneyGeoJSON}}, "description": "A FeatureCollection (RFC 7946)."},
        **problems(401, 403, 404, 422),
    },
)
async def journey(shipment_id: ShipmentId, wiring: Wired, _: NeedsReading) -> Response:
    """Give the journey as GeoJSON: legs, stops in order, the probable position, the door as a coarse cell; lon, lat in this order."""
    view = await run_in_threadpool(journey_view, wiring.store, shipment_id, now=wiring.now(), habits=wiring.habits.known)
    return FiniteJSON(journey_geojson(view), media_type="application/geo+json")
