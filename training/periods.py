"""Cut the time of the data into what a model learns from, what it is judged on, and what is too young to judge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from data.domain.errors import TooLittleData
from data.domain.statuses import Status
from data.facts.facts import Facts
from training.moments import newest_instant

__all__ = ["FEWEST_DELIVERED", "Periods", "cut_periods", "only_delivered"]

FEWEST_DELIVERED = 200
"""Deliveries known at the cut below which nothing is learnt: the lane table alone needs some on each lane."""
JUDGED_SHARE = 0.2
LONGEST_JUDGED = timedelta(days=28)
YOUNG_SHARE = 0.25
"""At most this share of the data's span is left out as too young to judge."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Hold the instants (UTC) that part the data: learnt from ``start`` to ``cut``, judged from ``cut`` to ``judged_to``, known by ``known_by``.

    Moments after ``judged_to`` are not judged: only their fast shipments have arrived, and judging by those flatters every model.
    """

    start: datetime
    cut: datetime
    judged_to: datetime
    known_by: datetime
    delivered: int
    """Shipments known to be delivered by the cut."""


def cut_periods(facts: Facts, *, until: datetime | None = None) -> Periods:
    """Keep the newest fifth (at most four weeks) of the judgeable time for judging; raises `TooLittleData` when too little is left to learn.

    ``until`` is the last instant that anything may be known at; the newest news by default. The youngest moments, as far back as nine of ten
    deliveries take, are not judged.
    """
    newest = newest_instant(facts)
    start = facts.shipments["created_at"].min()
    if newest is None or not isinstance(start, datetime):
        raise TooLittleData("there are no scans to learn from; import shipments with their scans first (`doorcast data import`).")
    known_by = newest + timedelta(microseconds=1) if until is None else until
    durations = deliveries(facts, known_by)
    slow = durations["duration"].quantile(0.9) if durations.height else None
    span = known_by - start
    young = min(slow, span * YOUNG_SHARE) if isinstance(slow, timedelta) else span * YOUNG_SHARE
    judged_to = known_by - young
    cut = judged_to - min((judged_to - start) * JUDGED_SHARE, LONGEST_JUDGED)
    delivered = durations.filter(pl.col("heard") < cut).height
    if delivered < FEWEST_DELIVERED:
        raise TooLittleData(
            f"{delivered} deliveries were known by {cut:%Y-%m-%d %H:%M} UTC, where the weeks kept for judging begin; {FEWEST_DELIVERED} are "
            f"needed (the store knows {facts.shipments.height} shipments and {durations.height} deliveries). Import a longer history."
        )
    return Periods(start, cut, judged_to, known_by, delivered)


def deliveries(facts: Facts, known_by: datetime) -> pl.DataFrame:
    """Give each delivery heard before an instant: when it was heard, and how long it took from the label on."""
    heard = facts.scans.filter((pl.col("status") == str(Status.DELIVERED)) & ~pl.col("voids") & (pl.col("received_at") < known_by))
    first = heard.group_by("shipment_id").agg(heard=pl.col("received_at").min(), came=pl.col("occurred_at").min())
    return first.join(facts.shipments.select("shipment_id", "created_at"), on="shipment_id").with_columns(
        duration=pl.col("came") - pl.col("created_at")
    )


def only_delivered(facts: Facts, *, known_by: datetime) -> str | None:
    """Give a warning when the youngest shipments have all arrived: somebody left the open ones out, and forecasts will come too early.

    Of shipments younger than the median duration about half or more must still be open. Measured on Olist: learning from delivered rows only
    costs 19 % of the error and most of the delay risk (MODELLING 1.1).
    """
    durations = deliveries(facts, known_by)
    usual = durations["duration"].median()
    if not isinstance(usual, timedelta):
        return None
    young = facts.shipments.filter(pl.col("created_at").is_between(known_by - usual, known_by)).select("shipment_id")
    arrived = young.join(durations, on="shipment_id", how="semi").height
    if young.height < 20 or arrived < 0.9 * young.height:
        return None
    return (
        f"{arrived} of the {young.height} youngest shipments have already been delivered. The data seem to hold delivered shipments only; "
        "add the open and lost ones, or every forecast will come too early."
    )
