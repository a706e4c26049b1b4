"""Give operations their numbers."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from data.domain.statuses import Status
from data.storage.waiting import waiting_for_forecast
from maps.standing import MAY_BE_LATE
from serving.api.keys import NeedsOperations
from serving.api.openapi import problems
from serving.api.wired import Wired
from serving.schemas.operations import Summary
from serving.wiring import Wiring

__all__ = ["router"]

MOST_COUNTED = 10_000

router = APIRouter(prefix="/v1/operations", tags=["operations"])


@router.get("/summary", responses=problems(401, 403))
async def summary(wiring: Wired, _: NeedsOperations) -> Summary:
    """Sum up what is on the way: open, at risk, late, silent, waiting. Needs the scope `operations`."""
    return await run_in_threadpool(sum_up, wiring)


def sum_up(wiring: Wiring) -> Summary:
    """Read the store once and count."""
    now = wiring.now()
    open_ids = wiring.store.shipments.open_ids()
    at_risk = wiring.store.shipments.at_risk(len(open_ids))
    promised = [(one.promised_at, one.late_probability or 0.0) for one in at_risk if one.promised_at is not None]
    return Summary(
        seen_at=now,
        open=len(open_ids),
        with_risk=len(promised),
        trending_late=sum(promised_at >= now and late >= MAY_BE_LATE for promised_at, late in promised),
        late=sum(promised_at < now for promised_at, _ in promised),
        silent=sum(one.status is Status.EXPIRED for one in at_risk),
        waiting_for_forecast=len(waiting_for_forecast(wiring.store, now=now, limit=MOST_COUNTED)),
        quarantined=wiring.store.counts()["quarantine"],
        model_version=wiring.model.version,
    )
