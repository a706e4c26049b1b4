"""Ask for an API key at the doors that need one."""

import base64
import binascii
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer

from serving.api.wired import Wired
from serving.errors import Refusal
from serving.security import Scope

__all__ = ["SESSION_COOKIE", "NeedsOperations", "NeedsReading", "NeedsWrite", "key_of"]

SESSION_COOKIE = "doorcast_operations"

BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="Authorization: Bearer KEY")
HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="apiKey", description="X-API-Key: KEY")
Schemes = [Depends(BEARER), Depends(HEADER)]


def key_of(request: Request) -> str | None:
    """Give the API key of a request: bearer, the password of HTTP Basic (what a browser's prompt sends), or X-API-Key.

    An Authorization header decides where there is one: wrong credentials are refused, not looked past. ``None`` without credentials,
    the empty text for what cannot be read as a key.
    """
    authorization = request.headers.get("authorization")
    if authorization is None:
        return request.headers.get("x-api-key")
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
    return ""


def check(request: Request, wiring: Wired, scope: Scope, *, challenge: str) -> None:
    """Refuse a request without a known key (401) or without the scope (403)."""
    key = key_of(request)
    scopes = wiring.keyring.scopes_of(key) if key else None
    if scopes is None:
        said = "this key is not known" if key is not None else f"a key with the scope {scope} is needed here and none came"
        raise Refusal(401, said, headers={"WWW-Authenticate": challenge})
    if scope not in scopes:
        raise Refusal(403, f"this key holds {sorted(scopes)}; the scope {scope} is needed here")


def needs_write(request: Request, wiring: Wired, _bearer: object = Schemes[0], _header: object = Schemes[1]) -> None:
    check(request, wiring, Scope.WRITE, challenge='Bearer realm="Doorcast"')


def needs_operations(request: Request, wiring: Wired, _bearer: object = Schemes[0], _header: object = Schemes[1]) -> None:
    check(request, wiring, Scope.OPERATIONS, challenge='Bearer realm="Doorcast"')


def needs_reading(request: Request, wiring: Wired) -> None:
    if wiring.settings.private_reads:
        check(request, wiring, Scope.OPERATIONS, challenge='Bearer realm="Doorcast"')


NeedsWrite = Annotated[None, Depends(needs_write)]
NeedsOperations = Annotated[None, Depends(needs_operations)]
NeedsReading = Annotated[None, Depends(needs_reading)]
"""Open, unless ``settings.private_reads`` asks for a key."""
