"""Know when vehicles leave: the weekly departures of every hop, read from everybody's plans.

One place for columns (`training.features.replan`) and for reasons (`training.explain.timetable`). Each departure is kept with the instant from which it was
known, so that a moment in the past sees the timetable of its own day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from data.reference.working_days import carrier_holidays
from training.features.codes import Codes, instants
from training.features.local_time import local_micros, zone_codes

__all__ = [
    "FEWEST_PLANS",
    "RESTING_COUNTRY",
    "SEPARATOR",
    "WEEK_MINUTES",
    "Departures",
    "hop_name",
    "hop_names",
    "resting_days",
    "week_minutes",
    "weekly_departures",
]

Whole = npt.NDArray[np.int64]

MINUTE_MICROS = 60_000_000
WEEK_MINUTES = 7 * 24 * 60
STEP_MINUTES = 5
"""Departures are kept to five minutes."""
FEWEST_PLANS = 3
"""A departure planned for fewer shipments is no timetable."""
SEPARATOR = "\x1f"
RESTING_COUNTRY = "US"
"""Only of the United States it is known on which days carriers rest."""


@dataclass(frozen=True, eq=False)
class Departures:
    """Hold weekly departures: hop *h* leaves at ``minutes[start[h]:start[h + 1]]`` of the local week (Monday 0:00 first), ascending.

    ``since`` is the instant (microseconds since 1970 UTC) from which enough plans named each of them.
    """

    hops: tuple[str, ...]
    start: Whole
    minutes: Whole
    since: Whole

    @classmethod
    def nothing(cls) -> "Departures":
        """Give the timetable of a network without plans."""
        return cls((), np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))

    @cached_property
    def codes(self) -> Codes:
        """Give the number of each hop."""
        return Codes(self.hops)

    def by_hop(self) -> dict[str, Whole]:
        """Give the minutes of each hop by its name."""
        return {hop: self.minutes[first:end] for hop, first, end in zip(self.hops, self.start[:-1], self.start[1:], strict=True)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Departures) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.hops, self.minutes.tobytes()))

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values: for each hop its minutes and the instants from which they were known."""
        return {
            hop: [minutes.tolist(), self.since[first : first + len(minutes)].tolist()]
            for (hop, minutes), first in zip(self.by_hop().items(), self.start, strict=False)
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Departures":
        """Read what `to_dict` gave."""
        counts = [len(minutes) for minutes, _ in plain.values()]
        minutes, since = ([one for part in plain.values() for one in part[side]] for side in (0, 1))
        start = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
        return cls(tuple(plain), start, np.array(minutes, dtype=np.int64), np.array(since, dtype=np.int64))


def weekly_departures(facts: Facts) -> Departures:
    """Read the planned departures that at least `FEWEST_PLANS` shipments share, with the instant at which the plan of the last of these was known."""
    legs = facts.legs.filter(pl.col("planned_departure_at").is_not_null() & pl.col("from_facility_id").is_not_null())
    legs = legs.join(
        facts.shipments.select("shipment_id", "carrier", "service").unique("shipment_id", keep="first"),
        on="shipment_id",
        maintain_order="left",
    )
    if not legs.height:
        return Departures.nothing()
    zones = facts.facilities.select(from_facility_id="facility_id", zone="timezone").unique("from_facility_id", keep="first")
    legs = legs.join(zones, on="from_facility_id", how="left", maintain_order="left")
    week = week_minutes(local_micros(instants(legs["planned_departure_at"]), *zone_codes(legs["zone"]))) // STEP_MINUTES * STEP_MINUTES
    counted = (
        legs.select("shipment_id", known=pl.col("known_at").dt.epoch("us"), hop=hop_names(legs), week=pl.Series(week, dtype=pl.Int64))
        .group_by("hop", "week", "shipment_id")
        .agg(pl.col("known").min())
        .group_by("hop", "week")
        .agg(pl.len(), since=pl.col("known").bottom_k(FEWEST_PLANS).max())
        .filter(pl.col("len") >= FEWEST_PLANS)
        .sort("hop", "week")
    )
    hops = counted["hop"].unique(maintain_order=True)
    first = counted["hop"].search_sorted(hops, side="left").to_numpy()
    start = np.concatenate([first, [counted.height]]).astype(np.int64)
    return Departures(tuple(hops.to_list()), start, *(counted[name].to_numpy(writable=True) for name in ("week", "since")))


def hop_names(legs: pl.DataFrame) -> pl.Series:
    """Name the hop of each leg: from, to, mode and carrier; to the door (without a ``to``) by the service too, which decides the days of delivery."""
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in ("from_facility_id", "to_facility_id", "mode", "carrier", "service")]
    door = pl.when(texts[1] == "").then(SEPARATOR + texts[4]).otherwise(pl.lit(""))
    return legs.select(hop=pl.concat_str(pl.concat_str(texts[:4], separator=SEPARATOR), door))["hop"]


def hop_name(start: str | None, end: str | None, mode: str, carrier: str, service: str = "") -> str:
    """Name one hop, as `hop_names` does."""
    return SEPARATOR.join([start or "", end or "", mode, carrier, *([] if end else [service])])


def week_minutes(local: Whole) -> Whole:
    """Give the minute of the week of local wall-clock times (microseconds since 1970-01-01, a Thursday)."""
    return (local // MINUTE_MICROS + 3 * 24 * 60) % WEEK_MINUTES


def resting_days(first: int, last: int) -> Whole:
    """Give the days (since 1970) on which US carriers rest, from the year of the instant ``first`` to the year after ``last`` (microseconds), ascending."""
    begin, end = (int(np.datetime64(at, "us").astype("datetime64[Y]").astype(int)) + 1970 for at in (first, last))
    return np.array(sorted(np.datetime64(day, "D").astype(int) for day in carrier_holidays(range(begin, end + 2))), dtype=np.int64)
