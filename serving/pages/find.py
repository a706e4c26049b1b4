"""The look-up page: a number and a second fact open a journey, or send its link to the address on file."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from serving.api.wired import Wired
from serving.finding.limiting import Errand
from serving.finding.link_desk import OPENING_MINUTES
from serving.pages.find_words import say
from serving.pages.forms import from_our_page, read_form
from serving.pages.lasting import lasting
from serving.pages.lookup_pages import lookup_page
from serving.pages.reader import asked_on, reader_language
from serving.pages.tries import count_answer, count_try
from serving.schemas.find import FindIn
from serving.wiring import Wiring

__all__ = ["limited", "router"]

LOOKED_UP = "status"
"""Scope of what the look-up opens: a postal code can be guessed and an address may be known to others."""

router = APIRouter(include_in_schema=False)


@router.get("/track")
async def find(request: Request, wiring: Wired) -> Response:
    """Show the form."""
    return form(request, wiring)


@router.post("/track")
async def found(request: Request, wiring: Wired) -> Response:
    """Open the journey of a right pair; for every other one give the same form with the same sentence."""
    try:
        asked = FindIn.model_validate(await read_form(request))
    except ValidationError:
        return form(request, wiring, note="incomplete", status=422)
    if not from_our_page(request) or not wiring.keyring.holds_form_ticket(asked.ticket):
        return form(request, wiring, number=asked.number, note="stale", status=403)
    errand = Errand(asked.errand)
    if errand is Errand.MAIL and not wiring.link_desk.mails:
        return form(request, wiring, number=asked.number)  # the form itself says that nothing is mailed
    if (seconds := count_try(request, wiring, errand, wiring.digests.number(asked.number))) is not None:
        return limited(request, wiring, seconds, number=asked.number)
    return mailed(request, wiring, asked) if errand is Errand.MAIL else await opened(request, wiring, asked)


def mailed(request: Request, wiring: Wiring, asked: FindIn) -> Response:
    """Leave a note to mail the link. One answer whatever becomes of it: the look-up happens behind the request."""
    wiring.link_desk.ask(asked.number, asked.fact)
    count_answer(request, "mail")
    return lookup_page(request, wiring, "sent.html.jinja", {"opening_seconds": 60 * OPENING_MINUTES})


async def opened(request: Request, wiring: Wiring, asked: FindIn) -> Response:
    """Look up and go to the journey by a fresh link, or give the form again."""
    token = await run_in_threadpool(fresh_token, wiring, asked)
    if token is None:
        count_answer(request, "form")
        return form(request, wiring, number=asked.number, note="refused")
    count_answer(request, "journey")
    return RedirectResponse(asked_on(request, f"/track/{token}"), 303)


def fresh_token(wiring: Wiring, asked: FindIn) -> str | None:
    """Give a fresh token of the shipment that a pair names; ``None`` for a pair that names none."""
    match = wiring.look_up.match(asked.number, asked.fact, now=wiring.now())
    if match is None:
        return None
    expires_at = wiring.now() + timedelta(minutes=wiring.settings.lookup_link_minutes)
    return wiring.store.tokens.issue(match.shipment_id, scope=LOOKED_UP, expires_at=expires_at)


def limited(request: Request, wiring: Wiring, seconds: int, *, number: str = "") -> Response:
    """Refuse with 429 and the form, which says how long to wait."""
    page = form(request, wiring, number=number, note="limited", status=429, seconds=seconds)
    page.headers["Retry-After"] = str(seconds)
    return page


def form(request: Request, wiring: Wiring, *, number: str = "", note: str | None = None, status: int = 200, seconds: int = 0) -> Response:
    """Give the form; ``seconds`` is how long a refused visitor should wait.

    The number is given back, the second fact never: it is what a bystander must not read.
    """
    settings, language = wiring.settings, reader_language(request, wiring.brands.default)
    lasts = 24 * 3600 * settings.link_days_after_end if note == "refused" else seconds
    context = {
        "action": asked_on(request, "/track"),
        "ticket": wiring.keyring.form_ticket(),
        "number": number,
        "mails": wiring.link_desk.mails,
        "note": note and say(note, language=language, duration=lasting(lasts, language)),
        "open_seconds": 60 * settings.lookup_link_minutes,
    }
    return lookup_page(request, wiring, "find.html.jinja", context, status=status)
