"""Read request bodies strictly: JSON in UTF-8 with finite numbers, at most 32 levels deep."""

import re
from collections.abc import Callable, Coroutine
from itertools import accumulate
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from serving.errors import Refusal, shown

__all__ = ["DEEPEST", "StrictRoute"]

DEEPEST = 32
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
BRACKETS = re.compile(rb"[\[\]{}]")


def depth(body: bytes) -> int:
    """Give how deeply the arrays and objects of a JSON text are nested, without building them."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:  # the usual case, in one pass
        return 0
    brackets = BRACKETS.findall(STRINGS.sub(b"", body))
    return max(accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0)


def read(body: bytes) -> Any:
    """Read JSON; raises a `Refusal` (400) for anything else."""
    if depth(body) > DEEPEST:
        raise Refusal(400, f"the JSON is nested deeper than {DEEPEST} levels")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, f"{shown(body[:40].decode('utf-8', 'replace'))}: {error.msg} at character {error.pos}") from error


def check_media_type(headers: Headers) -> None:
    """Refuse (415) a body that is not declared as plain JSON."""
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise Refusal(415, f"Content-Type {shown(media_type) or 'is missing'!r}: only application/json is read here")
    charset = re.search(r'charset\s*=\s*"?([^\s";]+)', parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise Refusal(415, f"charset {shown(charset[1])!r}: JSON is UTF-8")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, f"Content-Encoding {shown(headers['content-encoding'])!r}: send the body as it is")


class StrictRequest(Request):
    """Read JSON by our rules where FastAPI asks for it."""

    async def json(self) -> Any:
        """Give the body."""
        return read(await self.body())


class StrictRoute(APIRoute):
    """Refuse a body that is not strict JSON, with the right status, before it is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give FastAPI's handler behind our reader."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def strictly(request: Request) -> Response:
            has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
            if takes_body and has_body:
                check_media_type(request.headers)
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly
