"""Say when a shipment arrives, and what was said before."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool

from data.domain.forecasts import Target
from data.domain.journeys import outcome_of
from data.domain.orders import PromiseKind
from data.domain.statuses import TERMINAL, OnTimeStatus
from data.storage.shipments import ShipmentSummary
from maps.forecast_shown import NO_ARRIVAL
from serving.api.keys import NeedsOperations, NeedsReading
from serving.api.openapi import problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.arrivals import actual_of, against, newest, past_forecast, reasons_of, window_of
from serving.forecasting import current_forecast, stored_forecast
from serving.schemas.eta import Eta, History
from serving.schemas.wire import whole
from serving.still_open import Shown, late_after
from serving.wiring import Wiring

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["forecasts"], route_class=StrictRoute)


@router.get("/shipments/{shipment_id}/eta", responses=problems(401, 403, 404, 422, 503))
async def eta(shipment_id: ShipmentId, wiring: Wired, _: NeedsReading) -> Eta:
    """Say when a shipment arrives: the 80 % window, its quantiles, the risk of missing the promise, and why; or how it ended.

    The newest stored forecast is shown, given that the shipment is still open; it is made anew when it is older than 15 minutes
    (a setting) or older than the newest scan. 503 when it must be made anew and no model serves.
    """
    summary = wiring.store.shipments.summary(shipment_id)
    if summary.status in TERMINAL:
        return ended(wiring, summary)
    if summary.status in NO_ARRIVAL or stored_forecast(wiring, summary) is not None:
        return still_on_the_way(wiring, summary)
    return await run_in_threadpool(still_on_the_way, wiring, summary)  # the model takes tens of milliseconds


@router.get("/shipments/{shipment_id}/forecasts", responses=problems(401, 403, 404, 422))
async def history(
    shipment_id: ShipmentId,
    wiring: Wired,
    _: NeedsOperations,
    limit: Annotated[whole(1, 500), Query(description="Forecasts to show.")] = 100,  # type: ignore[valid-type]  # a type made by a function
) -> History:
    """Show the forecasts of a shipment as they were made, newest first. Needs the scope `operations`."""
    wiring.store.shipments.summary(shipment_id)
    found = wiring.store.forecasts.history(shipment_id)
    return History(shipment_id=shipment_id, total=len(found), forecasts=[past_forecast(one) for one in found[::-1][:limit]])


def ended(wiring: Wiring, summary: ShipmentSummary) -> Eta:
    now = wiring.now()
    outcome = outcome_of(summary.shipment_id, wiring.store.scans.of(summary.shipment_id), now)
    if outcome is None:  # the end was corrected between the two reads
        return still_on_the_way(wiring, wiring.store.shipments.summary(summary.shipment_id))
    promises = wiring.store.shipments.promises(summary.shipment_id)
    zone = summary.destination_timezone
    shop, carrier = (
        against(newest(promises, kind), timezone=zone, seen_at=now, late_probability=None, outcome=outcome)
        for kind in (PromiseKind.SHOP, PromiseKind.CARRIER)
    )
    return Eta(
        **common(summary, now),
        state="ended",
        on_time_status=shop.on_time_status if shop else OnTimeStatus.UNKNOWN,
        promise=shop,
        carrier_date=carrier,
        actual=actual_of(outcome, zone, now),
        **NO_FORECAST,
    )


def still_on_the_way(wiring: Wiring, summary: ShipmentSummary) -> Eta:
    promises = wiring.store.shipments.promises(summary.shipment_id)
    promised_at, carrier_at = newest(promises, PromiseKind.SHOP), newest(promises, PromiseKind.CARRIER)
    shown = None if summary.status in NO_ARRIVAL else current_forecast(wiring, summary, promised_at=promised_at)
    now = wiring.now()
    zone = summary.destination_timezone
    shop = against(promised_at, timezone=zone, seen_at=now, late_probability=shown.late_probability if shown else None, outcome=None)
    carrier_late = late_after(shown, carrier_at) if shown and carrier_at else None
    carrier = against(carrier_at, timezone=zone, seen_at=now, late_probability=carrier_late, outcome=None)
    return Eta(
        **common(summary, now),
        state="open" if shown else "no_arrival",
        on_time_status=shop.on_time_status if shop else OnTimeStatus.UNKNOWN,
        promise=shop,
        carrier_date=carrier,
        actual=None,
        **(forecast_fields(shown, zone) if shown else NO_FORECAST),
    )


def common(summary: ShipmentSummary, seen_at: datetime) -> dict[str, Any]:
    return {
        "shipment_id": summary.shipment_id,
        "status": summary.status,
        "status_since": summary.status_since,
        "seen_at": seen_at,
        "target": Target.DELIVERED,
    }


NO_FORECAST: dict[str, Any] = {
    **dict.fromkeys(
        ("p10", "p50", "p90", "window", "late_probability", "forecast_id", "model_version", "as_of", "made_at", "input_digest")
    ),
    "reasons": [],
}


def forecast_fields(shown: Shown, timezone: str | None) -> dict[str, Any]:
    made = shown.forecast
    return {
        "p10": shown.p10,
        "p50": shown.p50,
        "p90": shown.p90,
        "window": window_of(shown.window, timezone, shown.seen_at),
        "late_probability": shown.late_probability,
        "reasons": reasons_of(made.reasons),
        "forecast_id": made.forecast_id,
        "model_version": made.model_version,
        "as_of": made.as_of,
        "made_at": made.made_at,
        "input_digest": made.input_digest,
    }
