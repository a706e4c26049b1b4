"""Estimate the arrival of a shipment that does not exist yet: for a checkout page."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from serving.api.openapi import BODY, problems
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.estimating import estimate
from serving.schemas.eta import Estimate, EstimateIn

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["forecasts"], route_class=StrictRoute)


@router.post("/estimates", responses=problems(*BODY, 404, 503))
async def create_estimate(body: EstimateIn, wiring: Wired) -> Estimate:
    """Give the distribution of the arrival of a shipment like this, if its label were made at `created_at`; nothing is stored."""
    return await run_in_threadpool(estimate, wiring, body)
