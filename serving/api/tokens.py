"""Issue the link that opens a customer's journey page."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from serving.api.keys import NeedsWrite
from serving.api.openapi import BODY, problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.schemas.tokens import Link, LinkIn

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["shipments"], route_class=StrictRoute)


@router.post("/shipments/{shipment_id}/tokens", status_code=201, responses=problems(*BODY, 401, 403, 404))
async def issue(shipment_id: ShipmentId, body: LinkIn, wiring: Wired, _: NeedsWrite) -> Link:
    """Issue a random token (192 bits) that opens this shipment's journey page, `/track/{token}`. Needs the scope `write`."""
    token = await run_in_threadpool(wiring.store.tokens.issue, shipment_id, scope=body.scope, expires_at=body.expires_at)
    url = f"{wiring.settings.address}/track/{token}"
    return Link(shipment_id=shipment_id, token=token, url=url, scope=body.scope, expires_at=body.expires_at)
