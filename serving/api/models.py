"""Name the model that serves."""

from fastapi import APIRouter

from serving.api.openapi import problems
from serving.api.wired import Wired
from serving.schemas.health import ModelAnswer

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["models"])


@router.get("/models/serving", responses=problems(503))
async def serving(wiring: Wired) -> ModelAnswer:
    """Name the model that serves; 503 when none does."""
    return ModelAnswer(model_version=wiring.model.current().version)
