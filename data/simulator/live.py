"""Replay the scans of a simulation in the order in which they were heard, at any speed."""

from collections.abc import Callable, Iterator
from datetime import datetime

import polars as pl

from data.domain.errors import InvalidFact
from data.domain.scans import Scan, ZoneBasis, check_instant
from data.domain.statuses import Status
from data.facts.facts import Facts, received_by
from data.facts.schema import TABLES

__all__ = ["due", "known_by", "live", "scan_of", "schedule", "split_at"]

OF_SHIPMENTS = frozenset({"parcels", "promises", "legs", "scans"})


def scan_of(row: dict[str, object]) -> Scan:
    """Make a scan of one row of the canonical table (a dict by column)."""
    return Scan(**{**row, "status": Status(row["status"]), "zone_basis": ZoneBasis(row["zone_basis"])})  # type: ignore[arg-type]


def known_by(facts: Facts, moment: datetime) -> Facts:
    """Give the facts known by a moment, without rows of shipments that are not known yet (their promise is told at order time)."""
    known = received_by(facts, check_instant("moment", moment))
    ids = known.shipments.select("shipment_id")
    return Facts(
        **{
            name: frame.join(ids, on="shipment_id", how="semi", maintain_order="left") if name in OF_SHIPMENTS else frame
            for name, frame in known.tables()
        }
    )


def split_at(facts: Facts, moment: datetime) -> tuple[Facts, Facts]:
    """Split facts into those known by a moment and those heard later (later orders and shipments too; facilities only in the first)."""
    before = known_by(facts, moment)
    return before, without(facts, before)


def due(later: Facts, now: datetime) -> tuple[Facts, Facts]:
    """Split what is still to come into what is heard by ``now`` and the rest; nothing is told of a shipment before it is created.

    Unlike `known_by` this also tells news of shipments that are not in ``later`` themselves, because they were known before.
    """
    uncreated = later.shipments.filter(pl.col("created_at") > now).select("shipment_id")
    come = Facts(
        **{
            name: frame.join(uncreated, on="shipment_id", how="anti", maintain_order="left") if name in OF_SHIPMENTS else frame
            for name, frame in received_by(later, now).tables()
        }
    )
    return come, without(later, come)


def without(facts: Facts, told: Facts) -> Facts:
    """Give the rows that were not told yet."""
    keys = dict(told.tables())
    return Facts(
        **{
            name: frame.join(keys[name].select(TABLES[name].key), on=TABLES[name].key, how="anti", maintain_order="left")
            for name, frame in facts.tables()
        }
    )


def schedule(scans: pl.DataFrame, *, starting_at: datetime, speed: float) -> Iterator[tuple[float, tuple[Scan, ...]]]:
    """Give what is heard after ``starting_at``: seconds from the start of the replay, and the scans received at that instant.

    ``scans`` is the canonical table; ``speed`` is simulated over real time (600 = ten minutes in a second). Raises `InvalidFact` for a
    speed that is not positive and finite.
    """
    check_instant("starting_at", starting_at)
    if not 0 < speed < float("inf"):
        raise InvalidFact(f"speed {speed!r} must be a positive number, such as 600 for ten minutes in a second.")
    coming = scans.filter(pl.col("received_at") > starting_at).sort("received_at", "scan_id")
    for _, rows in coming.group_by("received_at", maintain_order=True):
        scans_now = tuple(scan_of(row) for row in rows.iter_rows(named=True))
        yield (scans_now[0].received_at - starting_at).total_seconds() / speed, scans_now


def live(
    facts: Facts, *, starting_at: datetime, speed: float, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Iterator[Scan]:
    """Give scans one by one as time goes by: ``clock`` is a monotonic clock in seconds (`time.monotonic`), ``sleep`` waits.

    A consumer that falls behind gets the missed scans at once, in order.
    """
    began = clock()
    for offset, scans in schedule(facts.scans, starting_at=starting_at, speed=speed):
        wait = began + offset - clock()
        if wait > 0:
            sleep(wait)
        yield from scans
