"""Learn from past journeys how long parcels stay at a stop, how fast they travel a leg, and how often nobody scans them.

Everything is read from facts that were received by a moment, so whoever asks later than that never hears of the future. What is learnt is
relative to the plan (a departure after its planned one, a travel time over its planned one), so that it holds for stops that were never seen.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl

from data.domain.statuses import Status
from data.facts.facts import Facts
from data.reference.status_codes import coded_events

__all__ = ["LEVELS", "SLACK_HOURS", "PassageHabits", "Spread", "passage_habits", "slack_class"]

LEVELS = tuple(round((step + 0.5) / 40, 4) for step in range(40))
"""Levels at which a spread is kept."""
Spread = tuple[float, ...]
"""The quantiles of one quantity at `LEVELS`, ascending."""

FEWEST = 30
"""Cases from which a group of its own is believed; below, the next wider group answers."""
SLACK_HOURS = (-6.0, -1.0, 0.5, 2.0, 5.0, 10.0)
"""Bounds between the classes of time that is left at a stop until the planned departure (our choice)."""
USUAL_MISSING = 0.05
"""Share of scans that nobody makes where no journeys tell (the order of the simulated network's; our choice)."""
NOT_THERE = [str(status) for status in (Status.UNKNOWN, Status.PRE_TRANSIT, Status.CANCELLED, Status.DELIVERED, Status.ATTEMPT_FAILED)]


def spread(low: float, high: float) -> Spread:
    return tuple(low + (high - low) * level for level in LEVELS)


@dataclass(frozen=True, slots=True)
class PassageHabits:
    """Hold what is usual between two scans; without journeys to learn from, guesses that are wide.

    ``stays`` maps a group (``first`` or ``later`` stop, mode of the leg that follows, class of slack; wider groups leave the last ones out) to
    hours from the later one of arrival and planned departure until the departure; ``paces`` maps a mode to travel time over planned travel
    time; ``rounds`` are hours from leaving for the door to the door. ``missing`` maps ``arrived`` and ``left`` to the share of passages that
    nobody scans; ``heard_after`` are hours from a scan until it is heard.
    """

    stays: Mapping[tuple[str, ...], Spread] = field(default_factory=lambda: {(): spread(0.0, 6.0)})
    paces: Mapping[str, Spread] = field(default_factory=lambda: {"": spread(0.8, 1.3)})
    rounds: Spread = field(default_factory=lambda: spread(1.0, 9.0))
    missing: Mapping[str, float] = field(default_factory=lambda: {"arrived": USUAL_MISSING, "left": USUAL_MISSING})
    heard_after: Spread = field(default_factory=lambda: spread(0.0, 1.0))

    def stay(self, *group: str) -> Spread:
        """Give the spread of a stay: of the narrowest group that is known."""
        for size in range(len(group), -1, -1):
            if (found := self.stays.get(group[:size])) is not None:
                return found
        return spread(0.0, 6.0)

    def pace(self, mode: str) -> Spread:
        """Give the spread of travel time over planned travel time."""
        return self.paces.get(mode) or self.paces.get("") or spread(0.8, 1.3)


def slack_class(hours: float | None) -> str:
    """Name the class of the time that is left until the planned departure; ``unplanned`` without a plan."""
    return "unplanned" if hours is None else str(bisect_right(SLACK_HOURS, hours))


def passage_habits(facts: Facts, *, known_by: datetime) -> PassageHabits:
    """Learn from what was received by ``known_by`` (UTC)."""
    scans = effective_scans(facts, known_by)
    hops = seen_hops(facts, scans, known_by)
    travelled = hops.filter(pl.col("left").is_not_null() & pl.col("reached").is_not_null() & (pl.col("planned_hours") > 0))
    paces = spreads(travelled.with_columns(value=pl.col("hours") / pl.col("planned_hours")), ["mode"])
    usual_pace = {mode[0]: quantiles[len(LEVELS) // 2] for mode, quantiles in paces.items() if mode}
    # The first stop's departure is often no scan of its own: then it is the arrival at the next stop less the usual travel time.
    usual = pl.col("mode").replace_strict(usual_pace, default=1.0, return_dtype=pl.Float64) * pl.col("planned_hours") * 3_600_000_000
    inferred = pl.col("reached") - usual.cast(pl.Int64).cast(pl.Duration("us"))
    stays = hops.with_columns(left=pl.coalesce("left", inferred)).filter(pl.col("left").is_not_null() & pl.col("arrived").is_not_null())
    after = pl.max_horizontal("arrived", "planned_departure_at")
    stays = stays.with_columns(
        value=(pl.col("left") - after).dt.total_microseconds() / 3.6e9,
        slack=pl.col("slack_hours").map_elements(slack_class, return_dtype=pl.String, skip_nulls=False),
    )
    default = PassageHabits()
    return PassageHabits(
        stays={**default.stays, **spreads(stays, ["place", "mode", "slack"])},
        paces={**default.paces, **{"".join(group): quantiles for group, quantiles in paces.items()}},
        rounds=rounds_of(scans, default),
        missing=missing_of(hops),
        heard_after=quantiles_of(scans.select(value=(pl.col("received_at") - pl.col("happened")).dt.total_microseconds() / 3.6e9)["value"])
        or default.heard_after,
    )


def effective_scans(facts: Facts, known_by: datetime) -> pl.DataFrame:
    """Give the scans that stand, with ``happened`` (never after it was heard) and whether they say that the parcel left."""
    heard = facts.scans.filter(pl.col("received_at") <= known_by)
    replaced = heard["corrects_scan_id"].drop_nulls().unique().to_list()
    codes = [(carrier, code) for entry in coded_events() if entry.event == "departed" for carrier, (code, _) in entry.said.items()]
    departures = pl.DataFrame(codes, schema=["carrier", "raw_code"], orient="row").with_columns(departed=pl.lit(True))
    return (
        heard.filter(~pl.col("voids") & ~pl.col("scan_id").is_in(replaced))
        .join(facts.shipments.select("shipment_id", "carrier"), on="shipment_id")
        .join(departures, on=["carrier", "raw_code"], how="left")
        .with_columns(
            happened=pl.min_horizontal("occurred_at", "received_at"),
            leaves=pl.col("departed").fill_null(value=False) | (pl.col("status") == str(Status.OUT_FOR_DELIVERY)),
        )
    )


def seen_hops(facts: Facts, scans: pl.DataFrame, known_by: datetime) -> pl.DataFrame:
    """Give one row for each planned leg between two facilities: when the parcel was seen to arrive, to leave and to reach the next one."""
    there = scans.filter(pl.col("facility_id").is_not_null() & ~pl.col("status").is_in(NOT_THERE))
    seen = there.group_by("shipment_id", "facility_id").agg(
        arrived=pl.col("happened").filter(~pl.col("leaves")).min(), left=pl.col("happened").filter(pl.col("leaves")).min()
    )
    legs = facts.legs.filter(pl.col("known_at") <= known_by).sort("known_at", "leg_id").unique(["shipment_id", "sequence"], keep="last")
    ends = scans.group_by("shipment_id").agg(delivered=(pl.col("status") == str(Status.DELIVERED)).any())
    return (
        legs.join(seen, left_on=["shipment_id", "from_facility_id"], right_on=["shipment_id", "facility_id"], how="left")
        .join(
            seen.select("shipment_id", "facility_id", reached="arrived"),
            left_on=["shipment_id", "to_facility_id"],
            right_on=["shipment_id", "facility_id"],
            how="left",
        )
        .join(ends, on="shipment_id", how="left")
        .with_columns(
            place=pl.when(pl.col("sequence") == pl.col("sequence").min().over("shipment_id"))
            .then(pl.lit("first"))
            .otherwise(pl.lit("later")),
            hours=(pl.col("reached") - pl.col("left")).dt.total_microseconds() / 3.6e9,
            planned_hours=(pl.col("planned_arrival_at") - pl.col("planned_departure_at")).dt.total_microseconds() / 3.6e9,
            slack_hours=(pl.col("planned_departure_at") - pl.col("arrived")).dt.total_microseconds() / 3.6e9,
        )
    )


def spreads(cases: pl.DataFrame, by: list[str]) -> dict[tuple[str, ...], Spread]:
    """Give the spread of ``value`` in every group that has enough cases: all, by the first column, by the first two, and so on."""
    found: dict[tuple[str, ...], Spread] = {}
    for size in range(len(by) + 1):
        groups = cases.group_by(by[:size]) if size else [((), cases)]
        for name, rows in groups:
            if rows.height >= FEWEST and (quantiles := quantiles_of(rows["value"])) is not None:
                found[tuple(str(part) for part in name)] = quantiles
    return found


def quantiles_of(values: pl.Series) -> Spread | None:
    known = values.drop_nulls().to_numpy()
    known = known[np.isfinite(known)]
    return tuple(np.quantile(known, LEVELS).tolist()) if len(known) >= FEWEST else None


def rounds_of(scans: pl.DataFrame, default: PassageHabits) -> Spread:
    """Give the hours from leaving for the door until the delivery, where both were scanned on one run."""
    out = scans.filter(pl.col("status") == str(Status.OUT_FOR_DELIVERY)).group_by("shipment_id").agg(out=pl.col("happened").max())
    home = scans.filter(pl.col("status") == str(Status.DELIVERED)).group_by("shipment_id").agg(home=pl.col("happened").max())
    hours = out.join(home, on="shipment_id").select(value=(pl.col("home") - pl.col("out")).dt.total_microseconds() / 3.6e9)
    return quantiles_of(hours.filter(pl.col("value").is_between(0, 16))["value"]) or default.rounds


def missing_of(hops: pl.DataFrame) -> dict[str, float]:
    """Give the share of passages of delivered shipments that nobody scanned: arrivals, departures, and those of the first stop."""
    over = hops.filter(pl.col("delivered").fill_null(value=False))
    between = over.filter(pl.col("to_facility_id").is_not_null())
    cases = {
        "arrived": between["reached"],
        "left": over.filter((pl.col("place") == "later") & pl.col("to_facility_id").is_not_null())["left"],
        "left_first": over.filter((pl.col("place") == "first") & pl.col("to_facility_id").is_not_null())["left"],
        "out": over.filter(pl.col("to_facility_id").is_null())["left"],
    }
    known = {name: column.null_count() / len(column) for name, column in cases.items() if len(column) >= FEWEST}
    return {**PassageHabits().missing, **{name: min(0.999, max(0.002, share)) for name, share in known.items()}}
