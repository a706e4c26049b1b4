"""Add canonical facts in bulk, and read them back as they were known at any moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import polars as pl
from sqlalchemy import Connection

from data.facts.facts import Facts
from data.facts.moments import micros
from data.storage.adding import Added, add_slice
from data.storage.attributes import declare_attributes
from data.storage.database import Database
from data.storage.imports import record_import
from data.storage.moves import heard_of, news_of, standing
from data.storage.noting import note
from data.storage.reading import read_all, read_some
from data.storage.refusing import refuse_unstorable
from data.storage.states import begin_states, heard_before, lock_shipments, refresh_many
from data.storage.text import storable

__all__ = ["AddReport", "FactsRepository", "Progress"]

SLICE_ROWS = 50_000
"""Rows of one transaction: small enough that other writers get a turn, large enough that commits cost nothing."""

Progress = Callable[[str, int, int], None]
"""Called with the table, the rows done and all rows of it."""


@dataclass(frozen=True, slots=True)
class AddReport:
    """Say what became of the rows of each table."""

    tables: Mapping[str, Added]

    @property
    def total(self) -> Added:
        """Sum up all tables."""
        return sum(self.tables.values(), Added())


class FactsRepository:
    """Speak in whole canonical tables."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(self, facts: Facts, *, source: str, progress: Progress | None = None) -> AddReport:
        """Add facts, parents before children; adding the same facts again changes nothing.

        A known key with other content never overwrites: the newcomer goes to quarantine. So does a row whose required parent is
        unknown. Slices are committed one by one; after a crash the same call again adds the rest. Raises `InvalidTable` before
        anything is stored when a value cannot be stored as it is.
        """
        storable("source", source)
        for table, frame in facts.tables():
            refuse_unstorable(table, frame)
        self._database.write(partial(declare_attributes, facts=facts))
        report = AddReport({table: self._add_table(table, frame, source, progress) for table, frame in facts.tables()})
        self._database.write(lambda connection: record_import(connection, source, self._now(), report.tables))
        return report

    def _add_table(self, table: str, frame: pl.DataFrame, source: str, progress: Progress | None) -> Added:
        total = Added()
        if table == "scans":  # the scans of one shipment together, so that its state is folded once
            frame = frame.sort("shipment_id", maintain_order=True)
        for start in range(0, frame.height, SLICE_ROWS):
            part = frame.slice(start, SLICE_ROWS)
            total += self._database.write(partial(self._add_slice, table=table, frame=part, source=source))
            if progress:
                progress(table, min(start + SLICE_ROWS, frame.height), frame.height)
        return total

    def _add_slice(self, connection: Connection, table: str, frame: pl.DataFrame, source: str) -> Added:
        if table == "scans":
            shipment_ids = frame["shipment_id"].unique().sort().to_list()
            lock_shipments(connection, shipment_ids)
            heard = heard_before(connection, shipment_ids)
            added, new = add_slice(connection, table, frame, source=source, at=self._now())
            before, now = standing(connection, sorted(heard)), refresh_many(connection, new, heard)
            scans = new.select("shipment_id", "corrects_scan_id", pl.col("occurred_at").dt.epoch("us")).iter_rows()
            note(connection, news_of(heard_of(scans), before, now, recorded_at=micros(self._now())))
            return added
        added, new = add_slice(connection, table, frame, source=source, at=self._now())
        if table == "shipments":
            begin_states(connection, new["shipment_id"].to_list())
        return added

    def read(self, *, shipment_ids: Sequence[str] | None = None, received_before: datetime | None = None) -> Facts:
        """Read all facts, or those of some shipments with the orders, facilities, weather and lanes that they need.

        ``received_before`` leaves out what was not known at that moment, exactly as `data.facts.facts.received_by` does: what
        was heard at the moment itself counts. Raises `NotFound` for shipments that nobody knows.
        """
        with self._database.reading() as connection:
            if shipment_ids is None:
                return read_all(connection, received_before)
            return read_some(connection, tuple(dict.fromkeys(shipment_ids)), received_before)
