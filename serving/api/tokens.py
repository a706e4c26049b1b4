"""Issue, list and revoke the links that open a customer's journey page."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from serving.api.keys import NeedsOperations, NeedsWrite
from serving.api.openapi import BODY, problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.schemas.tokens import Link, LinkIn, LinkLine, Links, TokenId

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["shipments"], route_class=StrictRoute)


@router.post("/shipments/{shipment_id}/tokens", status_code=201, responses=problems(*BODY, 401, 403, 404))
async def issue(shipment_id: ShipmentId, body: LinkIn, wiring: Wired, _: NeedsWrite) -> Link:
    """Issue a random token (192 bits) that opens this shipment's journey page, `/track/{token}`. Needs the scope `write`."""
    token = await run_in_threadpool(wiring.store.tokens.issue, shipment_id, scope=body.scope, expires_at=body.expires_at)
    url = f"{wiring.settings.address}/track/{token}"
    return Link(shipment_id=shipment_id, token=token, url=url, scope=body.scope, expires_at=body.expires_at)


@router.get("/shipments/{shipment_id}/tokens", responses=problems(401, 403, 404, 422))
async def list_links(shipment_id: ShipmentId, wiring: Wired, _: NeedsOperations) -> Links:
    """List the links issued for a shipment, newest first, by their ids; never the tokens. Needs the scope `operations`."""
    now = wiring.now()
    lines = [
        LinkLine(
            token_id=record.token_id,
            scope=record.scope,
            issued_at=record.issued_at,
            expires_at=record.expires_at,
            revoked_at=record.revoked_at,
            state="revoked" if record.revoked_at else "expired" if record.expires_at <= now else "open",
        )
        for record in wiring.store.tokens.of(shipment_id)
    ]
    return Links(shipment_id=shipment_id, links=lines)


@router.delete(
    "/shipments/{shipment_id}/tokens/{token_id}", status_code=204, response_class=Response, responses=problems(401, 403, 404, 422)
)
async def revoke(
    shipment_id: ShipmentId,
    token_id: Annotated[TokenId, Path(description="Id of a link: the SHA-256 of its token, in hex.")],
    wiring: Wired,
    _: NeedsWrite,
) -> None:
    """Revoke a link for good; revoking again changes nothing. Needs the scope `write`."""
    await run_in_threadpool(wiring.store.tokens.revoke_id, shipment_id, token_id)
