"""Give a journey as a still picture and as a calendar entry, behind the customer's link."""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from maps.calendar_entry import calendar_entry
from maps.map_data import map_data
from maps.output_words import BACK, NOTHING_YET, NOTHING_YET_NEXT, NOTHING_YET_TITLE
from maps.page import digest_of
from maps.page_words import page_words
from maps.view import JourneyView
from serving.api.wired import Wired
from serving.errors import Refusal
from serving.pages.kept_pictures import kept_pictures
from serving.pages.rendering import render
from serving.pages.track import STATUS, for_scope, fresh_view
from serving.secrets_on_disk import kept_secret
from serving.wiring import Wiring

__all__ = ["calendar_key", "router"]

PICTURE_SECONDS = 120

PICTURE_HEADERS = {
    "Cache-Control": f"private, max-age={PICTURE_SECONDS}",
    # Mails are read on other hosts, and their pages must be allowed to show the picture; whoever has its address holds the link anyway.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}

router = APIRouter(include_in_schema=False)


def opened(wiring: Wiring, token: str) -> JourneyView:
    """Give what an output of a link may show; raises the same `NotFound` for a wrong, an expired and a revoked one.

    Words are those of the link's scope. Places are always the coarse ones: pictures and frames are kept, sent on and seen by others, so they
    come no nearer to the door than the most public link.
    """
    grant = wiring.store.tokens.resolve(token, now=wiring.now())
    return for_scope(fresh_view(wiring, grant.shipment_id, scope=STATUS), grant.scope)


@router.api_route("/track/{token}/map.png", methods=["GET", "HEAD"])
def map_png(token: str, request: Request, wiring: Wired, size: str = "link", theme: str = "light") -> Response:
    """Give the journey as a PNG; raises `NotFound` for the link, `InvalidFact` for a size or theme that does not exist."""
    return picture(request, opened(wiring, token), "image/png", size=size, theme=theme)


@router.api_route("/track/{token}/map.svg", methods=["GET", "HEAD"])
def map_svg(token: str, request: Request, wiring: Wired, size: str = "link", theme: str = "light") -> Response:
    """Give the journey as an SVG; raises as `map_png` does."""
    return picture(request, opened(wiring, token), "image/svg+xml", size=size, theme=theme)


def picture(request: Request, view: JourneyView, media_type: str, *, size: str, theme: str) -> Response:
    # matplotlib takes a second to import; a server that draws no picture yet need not wait for it.
    from maps.still_picture import check_choice, drawn_at, png, svg

    check_choice(size, theme)
    page = page_words(view)
    drawn = (digest_of(page, map_data(view, page)), drawn_at(view.seen_at).isoformat(), media_type, size, theme)
    key = hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]
    headers = {**PICTURE_HEADERS, "ETag": f'"{key}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    draw = png if media_type == "image/png" else svg
    made = kept_pictures().get(key, lambda: draw(view, page, size=size, theme=theme))
    return Response(made, media_type=media_type, headers=headers)


@router.get("/track/{token}/arrival.ics")
def arrival(token: str, request: Request, wiring: Wired) -> Response:
    """Give the arrival as a calendar entry; 404 with a page that says why, before there is a forecast."""
    view = opened(wiring, token)
    entry = calendar_entry(view, page_words(view), key=calendar_key(wiring.settings.state_folder))
    if entry is None:
        if "text/html" in request.headers.get("accept", ""):
            said = {
                "title": NOTHING_YET_TITLE,
                "said": NOTHING_YET,
                "next": NOTHING_YET_NEXT,
                "back": f"/track/{token}",
                "back_words": BACK,
            }
            return render(request, "nothing_yet.html.jinja", said, status=404)
        raise Refusal(404, f"{NOTHING_YET} {NOTHING_YET_NEXT}")
    headers = {"Content-Disposition": 'attachment; filename="arrival.ics"'}
    return Response(entry, media_type="text/calendar; charset=utf-8", headers=headers)


@lru_cache(maxsize=16)
def calendar_key(state_folder: Path) -> bytes:
    """Give the secret behind the names of calendar entries; kept in the state folder, because an entry must keep its name."""
    return kept_secret(state_folder, "calendar_secret").encode()
