"""Cut the time of the data into what a model learns from, what it is judged on, and what is too young to judge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from data.domain.errors import TooLittleData
from data.domain.statuses import Status
from data.facts.facts import Facts
from training.moments import newest_instant

__all__ = ["COST", "FEWEST_DELIVERED", "Periods", "cut_periods", "only_delivered", "refuse_delivered_only"]

FEWEST_DELIVERED = 200
"""Deliveries known at the cut below which nothing is learnt: the lane table alone needs some on each lane."""
JUDGED_SHARE = 0.2
LONGEST_JUDGED = timedelta(days=28)
YOUNG_SHARE = 0.25
"""At most this share of the data's span is left out as too young to judge."""
FEWEST_YOUNG, ARRIVED_SHARE = 20, 0.9
OVER_NIGHT = timedelta(days=1)
COST = "on the Olist orders that made the error 19 % larger, 6.78 instead of 5.70 days, and late orders could hardly be told from others"
"""What learning from delivered rows alone costs (MODELLING 1.1, November 2026; AUC of the late classifier .576 instead of .779)."""


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
    """Say why facts look as if only delivered shipments had been kept; ``None`` where they do not.

    Two signs. Of the shipments younger than the median duration about half must still be on their way: nine of ten have arrived. Or not one
    shipment of all is open, where the slow ones take a day and longer; shorter trips may all be at home over night. Both look at the last news:
    later, a whole store has closed everything, too.
    """
    durations = deliveries(facts, known_by)
    usual, slow = (durations.select(pl.col("duration").quantile(level)).item() for level in (0.5, 0.9))
    newest = facts.scans.filter(pl.col("received_at") < known_by)["received_at"].max()
    if not (isinstance(usual, timedelta) and isinstance(slow, timedelta) and isinstance(newest, datetime)):
        return None
    born = facts.shipments.filter(pl.col("created_at") <= newest).select("shipment_id", "created_at")
    young = born.filter(pl.col("created_at") >= newest - usual)
    arrived = young.join(durations, on="shipment_id", how="semi").height
    if young.height >= FEWEST_YOUNG and arrived >= ARRIVED_SHARE * young.height:
        return f"{arrived} of the {young.height} shipments younger than the usual {hours(usual)} have already been delivered"
    if slow >= OVER_NIGHT and born.join(durations, on="shipment_id", how="anti").is_empty():
        return f"all {born.height} shipments have been delivered, and not one of them is open or lost"
    return None


def refuse_delivered_only(facts: Facts, *, known_by: datetime) -> None:
    """Raise `TooLittleData` where only delivered shipments seem to have been kept, with what that costs and how to go on."""
    found = only_delivered(facts, known_by=known_by)
    if found is not None:
        raise TooLittleData(
            f"{found}: open shipments seem to be left out, so the newest weeks hold fast ones only and every forecast would come too early "
            f"({COST}). Import the open and lost shipments as well; where there truly are none, say so with --allow-delivered-only."
        )


def hours(duration: timedelta) -> str:
    """Give a duration in words: ``45 h``, or minutes where it is shorter than two hours."""
    minutes = duration.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
