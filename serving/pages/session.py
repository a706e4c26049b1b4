"""Let a person into the operations room with an API key, and out again."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from serving.api.keys import SESSION_COOKIE, key_of
from serving.api.wired import Wired
from serving.pages.rendering import render
from serving.security import TICKET_SECONDS, Scope

__all__ = ["Inside", "login_page", "router"]

LONGEST_FORM = 4096

router = APIRouter(include_in_schema=False)


def inside(request: Request, wiring: Wired) -> bool:
    """Say whether a request may see the operations room: by its session cookie, or by an API key in its headers."""
    ticket = request.cookies.get(SESSION_COOKIE)
    if ticket is not None and wiring.keyring.holds_ticket(ticket):
        return True
    key = key_of(request)
    return key is not None and Scope.OPERATIONS in (wiring.keyring.scopes_of(key) or frozenset())


Inside = Annotated[bool, Depends(inside)]


def login_page(request: Request, *, refused: bool = False) -> Response:
    """Give the sign-in form; with the status 401, and without a challenge, so that no browser prompt covers it."""
    return render(request, "login.html.jinja", {"refused": refused}, status=401)


@router.post("/ops/login")
async def login(request: Request, wiring: Wired) -> Response:
    """Take an API key from the form and keep a signed ticket as a cookie that scripts cannot read and other sites cannot send."""
    body = (await request.body())[: LONGEST_FORM + 1]
    form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=8) if len(body) <= LONGEST_FORM else {}
    key = form.get("key", [""])[0].strip()
    if Scope.OPERATIONS not in (wiring.keyring.scopes_of(key) or frozenset()):
        return login_page(request, refused=True)
    answer = RedirectResponse("/ops", 303)
    secure = wiring.settings.address.startswith("https:")
    answer.set_cookie(
        SESSION_COOKIE, wiring.keyring.ticket(), max_age=TICKET_SECONDS, path="/ops", httponly=True, samesite="strict", secure=secure
    )
    return answer


@router.post("/ops/logout")
async def logout() -> Response:
    """Forget the session."""
    answer = RedirectResponse("/ops", 303)
    answer.delete_cookie(SESSION_COOKIE, path="/ops")
    return answer
