"""Keep what was refused, whole and with its reason, so that nothing is lost and it can be looked at and sent again."""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import InvalidFact
from data.facts.moments import micros
from data.storage.database import Database
from data.storage.instants import from_micros
from data.storage.keep import insert_new
from data.storage.tables import QUARANTINE

__all__ = ["KeptRow", "QuarantineRepository", "Refused", "quarantine"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Hold one refused row: ``row`` as it came, the ``rule`` it broke in one word, a message for people, and where it came from.

    Any content is welcome, also what no table could hold: it is made storable by spelling it out.
    """

    table: str
    row: Mapping[str, Any]
    rule: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """Hold one row of the quarantine; ``at`` (UTC) is when it was refused first."""

    quarantine_id: str
    refused: Refused
    at: datetime


def plain_text(value: str) -> str:
    """Give a text that every database holds: NUL and lone surrogates become their escapes."""
    return value.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def plain(value: Any) -> Any:  # noqa: PLR0911  # one line for each kind of value
    """Give a value that JSON can hold, the closest to what came."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {plain_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    return plain_text(repr(value))


def quarantine(connection: Connection, rows: Sequence[Refused], at: datetime) -> int:
    """Store refused rows in the caller's transaction and give how many were not there yet."""
    kept = {}
    for row in rows:
        table, rule, source = (plain_text(text) for text in (row.table, row.rule, row.source))
        content = plain(row.row)
        digest = hashlib.sha256(json.dumps([table, rule, source, content], sort_keys=True).encode()).hexdigest()
        kept[digest] = {
            "quarantine_id": digest,
            "table_name": table,
            "row": content,
            "rule": rule,
            "message": plain_text(row.message),
            "source": source,
            "at": micros(at),
        }
    return insert_new(connection, QUARANTINE, list(kept.values()))


class QuarantineRepository:
    """Add to the quarantine and look into it."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(self, rows: Sequence[Refused]) -> int:
        """Keep refused rows and give how many are new; the same row refused for the same rule again is kept once."""
        return self._database.write(lambda connection: quarantine(connection, rows, self._now()))

    def list(self, limit: int = 50) -> tuple[KeptRow, ...]:
        """Give the newest refused rows first."""
        if limit < 0:
            raise InvalidFact(f"limit {limit} must be 0 or more.")
        query = sa.select(QUARANTINE).order_by(QUARANTINE.c.at.desc(), QUARANTINE.c.quarantine_id).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            KeptRow(row.quarantine_id, Refused(row.table_name, row.row, row.rule, row.message, row.source), from_micros(row.at))
            for row in rows
        )
