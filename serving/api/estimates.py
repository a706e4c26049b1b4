"""Estimate the arrival of a shipment that does not exist yet: for a checkout page."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from serving.api.openapi import BODY, problems
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.estimating import estimate
from serving.estimating_orders import estimate_complete
from serving.schemas.eta import Estimate, EstimateIn
from serving.schemas.wanted_orders import EstimateComplete, EstimateCompleteIn

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["forecasts"], route_class=StrictRoute)


@router.post("/estimates", responses=problems(*BODY, 404, 503))
async def create_estimate(body: EstimateIn, wiring: Wired) -> Estimate:
    """Give the distribution of the arrival of a shipment like this, if its label were made at `created_at`; nothing is stored."""
    return await run_in_threadpool(estimate, wiring, body)


@router.post("/estimates/complete", responses=problems(*BODY, 404, 503))
async def create_estimate_complete(body: EstimateCompleteIn, wiring: Wired) -> EstimateComplete:
    """Say when the last of 2 to 20 parcels of one order would come, if they were ordered at `created_at`; nothing is stored.

    That parcels of one order come early or late together is taken into account as it was learnt from past orders. The same answer as `POST /v1/estimates` is
    given for each parcel by itself.
    """
    return await run_in_threadpool(estimate_complete, wiring, body)
