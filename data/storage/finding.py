"""Find shipments by a number that a customer holds, with what a second fact is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from data.storage.database import Database
from data.storage.instants import from_micros_or_none
from data.storage.tables import CONTACTS, FACTS, OUTCOMES

__all__ = ["MOST_CANDIDATES", "MOST_SPELLINGS", "Candidate", "FindingRepository"]

MOST_CANDIDATES = 8
"""Shipments that one number may name: carriers use numbers again, and an order has several shipments."""
MOST_SPELLINGS = 3
"""Spellings of a number that are looked up in one statement."""

SHIPMENTS = FACTS["shipments"]
PLACES = tuple(f"spelling_{place}" for place in range(MOST_SPELLINGS))
NO_NUMBER = "\x01"
"""Stands in the place of a spelling that was not given; no stored number holds a control character and nothing else."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold a shipment that a number may mean. ``ended_known_at`` (UTC) is when we heard that it had ended."""

    shipment_id: str
    order_id: str
    postal_code: str | None = field(repr=False)
    email_digest: str | None = field(repr=False)
    ended_known_at: datetime | None


class FindingRepository:
    """Look numbers up by one statement of one shape, whatever it finds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, spellings: Sequence[str]) -> tuple[Candidate, ...]:
        """Give the shipments whose tracking or order number is one of at most `MOST_SPELLINGS` spellings.

        Open ones come first, then the newest. Text that no database can hold names nothing.
        """
        given = [spelling for spelling in spellings[:MOST_SPELLINGS] if _can_be_stored(spelling)]
        padded = (given + [NO_NUMBER] * MOST_SPELLINGS)[:MOST_SPELLINGS]
        with self._database.reading() as connection:
            rows = connection.execute(_named(), dict(zip(PLACES, padded, strict=True))).all()
        return tuple(
            Candidate(row.shipment_id, row.order_id, row.destination_postal_code, row.email_digest, from_micros_or_none(row.known_at))
            for row in rows
        )

    def some_number(self) -> str:
        """Give a number that finds a shipment, the same as long as that shipment is the first; the empty text where there is none."""
        first = sa.select(SHIPMENTS.c.order_id).order_by(SHIPMENTS.c.shipment_id).limit(1)
        with self._database.reading() as connection:
            return connection.execute(first).scalar_one_or_none() or ""


@cache
def _named() -> sa.Select[Any]:
    shipments = SHIPMENTS.c
    spellings = [sa.bindparam(place, type_=sa.Text()) for place in PLACES]
    joined = SHIPMENTS.outerjoin(CONTACTS, CONTACTS.c.order_id == shipments.order_id)
    return (
        sa.select(
            shipments.shipment_id, shipments.order_id, shipments.destination_postal_code, CONTACTS.c.email_digest, OUTCOMES.c.known_at
        )
        .select_from(joined.outerjoin(OUTCOMES, OUTCOMES.c.shipment_id == shipments.shipment_id))
        .where(sa.or_(shipments.tracking_number.in_(spellings), shipments.order_id.in_(spellings)))
        .order_by(OUTCOMES.c.known_at.is_not(None), shipments.created_at.desc(), shipments.shipment_id)
        .limit(MOST_CANDIDATES)
    )


def _can_be_stored(text: str) -> bool:
    try:
        return "\x00" not in text and bool(text.encode())
    except UnicodeEncodeError:
        return False
