"""Serve our own assets: scripts, styles and the basemap, compressed and named by their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from data.reference.basemap.basemap import BASEMAP_FILE
from maps.templating import STATIC_FOLDER
from serving.errors import Refusal

__all__ = ["Asset", "address_of", "asset_answer", "assets", "router"]

SERVING_STATIC = Path(__file__).parents[1] / "static"

MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
"""What is served; a file of another kind (a licence, a README) is not."""

WEEK_SECONDS = 7 * 24 * 3600

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """Hold one file as it is sent: plain, compressed, and the mark of its content."""

    media_type: str
    plain: bytes
    compressed: bytes
    mark: str


@cache
def assets() -> dict[str, Asset]:
    """Read every asset once; only these names are ever answered, so no path can lead out of the folders."""
    found = {
        f"maps/{path.relative_to(STATIC_FOLDER).as_posix()}": path
        for path in sorted(STATIC_FOLDER.rglob("*"))
        if path.suffix in MEDIA_TYPES
    }
    found |= {
        f"pages/{path.relative_to(SERVING_STATIC).as_posix()}": path
        for path in sorted(SERVING_STATIC.rglob("*"))
        if path.suffix in MEDIA_TYPES
    }
    found["basemap/basemap.json"] = BASEMAP_FILE
    return {name: read(path) for name, path in found.items()}


def read(path: Path) -> Asset:
    plain = path.read_bytes()
    return Asset(MEDIA_TYPES[path.suffix], plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])


def address_of(name: str) -> str:
    """Give the address of an asset with its mark; a new content has a new address, so browsers may keep the old one."""
    return f"/static/{name}?v={assets()[name].mark}"


@router.get("/static/{name:path}")
def asset(name: str, request: Request) -> Response:
    """Give one of our assets."""
    found = assets().get(name)
    if found is None:
        raise Refusal(404, "no asset has this name")
    return asset_answer(found, request, {"Cache-Control": f"public, max-age={WEEK_SECONDS}"})


def asset_answer(found: Asset, request: Request, headers: Mapping[str, str]) -> Response:
    """Give an asset with further headers: 304 where the browser has it, compressed where it may be."""
    headers = {**headers, "ETag": f'"{found.mark}"', "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.compressed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.plain, media_type=found.media_type, headers=headers)
