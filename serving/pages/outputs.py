"""Give a journey as a still picture and as a calendar entry, behind the customer's link."""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from maps.brand import Brand
from maps.calendar_entry import calendar_entry
from maps.journey_page import JourneyPage
from maps.map_data import map_data
from maps.output_words import BACK, NOTHING_YET, NOTHING_YET_NEXT, NOTHING_YET_TITLE
from maps.page import digest_of
from maps.page_words import page_words
from maps.view import JourneyView
from serving.api.wired import Wired
from serving.errors import Refusal
from serving.pages.kept_pictures import kept_pictures
from serving.pages.reader import asked_on, reader_language, speaking
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
    return picture(request, wiring, opened(wiring, token), "image/png", size=size, theme=theme)


@router.api_route("/track/{token}/map.svg", methods=["GET", "HEAD"])
def map_svg(token: str, request: Request, wiring: Wired, size: str = "link", theme: str = "light") -> Response:
    """Give the journey as an SVG; raises as `map_png` does."""
    return picture(request, wiring, opened(wiring, token), "image/svg+xml", size=size, theme=theme)


def worn(request: Request, wiring: Wiring, view: JourneyView) -> tuple[JourneyPage, Brand]:
    """Give the words of an output in the reader's language, and the brand of the shop that it wears."""
    brand = wiring.brands.of(view.merchant)
    return page_words(view, language=reader_language(request, brand), brand=brand), brand


def picture(request: Request, wiring: Wiring, view: JourneyView, media_type: str, *, size: str, theme: str) -> Response:
    # matplotlib takes a second to import; a server that draws no picture yet need not wait for it.
    from maps.still_picture import check_choice, drawn_at, png, svg

    check_choice(size, theme)
    page, brand = worn(request, wiring, view)
    look = (media_type, size, theme, brand.accent_light, brand.accent_dark)
    drawn = (digest_of(page, map_data(view, page)), drawn_at(view.seen_at).isoformat(), page.language.code, *look)
    key = hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]
    headers = {**PICTURE_HEADERS, "ETag": f'"{key}"', "Content-Language": page.language.code, "Vary": "Accept-Language"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    draw = png if media_type == "image/png" else svg
    made = kept_pictures().get(key, lambda: draw(view, page, size=size, theme=theme, brand=brand))
    return Response(made, media_type=media_type, headers=headers)


@router.get("/track/{token}/arrival.ics")
def arrival(token: str, request: Request, wiring: Wired) -> Response:
    """Give the arrival as a calendar entry; 404 with a page that says why, before there is a forecast."""
    view = opened(wiring, token)
    page, brand = worn(request, wiring, view)
    entry = calendar_entry(view, page, key=calendar_key(wiring.settings.state_folder))
    if entry is None:
        if "text/html" in request.headers.get("accept", ""):
            speaks = page.language
            said = {
                "title": speaks.say(NOTHING_YET_TITLE),
                "said": speaks.say(NOTHING_YET),
                "next": speaks.say(NOTHING_YET_NEXT),
                "back_to": asked_on(request, f"/track/{token}"),
                "back_words": speaks.say(BACK),
            }
            return render(request, "nothing_yet.html.jinja", {**speaking(speaks, brand), **said}, status=404)
        raise Refusal(404, f"{NOTHING_YET} {NOTHING_YET_NEXT}")
    headers = {
        "Content-Disposition": 'attachment; filename="arrival.ics"',
        "Content-Language": page.language.code,
        "Vary": "Accept-Language",
    }
    return Response(entry, media_type="text/calendar; charset=utf-8", headers=headers)


@lru_cache(maxsize=16)
def calendar_key(state_folder: Path) -> bytes:
    """Give the secret behind the names of calendar entries; kept in the state folder, because an entry must keep its name."""
    return kept_secret(state_folder, "calendar_secret").encode()
