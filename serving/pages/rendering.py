"""Turn a template and its context into an answer: escaped, with the request's nonce, compressed, and never with a foreign address."""

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment

from maps.brand import NO_BRAND, Brand
from maps.language import ENGLISH, Language
from maps.self_contained import self_contained
from maps.templating import environment
from serving.pages.assets import address_of

__all__ = ["render"]

TEMPLATES_FOLDER = Path(__file__).parents[1] / "templates"


@cache
def pages_environment(operators: Path | None) -> Environment:
    """Give the environment of the pages; an operator's own templates go before ours."""
    made = environment((operators, TEMPLATES_FOLDER) if operators else (TEMPLATES_FOLDER,))
    made.globals["asset"] = address_of
    return made


def render(request: Request, template: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
    """Give a page. ``nonce`` in the template is the one that the answer's policy names (set by the security headers).

    A page may link to the addresses of its ``brand``; any other address of another host stops it.
    """
    brand: Brand = context.get("brand", NO_BRAND)
    found = pages_environment(request.app.state.wiring.settings.templates_folder).get_template(template)
    html = self_contained(found.render(**context, nonce=getattr(request.state, "csp_nonce", "")), links=brand.links)
    headers = {"Vary": "Accept-Encoding, Accept-Language", "Cache-Control": "no-store", "Content-Language": context_language(context)}
    body = html.encode("utf-8", "replace")  # no text of ours holds a lone surrogate; one that slipped through must not cost the page
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, media_type="text/html")


def context_language(context: Mapping[str, Any]) -> str:
    language: Language = context.get("language", ENGLISH)
    return language.code
