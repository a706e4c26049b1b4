"""Open a shipment's page to whoever holds a secret link; the store itself cannot name the secret."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import NotFound
from data.facts.moments import micros
from data.storage.database import Database
from data.storage.instants import micros_or_none
from data.storage.tables import FACTS, TOKENS
from data.storage.text import lookup_text, storable

__all__ = ["TOKEN_BYTES", "TokenGrant", "TokensRepository"]

TOKEN_BYTES = 24
"""Random bytes of a token: 192 bits, beyond guessing (128 is the least we promise)."""

NO_SUCH_TOKEN = "this link is not valid; ask the shop for a new one."  # noqa: S105  # a message, one for wrong, expired and revoked


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """Say what a token opens."""

    shipment_id: str
    scope: str


class TokensRepository:
    """Issue, resolve and revoke tokens. Only the SHA-256 of a token is stored: a stolen database opens no page."""

    def __init__(self, database: Database, now: Callable[[], datetime], entropy: Callable[[int], str]) -> None:
        self._database = database
        self._now = now
        self._entropy = entropy

    def issue(self, shipment_id: str, *, scope: str = "full", expires_at: datetime | None = None) -> str:
        """Give a new URL-safe token; it cannot be read again later. Raises `NotFound` for an unknown shipment."""
        lookup_text("shipment", shipment_id)
        token = self._entropy(TOKEN_BYTES)
        row = {
            "token_sha256": _digest(token),
            "shipment_id": shipment_id,
            "scope": storable("scope", scope),
            "issued_at": micros(self._now()),
            "expires_at": micros_or_none(expires_at),
        }

        def work(connection: Connection) -> None:
            column = FACTS["shipments"].c.shipment_id
            if connection.execute(sa.select(column).where(column == shipment_id)).first() is None:
                raise NotFound(f"no shipment {shipment_id!r} is known.")
            connection.execute(TOKENS.insert().values(row))

        self._database.write(work)
        return token

    def resolve(self, token: str, *, now: datetime) -> TokenGrant:
        """Give what a token opens; raises the same `NotFound` whether it is wrong, expired or revoked."""
        query = sa.select(TOKENS.c.shipment_id, TOKENS.c.scope, TOKENS.c.expires_at, TOKENS.c.revoked_at)
        with self._database.reading() as connection:
            row = connection.execute(query.where(TOKENS.c.token_sha256 == _digest(token))).first()
        if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= micros(now)):
            raise NotFound(NO_SUCH_TOKEN)
        return TokenGrant(row.shipment_id, row.scope)

    def revoke(self, token: str) -> None:
        """Close a token for good; raises `NotFound` for one that was never issued. Revoking twice keeps the first time."""
        here = TOKENS.c.token_sha256 == _digest(token)
        change = TOKENS.update().where(here).values(revoked_at=sa.func.coalesce(TOKENS.c.revoked_at, micros(self._now())))
        if self._database.write(lambda connection: connection.execute(change).rowcount) == 0:
            raise NotFound(NO_SUCH_TOKEN)


def random_token(size_bytes: int) -> str:
    """Give a URL-safe random text from the system's source."""
    return secrets.token_urlsafe(size_bytes)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "backslashreplace")).hexdigest()
