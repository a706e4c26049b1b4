"""Serve the logos of the shops from our own address."""

from fastapi import APIRouter, Response

from serving.api.wired import Wired
from serving.errors import Refusal
from serving.pages.assets import WEEK_SECONDS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/brand/{mark}")
def logo(mark: str, wiring: Wired) -> Response:
    """Give a logo by the mark of its content; only the pictures that the brands file names are ever answered."""
    found = wiring.brands.logos.get(mark)
    if found is None:
        raise Refusal(404, "no logo has this mark")
    headers = {"Cache-Control": f"public, max-age={WEEK_SECONDS}, immutable", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(found.content, media_type=found.media_type, headers=headers)
