"""Keep where the customer of an order is written to: personal data, given back to nobody but the sender of mails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import NotFound
from data.facts.moments import micros
from data.storage.database import Database
from data.storage.keep import upsert
from data.storage.tables import CONTACTS, FACTS
from data.storage.text import lookup_text, storable, storable_or_none

__all__ = ["Contact", "ContactsRepository"]

ORDERS = FACTS["orders"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Hold an e-mail address as it was given, its keyed digest (made by the caller; the store knows no key) and a language tag.

    The address is left out of ``repr``, so that no log and no trace holds it by accident.
    """

    email: str = field(repr=False)
    email_digest: str = field(repr=False)
    language: str | None = None


class ContactsRepository:
    """Set, read and delete contacts. No canonical table holds them: `FactsRepository.read` and every export know nothing of them."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def set(self, order_id: str, contact: Contact) -> None:
        """Keep the contact of an order in place of an earlier one; raises `NotFound` for an unknown order."""
        row = {
            "order_id": lookup_text("order", order_id),
            "email": storable("email", contact.email),
            "email_digest": contact.email_digest,
            "language": storable_or_none("language", contact.language),
            "set_at": micros(self._now()),
        }

        def work(connection: Connection) -> None:
            _known(connection, order_id)
            upsert(connection, CONTACTS, [row])

        self._database.write(work)

    def of(self, order_id: str) -> Contact | None:
        """Give the contact of an order; ``None`` where there is none, also for an order that is not known."""
        query = sa.select(CONTACTS).where(CONTACTS.c.order_id == lookup_text("order", order_id))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else Contact(row.email, row.email_digest, row.language)

    def delete(self, order_id: str) -> bool:
        """Forget the contact of an order and say whether there was one; raises `NotFound` for an unknown order."""
        here = CONTACTS.c.order_id == lookup_text("order", order_id)

        def work(connection: Connection) -> bool:
            _known(connection, order_id)
            return connection.execute(CONTACTS.delete().where(here)).rowcount > 0

        return self._database.write(work)


def _known(connection: Connection, order_id: str) -> None:
    if connection.execute(sa.select(ORDERS.c.order_id).where(ORDERS.c.order_id == order_id)).first() is None:
        raise NotFound(f"no order {order_id!r} is known.")
