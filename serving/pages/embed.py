"""The journey inside a shop's page: one script tag puts a sandboxed frame there, and only named shops may frame it."""

from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response

from data.domain.errors import NotFound
from maps.output_words import ALL_DETAILS, SEEN_AT, WRONG_LINK, WRONG_LINK_NEXT
from maps.page import slim
from maps.page_words import page_words
from maps.templating import static_text
from serving.api.wired import Wired
from serving.pages.assets import asset_answer, assets
from serving.pages.outputs import opened
from serving.pages.reader import in_language, reader_language, speaking
from serving.pages.rendering import render

__all__ = ["router"]

RENEW_SECONDS = 300

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {shops}; object-src 'none'"
)
"""Everything the frame needs stands inside it: its sandbox has an origin of its own, to which even our files are foreign."""

router = APIRouter(include_in_schema=False)


@router.get("/widget.js")
def widget(request: Request) -> Response:
    """Give the script that shops put on their pages; it holds no secret, so any page may load it and keep it for an hour."""
    open_to_all = {
        "Cache-Control": "public, max-age=3600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return asset_answer(assets()["pages/widget.js"], request, open_to_all)


@router.get("/embed/{token}")
def embedded(token: str, request: Request, wiring: Wired) -> Response:
    """Give the compact journey that a token opens, or say in the same frame that it opens none."""
    shops = wiring.settings.embed_origins
    context: dict[str, Any] = {
        "page": None,
        "renew_seconds": None,
        "origins": shops,
        "styles": styles(),
        "script": assets()["pages/embed.js"].plain.decode(),
    }
    try:
        view = opened(wiring, token)
    except NotFound:
        brand = wiring.brands.carried(None)
        speaks = reader_language(request, brand)
        wrong = {"wrong": speaks.say(WRONG_LINK), "wrong_next": speaks.say(WRONG_LINK_NEXT)}
        answer = render(request, "embed.html.jinja", {**context, **speaking(speaks, brand), **wrong}, status=404)
    else:
        # The frame has an origin of its own, to which our pictures are foreign: it carries the logo inside.
        brand = wiring.brands.carried(view.merchant)
        speaks = reader_language(request, brand)
        page = page_words(view, language=speaks, brand=brand)
        shown = {
            "page": page,
            "whole": in_language(f"/track/{token}", speaks),
            "all_details": speaks.say(ALL_DETAILS),
            "seen_at": speaks.say(SEEN_AT, at=page.checked),
            "renew_seconds": None if page.ended else RENEW_SECONDS,
        }
        answer = render(request, "embed.html.jinja", {**context, **speaking(speaks, brand), **shown})
    answer.headers["Content-Security-Policy"] = POLICY.format(nonce=request.state.csp_nonce, shops=" ".join(shops) or "'none'")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # for shops whose own policy asks every frame for it
    return answer


@cache
def styles() -> str:
    """Give the styles of the frame: those of the journey's page and its own few."""
    ours = assets()["pages/embed.css"].plain.decode()
    return "\n".join(slim(text) for text in (static_text("page.css"), static_text("journey.css"), ours))
