"""Let a person into the operations pages: a signed link becomes a session cookie."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from serving.api.keys import SESSION_COOKIE
from serving.api.wired import Wired
from serving.errors import Refusal
from serving.security import TICKET_SECONDS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/ops/enter/{ticket}")
async def enter(ticket: str, wiring: Wired) -> RedirectResponse:
    """Take the ticket of a sign-in link (`Keyring.ticket`) and go to the operations page; the ticket leaves the address bar."""
    if not wiring.keyring.holds_ticket(ticket):
        raise Refusal(403, "this sign-in link is not valid any more: links live 12 hours; `doorcast serve` prints a new one")
    answer = RedirectResponse("/ops", 303)
    secure = wiring.settings.address.startswith("https:")
    answer.set_cookie(SESSION_COOKIE, ticket, max_age=TICKET_SECONDS, path="/ops", httponly=True, samesite="lax", secure=secure)
    return answer
