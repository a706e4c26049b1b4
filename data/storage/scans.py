"""Take in scans one by one or in batches, and give them back."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import NotFound, Unavailable
from data.domain.journeys import in_order
from data.domain.scans import Scan
from data.facts.moments import micros
from data.storage.among import keyed
from data.storage.database import Database
from data.storage.fetching import rows_among
from data.storage.keep import insert_new
from data.storage.moves import heard_of, news_of, standing
from data.storage.noting import note
from data.storage.quarantine import Refused, quarantine
from data.storage.states import lock_shipments, read_scans, refresh, scan_of
from data.storage.tables import FACTS
from data.storage.text import lookup_text, storable, storable_or_none
from data.storage.writer import Answer

__all__ = ["Appended", "ScansRepository"]

SCANS, SHIPMENTS = FACTS["scans"], FACTS["shipments"]
CONFLICT = "scan_id is known with other content; what came first stands"


@dataclass(frozen=True, slots=True)
class Appended:
    """Say what became of one scan: it is ``new``, a ``duplicate`` of what is known, or in ``conflict`` with it and in quarantine."""

    scan_id: str
    result: Literal["new", "duplicate", "conflict"]


class ScansRepository:
    """Append scans durably; nothing here changes or removes one."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def append(self, scans: Sequence[Scan]) -> tuple[Appended, ...]:
        """Append a batch, whole or not at all, and fold its shipments anew in the same transaction; blocks until durable.

        A scan that is known already is a duplicate; one whose id is known with other content is kept in quarantine. Raises
        `NotFound` when a shipment is unknown and `InvalidFact` for text that no database holds; then nothing of the batch is stored.
        """
        for scan in scans:
            _check_text(scan)
        return self._database.write_merged(self._append_batches, tuple(scans)) if scans else ()

    def of(self, shipment_id: str) -> tuple[Scan, ...]:
        """Give all scans of a shipment, corrected and repeated ones too, in order of happening; raises `NotFound`."""
        known = SHIPMENTS.c.shipment_id == lookup_text("shipment", shipment_id)
        with self._database.reading() as connection:
            if connection.execute(sa.select(SHIPMENTS.c.shipment_id).where(known)).first() is None:
                raise NotFound(f"no shipment {shipment_id!r} is known.")
            scans = read_scans(connection, [shipment_id]).get(shipment_id, [])
        return tuple(sorted(scans, key=in_order))

    def _append_batches(self, connection: Connection, batches: Sequence[tuple[Scan, ...]]) -> Sequence[Answer[tuple[Appended, ...]]]:
        shipments = lock_shipments(connection, sorted({scan.shipment_id for batch in batches for scan in batch}))
        known = _known_scans(connection, [scan.scan_id for batch in batches for scan in batch])
        answers: list[Answer[tuple[Appended, ...]]] = []
        new: list[Scan] = []
        conflicts: list[Refused] = []
        for batch in batches:
            if strangers := sorted({scan.shipment_id for scan in batch} - shipments):
                answers.append(NotFound(f"no shipment {strangers[0]!r} is known; add it first. Nothing of this batch was stored."))
                continue
            appended = []
            for scan in batch:
                stored = known.get(scan.scan_id)
                if stored is None:
                    known[scan.scan_id] = scan
                    new.append(scan)
                    appended.append(Appended(scan.scan_id, "new"))
                elif stored == scan:
                    appended.append(Appended(scan.scan_id, "duplicate"))
                else:
                    conflicts.append(Refused("scans", asdict(scan), "conflict", CONFLICT, scan.source))
                    appended.append(Appended(scan.scan_id, "conflict"))
            answers.append(tuple(appended))
        if insert_new(connection, SCANS, [_row(scan) for scan in new]) < len(new):
            raise Unavailable("another process stored one of these scans at the same moment; send them again.")
        quarantine(connection, conflicts, self._now())
        if new:
            moved = sorted({scan.shipment_id for scan in new})
            before, now = standing(connection, moved), refresh(connection, moved)
            heard = heard_of((scan.shipment_id, scan.corrects_scan_id, micros(scan.occurred_at)) for scan in new)
            note(connection, news_of(heard, before, now, recorded_at=micros(self._now())))
        return answers


def _known_scans(connection: Connection, scan_ids: Sequence[str]) -> dict[str, Scan]:
    dialect = connection.dialect.name
    rows = connection.execute(rows_among("scans", "scan_id", dialect), keyed(dialect, scan_ids)).cursor.fetchall()
    return {row[0]: scan_of(row) for row in rows}


def _check_text(scan: Scan) -> None:
    storable("scan_id", scan.scan_id)
    storable("shipment_id", scan.shipment_id)
    storable("source", scan.source)
    for name in ("facility_id", "raw_code", "raw_text", "parcel_id", "corrects_scan_id"):
        storable_or_none(name, getattr(scan, name))


def _row(scan: Scan) -> dict[str, Any]:
    return {
        "scan_id": scan.scan_id,
        "shipment_id": scan.shipment_id,
        "status": scan.status.value,
        "occurred_at": micros(scan.occurred_at),
        "received_at": micros(scan.received_at),
        "facility_id": scan.facility_id,
        "raw_code": scan.raw_code,
        "raw_text": scan.raw_text,
        "source": scan.source,
        "zone_basis": scan.zone_basis.value,
        "parcel_id": scan.parcel_id,
        "corrects_scan_id": scan.corrects_scan_id,
        "voids": scan.voids,
    }
