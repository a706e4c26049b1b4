"""Issue short-lived links and exchange each for a token, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from data.facts.moments import micros
from data.storage.database import Database
from data.storage.tables import OPENING_LINKS, TOKENS
from data.storage.tokens import TOKEN_BYTES, digest_of, token_row

__all__ = ["OpeningLinksRepository"]

KEPT_AFTER_EXPIRY = timedelta(days=1)
"""Links that expired earlier are deleted when new ones are issued, so that the table stays small."""


class OpeningLinksRepository:
    """Hold links by their SHA-256; the store itself cannot name one."""

    def __init__(self, database: Database, now: Callable[[], datetime], entropy: Callable[[int], str]) -> None:
        self._database = database
        self._now = now
        self._entropy = entropy

    def issue(self, shipment_id: str | None, *, expires_at: datetime) -> str:
        """Give a new URL-safe link of 192 random bits, valid until ``expires_at`` (UTC).

        A link for ``None`` opens nothing: it is written so that a look-up which found nothing takes the same time.
        """
        link = self._entropy(TOKEN_BYTES)
        row = {"link_sha256": digest_of(link), "shipment_id": shipment_id, "expires_at": micros(expires_at), "used_at": None}
        stale = OPENING_LINKS.delete().where(OPENING_LINKS.c.expires_at < micros(self._now() - KEPT_AFTER_EXPIRY))

        def work(connection: Connection) -> None:
            connection.execute(stale)
            connection.execute(OPENING_LINKS.insert().values(row))

        self._database.write(work)
        return link

    def exchange(self, link: str, *, scope: str) -> str | None:
        """Give a fresh token for a link, once; ``None`` for one that is wrong, expired, used or for nobody.

        Of two that exchange the same link at the same time, one gets a token: the change of the row decides.
        """
        token, now = self._entropy(TOKEN_BYTES), micros(self._now())
        valid = (
            OPENING_LINKS.c.link_sha256 == digest_of(link),
            OPENING_LINKS.c.shipment_id.is_not(None),
            OPENING_LINKS.c.used_at.is_(None),
            OPENING_LINKS.c.expires_at > now,
        )

        def work(connection: Connection) -> str | None:
            if connection.execute(OPENING_LINKS.update().where(*valid).values(used_at=now)).rowcount == 0:
                return None
            here = OPENING_LINKS.c.link_sha256 == digest_of(link)
            shipment_id: str = connection.execute(sa.select(OPENING_LINKS.c.shipment_id).where(here)).scalar_one()
            connection.execute(TOKENS.insert().values(token_row(token, shipment_id, scope, issued_at=now, expires_at=None)))
            return token

        return self._database.write(work)
