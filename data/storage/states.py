"""Keep the fold of each shipment's scans materialised: where it stands, and how it ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.journeys import Journey, as_seen, outcome_of
from data.domain.outcomes import Outcome
from data.domain.scans import Scan, ZoneBasis
from data.domain.statuses import Status
from data.facts.moments import micros
from data.storage.among import among, keyed
from data.storage.bulk import insert_many, replace_many
from data.storage.fetching import fetch_among, rows_among
from data.storage.folding import fold_many
from data.storage.instants import from_micros, micros_or_none
from data.storage.moves import Standing
from data.storage.tables import FACTS, OUTCOMES, STATES

__all__ = ["begin_states", "heard_before", "lock_shipments", "read_scans", "refresh", "refresh_many", "scan_of"]

SCANS, SHIPMENTS = FACTS["scans"], FACTS["shipments"]
STATUS_OF = {status.value: status for status in Status}  # a dictionary is four times as fast as calling the enum
ZONE_BASIS_OF = {basis.value: basis for basis in ZoneBasis}
MOST_TO_FOLD_SINGLY = 16
"""Shipments up to which folding one by one beats folding columns (measured with 15 scans each, 2026-11-21)."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def lock_shipments(connection: Connection, shipment_ids: Sequence[str]) -> set[str]:
    """Give which shipments are known, and keep other processes from folding them until the transaction ends.

    The row locks exist on PostgreSQL only; SQLite has one writer at a time anyway.
    """
    dialect = connection.dialect.name
    return set(connection.execute(_locking(dialect), keyed(dialect, shipment_ids)).scalars())


@cache
def _locking(dialect: str) -> sa.Select[Any]:
    column = SHIPMENTS.c.shipment_id
    return sa.select(column).where(among(dialect, column)).order_by(column).with_for_update()  # ordered: no deadlocks


@cache
def _heard(dialect: str) -> sa.Select[Any]:
    return sa.select(SCANS.c.shipment_id).where(among(dialect, SCANS.c.shipment_id)).distinct()


@cache
def _taking_back(dialect: str) -> sa.Delete:
    return OUTCOMES.delete().where(among(dialect, OUTCOMES.c.shipment_id))


def scan_of(row: Sequence[Any]) -> Scan:
    """Make a scan of a row of the table, columns in their order."""
    scan_id, shipment_id, status, occurred_at, received_at, facility_id, code, text, source, basis, parcel_id, corrects, voids = row
    return Scan(
        scan_id,
        shipment_id,
        STATUS_OF[status],
        from_micros(occurred_at),
        from_micros(received_at),
        facility_id,
        code,
        text,
        source,
        ZONE_BASIS_OF[basis],
        parcel_id,
        corrects,
        bool(voids),
    )


def read_scans(connection: Connection, shipment_ids: Sequence[str]) -> dict[str, list[Scan]]:
    """Give the scans of each shipment that has any, in any order."""
    dialect = connection.dialect.name
    rows = connection.execute(rows_among("scans", "shipment_id", dialect), keyed(dialect, shipment_ids)).cursor.fetchall()
    return {
        shipment_id: [scan_of(row) for row in group] for shipment_id, group in groupby(sorted(rows, key=_shipment_of), key=_shipment_of)
    }


def _shipment_of(row: Sequence[Any]) -> str:
    return str(row[1])


def begin_states(connection: Connection, shipment_ids: Sequence[str]) -> None:
    """Give new shipments, of which nothing was heard, their first state."""
    nothing_heard = as_seen((), LONG_AGO)
    insert_many(connection, STATES, [_state_row(shipment_id, nothing_heard) for shipment_id in shipment_ids])


def refresh(connection: Connection, shipment_ids: Sequence[str]) -> dict[str, Standing]:
    """Fold shipments that have scans anew from all of them, in the caller's transaction, and give how they stand now.

    Everything heard so far counts, so the moment of looking is the last hearing: silence is judged when a state is read.
    """
    if len(shipment_ids) > MOST_TO_FOLD_SINGLY:
        return _store_folded(connection, fetch_among(connection, "scans", {}, "shipment_id", shipment_ids))
    scans = read_scans(connection, shipment_ids)
    states, outcomes = [], []
    for shipment_id in shipment_ids:
        heard = scans[shipment_id]
        seen_at = max(scan.received_at for scan in heard)
        states.append(_state_row(shipment_id, as_seen(heard, seen_at)))
        outcome = outcome_of(shipment_id, heard, seen_at)
        if outcome is not None:
            outcomes.append(_outcome_row(outcome))
    return _store(connection, states, outcomes)


def heard_before(connection: Connection, shipment_ids: Sequence[str]) -> set[str]:
    """Give those of the shipments that have scans already."""
    dialect = connection.dialect.name
    return set(connection.execute(_heard(dialect), keyed(dialect, shipment_ids)).scalars())


def refresh_many(connection: Connection, new: pl.DataFrame, heard: set[str]) -> dict[str, Standing]:
    """Fold all shipments of which there are new scans (canonical, stored already); ``heard`` are those that had some before.

    Gives how they stand now.

    The scans of a shipment that is heard of first are all in ``new`` and need not be read back.
    """
    has_older = pl.col("shipment_id").is_in(sorted(heard))
    older = new.filter(has_older)["shipment_id"].unique().to_list()
    return _store_folded(connection, pl.concat([new.filter(~has_older), fetch_among(connection, "scans", {}, "shipment_id", older)]))


def _store_folded(connection: Connection, scans: pl.DataFrame) -> dict[str, Standing]:
    states, outcomes = fold_many(scans)
    return _store(connection, states.rows(), outcomes.rows())


def _store(connection: Connection, states: Sequence[tuple[Any, ...]], outcomes: Sequence[tuple[Any, ...]]) -> dict[str, Standing]:
    replace_many(connection, STATES, states)
    replace_many(connection, OUTCOMES, outcomes)
    if still_open := sorted({row[0] for row in states} - {row[0] for row in outcomes}):  # a correction may take an end back
        dialect = connection.dialect.name
        connection.execute(_taking_back(dialect), keyed(dialect, still_open))
    return {row[0]: Standing(row[1], row[7]) for row in states}


def _state_row(shipment_id: str, journey: Journey) -> tuple[Any, ...]:
    return (
        shipment_id,
        journey.status.value,
        micros_or_none(journey.status_since),
        micros_or_none(journey.possession_at),
        micros_or_none(journey.delivered_at),
        micros_or_none(journey.last_heard_at),
        journey.last_facility_id,
        journey.failed_attempts,
        journey.unmapped,
        journey.repetitions,
    )


def _outcome_row(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.shipment_id, outcome.status.value, micros(outcome.occurred_at), micros(outcome.known_at)
