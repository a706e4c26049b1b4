"""Say why a forecast says what it says."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from data.domain.orders import PromiseKind
from data.domain.statuses import TERMINAL
from data.storage.shipments import ShipmentSummary
from maps.forecast_shown import NO_ARRIVAL
from maps.reason_words import Audience
from serving.api.keys import NeedsOperations, NeedsReading
from serving.api.openapi import problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.arrivals import newest
from serving.explaining import explained
from serving.forecasting import current_forecast
from serving.schemas.explanations import ExplanationOut
from serving.wiring import Wiring

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["forecasts"], route_class=StrictRoute)


@router.get("/shipments/{shipment_id}/explanation", responses=problems(401, 403, 404, 422, 503))
async def explanation(shipment_id: ShipmentId, wiring: Wired, _: NeedsReading) -> ExplanationOut:
    """Say in a customer's words why the forecast differs from the usual for its lane, and from the forecast before.

    The forecast is the one that `/eta` shows, as it was made; it is made anew when that is too old. 503 when no model serves then.
    """
    return await run_in_threadpool(explain, wiring, shipment_id, Audience.CUSTOMER)


@router.get("/shipments/{shipment_id}/explanation/operations", responses=problems(401, 403, 404, 422, 503))
async def explanation_for_operations(shipment_id: ShipmentId, wiring: Wired, _: NeedsOperations) -> ExplanationOut:
    """Say the same in the words of operations, with the evidence of each part. Needs the scope `operations`."""
    return await run_in_threadpool(explain, wiring, shipment_id, Audience.OPERATIONS)


def explain(wiring: Wiring, shipment_id: str, audience: Audience) -> ExplanationOut:
    summary = wiring.store.shipments.summary(shipment_id)
    if summary.status in NO_ARRIVAL:
        return nothing_to_explain(summary, audience)
    promised_at = newest(wiring.store.shipments.promises(shipment_id), PromiseKind.SHOP)
    shown = current_forecast(wiring, summary, promised_at=promised_at)
    return nothing_to_explain(summary, audience) if shown is None else explained(wiring.store, shown.forecast, audience)


def nothing_to_explain(summary: ShipmentSummary, audience: Audience) -> ExplanationOut:
    return ExplanationOut(
        shipment_id=summary.shipment_id,
        state="ended" if summary.status in TERMINAL else "no_arrival",
        audience=audience.value,
        as_of=None,
        usual_at=None,
        forecast_at=None,
        hours=None,
        text=None,
        parts=[],
        change=None,
        forecast_id=None,
        model_version=None,
    )
