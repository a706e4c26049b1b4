"""Say when a whole order arrives."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.concurrency import run_in_threadpool

from serving.api.keys import NeedsReading
from serving.api.openapi import problems
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.completing import order_complete
from serving.schemas.orders import OrderComplete
from serving.schemas.wire import PathId

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["forecasts"], route_class=StrictRoute)


@router.get("/orders/{order_id}/complete", responses=problems(401, 403, 404, 422, 503))
async def show_complete(order_id: Annotated[PathId, Path(description="Id of an order.")], wiring: Wired, _: NeedsReading) -> OrderComplete:
    """Say when the last shipment of an order arrives: the window that nine of ten orders are completed within.

    The forecasts of the shipments are those of `GET /v1/shipments/{id}/eta`; that shipments of one order come late together is taken
    into account as it was learnt from past orders. 503 when a shipment is open and no model serves.
    """
    return await run_in_threadpool(order_complete, wiring, order_id)
