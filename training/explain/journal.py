"""Keep what everybody's scans say of stops: when each parcel reached one, when it left, and towards where. Instants only: no id of anybody.

The first word counts, as in the history: a stay is what the first scan of reaching and the first scan of leaving said, and is known from the instant
at which the last of these was received. So what a journal answers as of a moment never depends on what came later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import micros
from training.explain.course import LEAVING, events_by_code
from training.features.departures import SEPARATOR, hop_names

__all__ = ["KEPT", "KEPT_MICROS", "Journal", "Stays"]

Whole = npt.NDArray[np.int64]

KEPT = timedelta(days=28)
"""What is looked at: four weeks show how much the vehicles of a hop carry. 24 bytes a stay."""
KEPT_MICROS = KEPT // timedelta(microseconds=1)
SAYS_NOTHING = [str(status) for status in (Status.UNKNOWN, Status.PRE_TRANSIT, Status.ON_HOLD)]
ON_THE_ROAD = [str(status) for status in (Status.ACCEPTED, Status.OUT_FOR_DELIVERY)]
STAY = ["shipment_id", "facility_id"]
TIMES = ("reached", "left", "known")
SCHEMA = {"hop": pl.String, **dict.fromkeys(TIMES, pl.Int64)}


@dataclass(frozen=True, slots=True)
class Stays:
    """Hold stays as instants (microseconds since 1970 UTC): reached, left, and known from."""

    reached: Whole
    left: Whole
    known: Whole


@dataclass(frozen=True, slots=True)
class Journal:
    """Hold stays by hop (`hop_name`) in order of leaving, and by stop and mode of the onward vehicle in order of reaching.

    ``until`` (microseconds) is how far it has heard; ``None`` = every moment that is asked about.
    """

    hops: Mapping[str, Stays]
    stops: Mapping[tuple[str, str], Stays]
    until: int | None = None

    @classmethod
    def nothing(cls) -> "Journal":
        """Give the journal of who has heard of nobody."""
        return cls({}, {})

    @classmethod
    def of(cls, facts: Facts, *, until: datetime | None = None) -> "Journal":
        """Read it from facts; with ``until`` only what was received by then, of the `KEPT` time before."""
        return cls.nothing().told(facts, until=until)

    def told(self, facts: Facts, *, until: datetime | None = None) -> "Journal":
        """Give the same journal that has also heard what was received since, up to ``until``; ``facts`` hold all of every shipment with news since."""
        new, end = stays_of(facts), None if until is None else micros(until)
        stays = new if self.until is None else pl.concat([self.stays(), new.filter(pl.col("known") > self.until)])
        if end is not None:
            stays = stays.filter((pl.col("known") <= end) & (pl.col("left") >= end - KEPT_MICROS))
        return Journal.made(stays, end)

    @classmethod
    def made(cls, stays: pl.DataFrame, until: int | None) -> "Journal":
        """Put stays (hop, reached, left, known) in their orders."""
        parts = pl.col("hop").str.split(SEPARATOR)
        by_hop = stays.sort("hop", "left", "reached", "known").partition_by("hop", as_dict=True, maintain_order=True)
        placed = stays.with_columns(stop=parts.list.get(0), mode=parts.list.get(2)).sort("stop", "mode", "reached", "left", "known")
        by_stop = placed.partition_by("stop", "mode", as_dict=True, maintain_order=True)
        return cls(
            {str(hop): numbers(rows) for (hop,), rows in by_hop.items()},
            {(str(stop), str(mode)): numbers(rows) for (stop, mode), rows in by_stop.items()},
            until,
        )

    def stays(self) -> pl.DataFrame:
        """Give all stays, one row each."""
        parts = [
            pl.DataFrame({name: getattr(stays, name) for name in TIMES}).with_columns(hop=pl.lit(hop)) for hop, stays in self.hops.items()
        ]
        return pl.concat([pl.DataFrame(schema=SCHEMA), *(part.select(list(SCHEMA)) for part in parts)])

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        stays = self.stays()
        hops, counts = list(self.hops), [len(one.left) for one in self.hops.values()]
        return {"hops": hops, "counts": counts, "until": self.until, **{name: stays[name].to_numpy() for name in TIMES}}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Journal":
        """Make it again of plain data."""
        hops = [hop for hop, count in zip(state["hops"], state["counts"], strict=True) for _ in range(count)]
        return cls.made(pl.DataFrame({"hop": hops, **{name: state[name] for name in TIMES}}, schema=SCHEMA), state["until"])


def numbers(rows: pl.DataFrame) -> Stays:
    return Stays(*(rows[name].to_numpy(writable=True) for name in TIMES))


def stays_of(facts: Facts) -> pl.DataFrame:
    """Give the stays of all parcels at the stops of their plans, as first planned, that were heard to end."""
    shipments = facts.shipments.unique("shipment_id", keep="first", maintain_order=True).select(
        "shipment_id", "carrier", "service", "origin_facility_id", created="created_at"
    )
    legs = facts.legs.filter(pl.col("from_facility_id").is_not_null() & pl.col("to_facility_id").is_not_null())
    legs = legs.rename({"from_facility_id": "facility_id"}).sort("known_at", "sequence", "leg_id").unique(STAY, keep="first")
    legs = legs.join(shipments, on="shipment_id").with_columns(from_facility_id="facility_id")
    reached, left = ends_of_stays(facts.scans.join(legs.select(*STAY, "carrier"), on=STAY))
    found = legs.join(left.select(*STAY, left="happened", left_known="received_at"), on=STAY)
    found = found.join(reached.select(*STAY, reached="happened", reached_known="received_at"), on=STAY, how="left")
    at_origin = pl.col("facility_id") == pl.col("origin_facility_id")
    found = found.with_columns(
        hop_names(found),
        *(pl.when(at_origin).then("created").otherwise(name).alias(name) for name in ("reached", "reached_known")),
    )
    found = found.filter(pl.col("reached") <= pl.col("left")).with_columns(
        known=pl.max_horizontal("reached_known", "left_known", "known_at")
    )
    return found.select("hop", *(pl.col(name).dt.epoch("us") for name in TIMES))


def ends_of_stays(scans: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give of each shipment and facility the first heard scans of reaching it and of leaving it."""
    meant = [(carrier, code, event in LEAVING) for (carrier, code), event in events_by_code().items()]
    events = pl.DataFrame(meant, schema={"carrier": pl.String, "raw_code": pl.String, "leaves": pl.Boolean}, orient="row")
    telling = ~pl.col("voids") & pl.col("facility_id").is_not_null() & ~pl.col("status").is_in(SAYS_NOTHING)
    scans = scans.filter(telling).join(events, on=["carrier", "raw_code"], how="left").sort(*STAY, "received_at", "scan_id")
    # without the carrier's list of codes the first scan of a stop is its arrival, a later one its departure
    again = (pl.col("shipment_id") == pl.col("shipment_id").shift()) & (pl.col("facility_id") == pl.col("facility_id").shift())
    leaves = pl.col("leaves").fill_null(again.fill_null(value=False)) | pl.col("status").is_in(ON_THE_ROAD)
    scans = scans.with_columns(happened=pl.min_horizontal("occurred_at", "received_at"), leaves=leaves)
    reached, left = (scans.filter(pl.col("leaves") == ends).unique(STAY, keep="first", maintain_order=True) for ends in (False, True))
    return reached, left
