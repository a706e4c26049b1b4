"""Say whether the process lives, whether it is ready, and what it counted."""

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from data.domain.errors import Unavailable
from serving.api.openapi import problems
from serving.api.wired import Wired
from serving.errors import Refusal
from serving.schemas.health import Live, Ready
from serving.wiring import Wiring

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/livez", responses=problems())
async def livez() -> Live:
    """Say that the process answers."""
    return Live(status="alive")


@router.get("/readyz", responses=problems(503))
async def readyz(wiring: Wired) -> Ready:
    """Say that the database answers and a model serves; 503 with the reasons otherwise."""
    reasons = [reason for reason in (await run_in_threadpool(database_problem, wiring), wiring.model.problem) if reason]
    if reasons or wiring.model.version is None:
        raise Refusal(503, " ".join(reasons))
    return Ready(status="ready", database="reachable", model_version=wiring.model.version)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus text format."}, **problems()},
)
async def metrics(request: Request) -> Response:
    """Give counters and measures in the text format of Prometheus; no ids and no tracking numbers among the labels."""
    return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def database_problem(wiring: Wiring) -> str | None:
    """Ask the database something small; give what is wrong."""
    try:
        wiring.store.shipments.list(limit=1)
    except Unavailable as error:
        structlog.get_logger("doorcast.health").error("database away", reason=str(error))
        return "the database does not answer; the log says why."
    return None
