"""Open a mailed link: a page with a button, and the exchange behind it."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from serving.api.wired import Wired
from serving.finding.limiting import Errand
from serving.finding.link_desk import OPENING_MINUTES
from serving.pages.find import limited
from serving.pages.forms import from_our_page, read_form
from serving.pages.lookup_pages import lookup_page
from serving.pages.reader import asked_on
from serving.pages.tries import count_try
from serving.wiring import Wiring

__all__ = ["router"]

MAILED = "full"
"""Scope of what a mailed link opens: whoever reads the mailbox on file is taken for the customer."""

router = APIRouter(include_in_schema=False)


@router.get("/track/{link}/open")
async def offered(link: str, request: Request, wiring: Wired) -> Response:
    """Show a button and look at nothing: scanners of mails fetch every address, and that must not use the link up."""
    del link  # stands in the address that the form is sent to
    return button(request, wiring)


@router.post("/track/{link}/open")
async def exchanged(link: str, request: Request, wiring: Wired) -> Response:
    """Exchange a mailed link for a token of its own, once, and open the journey; the same page for wrong, old and used links."""
    sent = await read_form(request)
    if not from_our_page(request) or not wiring.keyring.holds_form_ticket(sent.get("ticket", "")):
        return button(request, wiring, status=403)
    if (seconds := count_try(request, wiring, Errand.EXCHANGE)) is not None:
        return limited(request, wiring, seconds)
    token = await run_in_threadpool(wiring.store.opening_links.exchange, link, scope=MAILED)
    if token is None:
        return lookup_page(request, wiring, "open.html.jinja", {"used": True, "opening_seconds": 60 * OPENING_MINUTES}, status=404)
    return RedirectResponse(asked_on(request, f"/track/{token}"), 303)


def button(request: Request, wiring: Wiring, *, status: int = 200) -> Response:
    return lookup_page(request, wiring, "open.html.jinja", {"ticket": wiring.keyring.form_ticket(), "used": False}, status=status)
