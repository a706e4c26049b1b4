"""Turn the outcomes of shipments, and summaries of lanes, into events of the shipments' ledger."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.orders import PromiseKind
from training.features.codes import UNKNOWN_TIME, floats, instants
from training.features.compiled import compiled
from training.features.hours import HOUR, hours_between
from training.features.plan import SortedLegs, follow
from training.features.promises import PromiseStates, promised, sorted_promises
from training.features.subjects import Subjects
from training.history.events import Events, Owners, events_of, together
from training.history.keys import key_texts, start_week_hours
from training.history.levels import Plan
from training.history.outcomes import Outcomes

__all__ = ["base_minutes", "lane_events", "logarithms", "owner_ids", "shipment_events"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

DAY: Final = 24 * HOUR
STREET_KPH: Final = 30.0
STOP_MINUTES: Final = 5.0
RUSHED_HOURS: Final = 90 / 3600
"""A leg of less than 90 seconds was not driven but tapped away (Sendy: 3.5 % of the labels lie below 60 s)."""


def owner_ids(subjects: Subjects) -> pl.Series:
    """Give the id of every shipment as an owner of events; lane summaries have ids of their own."""
    return ("s" + subjects.frame["shipment_id"]).rename("owner")


def base_minutes(planned_minutes: Real, distance_km: Real) -> Real:
    """Give the undisturbed minutes that pace is measured against: the planned ones, else routed kilometres at street speed plus a stop; else NaN."""
    by_distance = np.where(distance_km >= 0, 60 / STREET_KPH * distance_km + STOP_MINUTES, np.nan)
    return np.where(planned_minutes > 0, planned_minutes, by_distance)


def shipment_events(subjects: Subjects, outcomes: Outcomes, legs: SortedLegs, plan: Plan) -> Events:
    """Give every outcome as an event at the time when it became known.

    ``handling`` and ``departure_offset`` are known at possession, ``late`` at ``min(delivery known, promise + 1 day)``, all others when delivery is. Durations below zero (dirty clocks) are left out.
    """
    rows = np.arange(subjects.shipments)
    created = instants(subjects.frame["created_at"])
    start = np.where(outcomes.picked_up_at == UNKNOWN_TIME, created, outcomes.picked_up_at)
    base = base_minutes(floats(subjects.frame["planned_minutes"]), floats(subjects.frame["distance_km"]))
    minutes = 60 * hours_between(start, outcomes.delivered_at)
    nowhere = np.full(len(rows), -1, dtype=np.int64)
    first = follow(legs, rows, created, nowhere)
    later = follow(legs, rows, np.where(outcomes.possession_known_at == UNKNOWN_TIME, created, outcomes.possession_known_at), nowhere)
    starts = np.where(first.starts == UNKNOWN_TIME, later.starts, first.starts)
    ends = np.where(first.ends == UNKNOWN_TIME, later.ends, first.ends)
    promise = promised(sorted_promises(subjects, PromiseKind.SHOP), rows, np.full(len(rows), np.iinfo(np.int64).max))
    late_known, late = lateness(promise, outcomes)

    handling = hours_between(created, outcomes.possession_at)
    total = hours_between(created, outcomes.delivered_at)
    transit = hours_between(outcomes.picked_up_at, outcomes.delivered_at)
    delivered, possessed = outcomes.delivered_known_at, outcomes.possession_known_at
    values = {
        "total": (delivered, np.where(total >= 0, total, np.nan)),
        "handling": (possessed, np.where(handling >= 0, handling, np.nan)),
        "transit": (delivered, np.where(transit >= 0, transit, np.nan)),
        "late": (late_known, late),
        "promise_offset": (np.maximum(delivered, promise.first_known), hours_between(promise.first, outcomes.delivered_at)),
        "pace": (delivered, logarithms(np.where((minutes > 0) & (base > 0), minutes / base, np.nan))),
        "rushed": (delivered, np.where((minutes >= 0) & (base > 0), (minutes < 60 * RUSHED_HOURS).astype(np.float64), np.nan)),
        "arrival_offset": (delivered, hours_between(ends, outcomes.delivered_at)),
        "departure_offset": (possessed, hours_between(starts, outcomes.possession_at)),
    }
    owners = Owners(owner_ids(subjects), key_texts(subjects.frame, plan.levels))
    parts = []
    for kind in plan.kinds:
        known, value = values[kind.name]
        chosen = np.flatnonzero((known != UNKNOWN_TIME) & ~np.isnan(value))
        believed = outcomes.possession_at if kind.name == "departure_offset" else outcomes.picked_up_at
        hour = start_week_hours(subjects, chosen, starts[chosen], believed[chosen], created[chosen])
        parts.append(events_of(owners, chosen, known[chosen], plan.number_of(kind.name), value[chosen], hour=hour))
    return together(owners, parts)


def lateness(promises: PromiseStates, outcomes: Outcomes) -> tuple[Whole, Real]:
    """Give when each shipment's lateness against the shop's first promise became known, and whether it was late (0 or 1; NaN without one)."""
    promise = promises.first
    given = promise != UNKNOWN_TIME
    overdue = np.where(given, promise, 0) + DAY
    heard = (outcomes.delivered_known_at != UNKNOWN_TIME) & (outcomes.delivered_known_at <= overdue)
    known = np.maximum(np.where(heard, outcomes.delivered_known_at, overdue), promises.first_known)
    gone = (outcomes.gone_known_at != UNKNOWN_TIME) & (outcomes.gone_known_at < known)
    late = np.where(heard, (outcomes.delivered_at > promise).astype(np.float64), 1.0)
    return known, np.where(given & ~gone, late, np.nan)


def lane_events(subjects: Subjects, plan: Plan) -> Events:
    """Give each lane summary as one event of pace with the weight of its shipments, at the time when the summary was known.

    It speaks for its two facilities and their regions too, so that a lane never seen inherits from lanes that share an end.
    """
    facilities = subjects.facilities.select("facility_id", "region", "country", "postal_code")
    lanes = subjects.facts.lane_summaries
    ends = lanes.select(
        pl.col("lane_summary_id"), pl.col("origin_facility_id"), pl.col("destination_facility_id"), "shipments", "median_minutes",
        "median_planned_minutes", "distance_km", "known_at",
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("carrier", "service", "merchant")),
        pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias("ordered_at"), pl.col("known_at").alias("created_at"),
    )  # fmt: skip
    for end, name in (("origin", "from"), ("destination", "to")):
        at = facilities.rename({column: f"{name}.{column}" for column in ("region", "country", "postal_code")})
        ends = ends.join(at, left_on=f"{end}_facility_id", right_on="facility_id", how="left", maintain_order="left")
    base = base_minutes(floats(ends["median_planned_minutes"]), floats(ends["distance_km"]))
    median = floats(ends["median_minutes"])
    value = logarithms(np.where((median > 0) & (base > 0), median / base, np.nan))
    chosen = np.flatnonzero(~np.isnan(value))
    owners = Owners(("l" + ends["lane_summary_id"]).rename("owner"), key_texts(ends, plan.levels))
    weight = ends["shipments"].cast(pl.Float64).to_numpy()[chosen]
    return events_of(owners, chosen, instants(ends["known_at"])[chosen], plan.number_of("pace"), value[chosen], weight=weight)


@compiled
def logarithms(values: Real) -> Real:
    """Give natural logarithms one by one, so that a value's bits do not depend on its neighbours."""
    result = np.empty(len(values), dtype=np.float64)
    for i in range(len(values)):
        result[i] = np.log(values[i])
    return result
