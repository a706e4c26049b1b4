"""Bend facts: outcomes changed, shuffled, hurried or left out, each in one place, so that a guard can see what moves with them."""

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from data.domain.statuses import Status
from data.facts.facts import Facts

__all__ = [
    "delivered_only",
    "hurried",
    "later_outcomes_shuffled",
    "own_delivery_moved",
    "own_delivery_removed",
    "own_delivery_retimed",
    "sooner",
]

DELIVERED = pl.col("status") == str(Status.DELIVERED)


def own_delivery_removed(facts: Facts, shipment_id: str) -> Facts:
    """Take one shipment's delivery away, as if it had never come."""
    return replace(facts, scans=facts.scans.filter(~((pl.col("shipment_id") == shipment_id) & DELIVERED)))


def own_delivery_moved(facts: Facts, shipment_id: str, by: timedelta) -> Facts:
    """Let one shipment be delivered, and heard of, later (or earlier)."""
    own = (pl.col("shipment_id") == shipment_id) & DELIVERED
    clocks = (pl.when(own).then(pl.col(name) + by).otherwise(pl.col(name)).alias(name) for name in ("occurred_at", "received_at"))
    return replace(facts, scans=facts.scans.with_columns(*clocks))


def own_delivery_retimed(facts: Facts, shipment_id: str, by: timedelta) -> Facts:
    """Let one delivery have happened at another time, heard of as before."""
    own = (pl.col("shipment_id") == shipment_id) & DELIVERED
    happened = pl.when(own).then(pl.col("occurred_at") + by).otherwise(pl.col("occurred_at"))
    return replace(facts, scans=facts.scans.with_columns(happened.alias("occurred_at")))


def later_outcomes_shuffled(facts: Facts, after: datetime, *, seed: int = 1) -> Facts:
    """Deal the delivery times that were heard after an instant out anew among their shipments; all are still heard after it."""
    late = facts.scans.with_row_index("row").filter(DELIVERED & (pl.col("received_at") > after))
    dealt = late.with_columns(late.select("occurred_at", "received_at").sample(fraction=1.0, shuffle=True, seed=seed))
    scans = facts.scans.with_row_index("row").update(dealt.select("row", "occurred_at", "received_at"), on="row")
    return replace(facts, scans=scans.drop("row"))


def delivered_only(facts: Facts) -> Facts:
    """Leave out every shipment that has not been delivered, as exports of finished orders do."""
    arrived = facts.scans.filter(DELIVERED).select("shipment_id").unique()
    tables = dict(facts.tables())
    for name in ("shipments", "parcels", "promises", "legs", "scans"):
        tables[name] = tables[name].join(arrived, on="shipment_id", how="semi", maintain_order="left")
    return Facts(**tables)


def hurried(facts: Facts, cut: datetime, level: float) -> Facts:
    """Shorten every duration after the cut: what was heard after it comes ``level`` times as long after the cut, or after a later creation.

    Promises and plans stay; a plan that becomes known with a scan becomes known as much sooner.
    """
    born = facts.shipments.select("shipment_id", base=pl.max_horizontal("created_at", pl.lit(cut).dt.cast_time_unit("us")))
    clocks = {"scans": ("occurred_at", "received_at"), "legs": ("known_at",)}
    tables = dict(facts.tables())
    for table, names in clocks.items():
        based = tables[table].join(born, on="shipment_id", how="left", maintain_order="left")
        tables[table] = based.with_columns(sooner(name, level) for name in names).drop("base")
    return Facts(**tables)


def sooner(name: str, level: float) -> pl.Expr:
    """Bring an instant after ``base`` nearer to it; earlier ones stay."""
    ahead = (pl.col(name) - pl.col("base")).dt.total_microseconds()
    nearer = pl.col("base") + pl.duration(microseconds=(ahead * level).round().cast(pl.Int64))
    return pl.when(ahead > 0).then(nearer).otherwise(pl.col(name)).alias(name)
