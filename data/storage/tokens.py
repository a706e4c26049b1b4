"""Open a shipment's page to whoever holds a secret link; the store itself cannot name the secret."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import NotFound
from data.facts.moments import micros
from data.storage.database import Database
from data.storage.instants import from_micros, from_micros_or_none, micros_or_none
from data.storage.link_lifetime import LinkLifetime
from data.storage.tables import FACTS, OUTCOMES, TOKENS
from data.storage.text import lookup_text, storable

__all__ = ["TOKEN_BYTES", "TokenGrant", "TokenRecord", "TokensRepository", "digest_of", "random_token", "token_row"]

TOKEN_BYTES = 24
"""Random bytes of a token: 192 bits, beyond guessing (128 is the least we promise)."""

NO_SUCH_TOKEN = "this link is not valid; ask the shop for a new one."  # noqa: S105  # a message, one for wrong, expired and revoked


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """Say what a token opens."""

    shipment_id: str
    scope: str


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """Say what is known of an issued token; never the token. All instants are UTC.

    ``token_id`` is its SHA-256, which names it and opens nothing. ``expires_at`` is as far as is known now: for a token without a date of its
    own it moves when the shipment ends.
    """

    token_id: str
    scope: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class TokensRepository:
    """Issue, resolve, list and revoke tokens. Only the SHA-256 of a token is stored: a stolen database opens no page."""

    def __init__(self, database: Database, now: Callable[[], datetime], entropy: Callable[[int], str], lifetime: LinkLifetime) -> None:
        self._database = database
        self._now = now
        self._entropy = entropy
        self._lifetime = lifetime

    def issue(self, shipment_id: str, *, scope: str = "full", expires_at: datetime | None = None) -> str:
        """Give a new URL-safe token; it cannot be read again later. Raises `NotFound` for an unknown shipment.

        Without ``expires_at`` it ends by the store's `LinkLifetime`: 30 days after we heard of the shipment's end.
        """
        lookup_text("shipment", shipment_id)
        token = self._entropy(TOKEN_BYTES)
        row = token_row(token, shipment_id, storable("scope", scope), issued_at=micros(self._now()), expires_at=micros_or_none(expires_at))

        def work(connection: Connection) -> None:
            _known(connection, shipment_id)
            connection.execute(TOKENS.insert().values(row))

        self._database.write(work)
        return token

    def resolve(self, token: str, *, now: datetime) -> TokenGrant:
        """Give what a token opens; raises the same `NotFound` whether it is wrong, expired or revoked."""
        with self._database.reading() as connection:
            row = connection.execute(_records().where(TOKENS.c.token_sha256 == digest_of(token))).first()
        if row is None or row.revoked_at is not None or self._ends_at(row) <= now:
            raise NotFound(NO_SUCH_TOKEN)
        return TokenGrant(row.shipment_id, row.scope)

    def revoke(self, token: str) -> None:
        """Close a token for good; raises `NotFound` for one that was never issued. Revoking twice keeps the first time."""
        self._revoke(TOKENS.c.token_sha256 == digest_of(token))

    def revoke_id(self, shipment_id: str, token_id: str) -> None:
        """Do as `revoke` for a token of this shipment, named by its `TokenRecord.token_id`."""
        named = lookup_text("link", token_id)
        self._revoke(sa.and_(TOKENS.c.shipment_id == lookup_text("shipment", shipment_id), TOKENS.c.token_sha256 == named))

    def of(self, shipment_id: str) -> tuple[TokenRecord, ...]:
        """Give all tokens issued for a shipment, newest first; raises `NotFound` for an unknown shipment."""
        here = TOKENS.c.shipment_id == lookup_text("shipment", shipment_id)
        with self._database.reading() as connection:
            _known(connection, shipment_id)
            rows = connection.execute(_records().where(here).order_by(TOKENS.c.issued_at.desc(), TOKENS.c.token_sha256)).all()
        return tuple(
            TokenRecord(row.token_sha256, row.scope, from_micros(row.issued_at), self._ends_at(row), from_micros_or_none(row.revoked_at))
            for row in rows
        )

    def _ends_at(self, row: sa.Row[Any]) -> datetime:
        dated, known_at = from_micros_or_none(row.expires_at), from_micros_or_none(row.known_at)
        return self._lifetime.ends_at(from_micros(row.issued_at), dated=dated, ended_known_at=known_at)

    def _revoke(self, here: sa.ColumnElement[bool]) -> None:
        change = TOKENS.update().where(here).values(revoked_at=sa.func.coalesce(TOKENS.c.revoked_at, micros(self._now())))
        if self._database.write(lambda connection: connection.execute(change).rowcount) == 0:
            raise NotFound(NO_SUCH_TOKEN)


def token_row(token: str, shipment_id: str, scope: str, *, issued_at: int, expires_at: int | None) -> dict[str, Any]:
    """Give the row of a new token; instants are microseconds since 1970 UTC."""
    return {
        "token_sha256": digest_of(token),
        "shipment_id": shipment_id,
        "scope": scope,
        "issued_at": issued_at,
        "expires_at": expires_at,
    }


def random_token(size_bytes: int) -> str:
    """Give a URL-safe random text from the system's source."""
    return secrets.token_urlsafe(size_bytes)


def digest_of(token: str) -> str:
    """Give the SHA-256 of a secret as hex: what is stored and what names it."""
    return hashlib.sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


def _records() -> sa.Select[Any]:
    return sa.select(TOKENS, OUTCOMES.c.known_at).select_from(TOKENS.outerjoin(OUTCOMES, OUTCOMES.c.shipment_id == TOKENS.c.shipment_id))


def _known(connection: Connection, shipment_id: str) -> None:
    column = FACTS["shipments"].c.shipment_id
    if connection.execute(sa.select(column).where(column == shipment_id)).first() is None:
        raise NotFound(f"no shipment {shipment_id!r} is known.")
