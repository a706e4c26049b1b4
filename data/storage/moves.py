"""Tell from scans and from states before and after them what is new about each shipment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.statuses import Status
from data.domain.updates import UpdateKind
from data.storage.among import among, keyed
from data.storage.noting import Noted
from data.storage.tables import STATES

__all__ = ["Heard", "Standing", "heard_of", "news_of", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold what of a shipment's state moves its readers."""

    status: str
    failed_attempts: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Say which scans of a shipment came in one transaction; ``occurred_at`` of the newest, in microseconds since 1970 UTC."""

    adds: bool
    corrects: bool
    occurred_at: int


NOTHING_HEARD = Standing(Status.UNKNOWN.value, 0)


def heard_of(scans: Iterable[tuple[str, str | None, int]]) -> dict[str, Heard]:
    """Sum up scans, given as shipment, id of the scan that is corrected, and occurred_at, for each shipment."""
    heard: dict[str, Heard] = {}
    for shipment_id, corrects, occurred_at in scans:
        before = heard.get(shipment_id, Heard(adds=False, corrects=False, occurred_at=occurred_at))
        adds, corrected = before.adds or corrects is None, before.corrects or corrects is not None
        heard[shipment_id] = Heard(adds, corrected, max(before.occurred_at, occurred_at))
    return heard


def news_of(heard: Mapping[str, Heard], before: Mapping[str, Standing], now: Mapping[str, Standing], *, recorded_at: int) -> list[Noted]:
    """Give the updates of one transaction, by shipment: each kind at most once for each shipment, however many scans came."""
    updates = []
    for shipment_id, scans in sorted(heard.items()):
        old, new = before.get(shipment_id, NOTHING_HEARD), now[shipment_id]
        kinds = {
            UpdateKind.CHECKPOINT_ADDED: scans.adds,
            UpdateKind.CHECKPOINT_CORRECTED: scans.corrects,
            UpdateKind.DELIVERY_ATTEMPTED: new.failed_attempts > old.failed_attempts,
            UpdateKind.STATUS_CHANGED: new.status != old.status,
            UpdateKind.DELIVERY_COMPLETED: new.status == Status.DELIVERED and old.status != new.status,
        }
        updates += [(shipment_id, kind.value, scans.occurred_at, recorded_at) for kind, is_new in kinds.items() if is_new]
    return updates


def standing(connection: Connection, shipment_ids: Sequence[str]) -> dict[str, Standing]:
    """Give how shipments stand by their stored states."""
    dialect = connection.dialect.name
    return {row[0]: Standing(row[1], row[2]) for row in connection.execute(_states(dialect), keyed(dialect, shipment_ids))}


@cache
def _states(dialect: str) -> sa.Select[Any]:
    columns = STATES.c
    return sa.select(columns.shipment_id, columns.status, columns.failed_attempts).where(among(dialect, columns.shipment_id))
