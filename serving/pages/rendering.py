"""Turn a template and its context into an answer: escaped, with the request's nonce, compressed, and never with a foreign address."""

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment

from maps.self_contained import self_contained
from maps.templating import environment
from serving.pages.assets import address_of

__all__ = ["render"]

TEMPLATES_FOLDER = Path(__file__).parents[1] / "templates"


@cache
def pages_environment() -> Environment:
    made = environment((TEMPLATES_FOLDER,))
    made.globals["asset"] = address_of
    return made


def render(request: Request, template: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
    """Give a page. ``nonce`` in the template is the one that the answer's policy names (set by the security headers)."""
    html = self_contained(pages_environment().get_template(template).render(**context, nonce=getattr(request.state, "csp_nonce", "")))
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    body = html.encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, media_type="text/html")
