"""Turn every error into one problem document (RFC 9457), by one table.

``detail`` names the value (cut short, made printable), the rule and the next step; ``errors`` lists what is wrong with single
parts of a request. Nothing of the inside (paths, statements, traces) is ever told.
"""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from data.domain.errors import Conflict, InvalidFact, ModelRefused, NotAllowed, NotFound, NotTrained, TooLittleData, Unavailable
from serving.api.answers import FiniteJSON
from serving.schemas.problems import ProblemDocument, ProblemPart

__all__ = ["KINDS", "Kind", "PageRenderer", "Refusal", "answer", "install", "kind_of", "problem_of", "shown"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LONGEST_DETAIL, LONGEST_VALUE, MOST_PARTS = 600, 80, 20


@dataclass(frozen=True, slots=True)
class Kind:
    """Describe one kind of problem: its HTTP status, the end of its ``type`` address and its title."""

    status: int
    code: str
    title: str
    next_step: str


KINDS: dict[int, Kind] = {
    kind.status: kind
    for kind in (
        Kind(400, "malformed", "The request cannot be read", "Send UTF-8 JSON (RFC 8259) with finite numbers, at most 32 levels deep."),
        Kind(
            401, "key-missing", "An API key is needed", "Send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`; see serving/README.md."
        ),
        Kind(403, "not-allowed", "The key may not do this", "Use a key with the scope that the endpoint names."),
        Kind(404, "not-found", "Nothing is known under this address", "Check the id; GET /v1/shipments lists what is known."),
        Kind(405, "method-not-allowed", "This address does not answer that method", "The header Allow lists the methods that it answers."),
        Kind(
            409, "conflict", "A known id arrived again with other content", "Facts are never overwritten: send a correction under a new id."
        ),
        Kind(413, "too-large", "The body is larger than 1 MiB", "Send scans in smaller batches; import files with `doorcast data import`."),
        Kind(414, "address-too-long", "The address is too long", "Send long values in the body."),
        Kind(415, "media-type", "The body must be JSON", "Send `Content-Type: application/json` in UTF-8, not compressed."),
        Kind(422, "invalid", "The request breaks a rule", "Correct the parts listed in `errors`; /openapi.json holds every rule."),
        Kind(429, "too-many", "Too many requests", "Wait as long as the header Retry-After says."),
        Kind(431, "headers-too-large", "The headers are too large", "Send fewer or shorter headers."),
        Kind(500, "internal", "Doorcast made a mistake", "Nothing that was acknowledged is lost; report the reference."),
        Kind(503, "unavailable", "Doorcast cannot answer now", "Try again after the seconds of the header Retry-After."),
    )
}
"""Every kind of problem by HTTP status: the one table of statuses."""

STATUS_OF: dict[type[Exception], int] = {
    NotFound: 404,
    Conflict: 409,
    InvalidFact: 422,
    NotAllowed: 403,
    NotTrained: 503,
    ModelRefused: 503,
    TooLittleData: 503,
    Unavailable: 503,
}
"""HTTP status of every error of the domain; what is not listed is a mistake of ours (500, see api/mistakes.py)."""

PRIVATE_PARTS = frozenset({"email"})
"""Names of parts whose value is not told back: problem documents end in logs."""

PageRenderer = Callable[[Request, ProblemDocument], Response | None]
"""Draw a problem as a page for a person; ``None`` where a problem document is wanted."""


class Refusal(HTTPException):
    """Refuse a request with a status of `KINDS` and a sentence that names value and rule."""

    def __init__(self, status_code: int, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(status_code, detail, headers)


def shown(value: object, longest: int = LONGEST_VALUE) -> str:
    """Give a value as one printable line, cut short: control, format and surrogate characters are escaped."""
    text = value if isinstance(value, str) else f"{value!r}"[: 4 * longest]
    cut = text[:longest] + ("…" if len(text) > longest else "")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


def kind_of(status: int) -> Kind:
    """Give the kind of a status; an unlisted 4xx counts as 400, anything else as 500."""
    return KINDS.get(status) or KINDS[400 if 400 <= status < 500 else 500]


def problem_of(status: int, detail: str, parts: Sequence[ProblemPart] = (), *, reference: str | None = None) -> ProblemDocument:
    """Make the document of a problem; the next step of its kind is added where the detail ends without one."""
    kind = kind_of(status)
    return ProblemDocument(
        type=f"urn:doorcast:problem:{kind.code}",
        title=kind.title,
        status=kind.status,
        detail=f"{shown(detail, LONGEST_DETAIL).rstrip('. ')}. {kind.next_step}" if detail else kind.next_step,
        errors=list(parts) or None,
        reference=reference,
    )


def is_tag(step: object) -> bool:
    """Say whether a step of a location names the branch of a union (our tags are written ``<so>``) and no part of the body."""
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def part_of(error: dict[str, Any]) -> ProblemPart:
    """Say which part of a request is wrong, with its value and the rule, from one error of pydantic."""
    place, *path = error["loc"] or ("body",)
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path if not is_tag(step)]
    value = error.get("input")
    rule = str(error.get("msg", "is not valid")).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    where = shown("/".join(steps), LONGEST_VALUE)
    private = bool(steps) and steps[-1] in PRIVATE_PARTS
    missing = private or error.get("type") == "missing" or isinstance(value, dict | list)
    detail = shown(rule, 300) if missing else f"{printed(value)}: {shown(rule, 300)}"
    return ProblemPart(pointer=f"#/{where}" if place == "body" else None, parameter=None if place == "body" else where, detail=detail)


def printed(value: object) -> str:
    """Print a single JSON value as a message shows it."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return f'"{shown(value)}"' if isinstance(value, str) else shown(value)


def answer(request: Request, problem: ProblemDocument, headers: dict[str, str] | None = None) -> Response:
    """Answer with a problem document, or with a page where the app has one for this request."""
    renderer: PageRenderer | None = getattr(request.app.state, "error_page", None)
    page = renderer(request, problem) if renderer else None
    response = page or FiniteJSON(problem.model_dump(exclude_none=True), problem.status, media_type="application/problem+json")
    response.headers.update(headers or {})
    if problem.status == 503:
        response.headers.setdefault("Retry-After", "5")
    return response


def install(app: FastAPI) -> None:
    """Let an app answer every error by the table."""

    async def domain(request: Request, error: Exception) -> Response:
        status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
        if isinstance(error, Unavailable):  # its message may name hosts and folders: for the log, not for callers
            structlog.get_logger("doorcast.errors").error("unavailable", reason=str(error))
            return answer(request, problem_of(status, "a part that Doorcast needs does not answer"))
        return answer(request, problem_of(status, str(error)))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class below
        status = kind_of(error.status_code).status
        default = error.detail if isinstance(error, Refusal) else ""
        headers = dict(error.headers or {})
        if status == 405:
            headers["Allow"] = allowed(request)
        return answer(request, problem_of(status, default), headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class below
        found = error.errors()
        parts = [part_of(one) for one in found[:MOST_PARTS]]
        return answer(
            request, problem_of(422, f"{len(found)} part{'s' if len(found) != 1 else ''} of the request cannot be accepted", parts)
        )

    for kind in STATUS_OF:
        app.add_exception_handler(kind, domain)
    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        HTTPException: http,
        RequestValidationError: invalid,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def allowed(request: Request) -> str:
    """List the methods that the address of a request answers."""

    def answers(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(dict(scope))[0] is Match.FULL for route in request.app.routes)

    return ", ".join(filter(answers, METHODS))
