"""Take scans in, one or many, and show those of a shipment."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from data.domain.errors import Conflict
from data.storage.quarantine import Refused
from serving.api.answers import FiniteJSON
from serving.api.keys import NeedsOperations, NeedsWrite
from serving.api.metrics import Metrics
from serving.api.openapi import BODY, problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.errors import shown
from serving.forecasting import forecast_if_possible
from serving.intake import CONFLICT, take_scans
from serving.schemas.scans import BatchAnswer, ScanAnswer, ScanBatch, ScanIn, ScanOut, ScanResult, ScansIn, ShipmentScans
from serving.wiring import Wiring

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["scans"], route_class=StrictRoute)

STATUS_OF_RESULT = {"accepted": 201, "duplicate": 200, "quarantined": 202}
NAMES = {"accepted": "accepted", "duplicate": "duplicates", "conflict": "conflicts", "quarantined": "quarantined", "refused": "refused"}


@router.post(
    "/scans",
    response_model=None,
    status_code=201,
    responses={
        200: {"model": ScanAnswer, "description": "One scan, known already: nothing changed."},
        201: {"model": ScanAnswer, "description": "One scan, durable; the forecast of its shipment was made anew."},
        202: {"model": ScanAnswer, "description": "One scan of an unknown shipment: kept in quarantine."},
        207: {"model": BatchAnswer, "description": "A batch: one result for each scan, in its order."},
        **problems(*BODY, 401, 403, 409, 503),
    },
)
async def take(body: ScansIn, request: Request, wiring: Wired, _: NeedsWrite) -> Response:
    """Take one scan, or a batch `{"scans": […]}` of up to 1,000. Idempotent by `scan_id`. Needs the scope `write`.

    An answer comes after the scans are durable. One scan: its shipment's forecast is made in the same request. A batch: forecasts follow
    in the background within seconds; each item is judged by itself and nothing of a batch is lost.
    """
    metrics: Metrics = request.app.state.metrics
    if isinstance(body, ScanBatch):
        answer = await run_in_threadpool(take_batch, wiring, body, metrics)
        request.app.state.background.wake()
        return FiniteJSON(answer.model_dump(mode="json"), 207)
    single = await run_in_threadpool(take_one, wiring, body, metrics)
    if single.result == "conflict":
        raise Conflict(f"scan {body.scan_id!r}: {CONFLICT}")
    return FiniteJSON(single.model_dump(mode="json"), STATUS_OF_RESULT[single.result])


@router.get("/shipments/{shipment_id}/scans", responses=problems(401, 403, 404, 422))
async def show_scans(shipment_id: ShipmentId, wiring: Wired, _: NeedsOperations) -> ShipmentScans:
    """Show all scans of a shipment, in order of happening. Needs the scope `operations`."""
    scans = wiring.store.scans.of(shipment_id)
    rows = [ScanOut.model_validate({name: getattr(scan, name) for name in ScanOut.model_fields}) for scan in scans]
    return ShipmentScans(shipment_id=shipment_id, scans=rows)


def take_one(wiring: Wiring, item: ScanIn, metrics: Metrics) -> ScanAnswer:
    (result,) = take_scans(wiring, [item])
    count(metrics, result)
    forecast = forecast_if_possible(wiring, [item.shipment_id]) if result.result == "accepted" else "not_needed"
    return ScanAnswer(**result.model_dump(), forecast=forecast)


def take_batch(wiring: Wiring, batch: ScanBatch, metrics: Metrics) -> BatchAnswer:
    """Judge each item by itself; take the good ones together."""
    judged = [judge(item) for item in batch.scans]
    refused = [
        Refused("scans", as_row(item), "invalid", str(seen.detail), "api")
        for item, seen in zip(batch.scans, judged, strict=True)
        if isinstance(seen, ScanResult)
    ]
    wiring.store.quarantine.add(refused)
    taken = iter(take_scans(wiring, [seen for seen in judged if isinstance(seen, ScanIn)]))
    results = [seen if isinstance(seen, ScanResult) else next(taken) for seen in judged]
    for result in results:
        count(metrics, result)
    counts = dict.fromkeys(NAMES.values(), 0)
    for result in results:
        counts[NAMES[result.result]] += 1
    return BatchAnswer(**counts, unmapped=sum(map(is_unmapped, results)), results=results)


def judge(item: Any) -> ScanIn | ScanResult:
    """Give the scan, or why it is refused."""
    try:
        return ScanIn.model_validate(item)
    except ValidationError as error:
        reasons = "; ".join(
            f"{shown('/'.join(map(str, one['loc'])) or 'scan')}: {shown(str(one['msg']), 200)}" for one in error.errors()[:5]
        )
        scan_id, shipment_id = (text_of(item, name) for name in ("scan_id", "shipment_id"))
        detail = f"{reasons}. It is kept in quarantine; correct it and send it again."
        return ScanResult(scan_id=scan_id, shipment_id=shipment_id, result="refused", status=None, detail=detail)


def text_of(item: Any, name: str) -> str | None:
    value = item.get(name) if isinstance(item, dict) else None
    return shown(value, 128) if isinstance(value, str) else None


def as_row(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"item": item}


def is_unmapped(result: ScanResult) -> bool:
    return result.result == "accepted" and result.status == "unknown"


def count(metrics: Metrics, result: ScanResult) -> None:
    metrics.scan(result.result, unmapped=is_unmapped(result))
