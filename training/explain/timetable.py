"""Remember when vehicles leave each stop, from everybody's plans: who came late and took the next one lost nothing more there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from data.reference.working_days import carrier_holidays
from training.features.local_time import local_micros, zone_codes

__all__ = ["Timetable"]

Whole = npt.NDArray[np.int64]

MINUTE, DAY, WEEK = 60_000_000, 86_400_000_000, 7 * 24 * 60
STEP_MINUTES = 5
"""Departures are kept to five minutes."""
FEWEST_PLANS = 3
"""A departure planned less often is no timetable."""
STOP_HOURS = 2.0
"""What a stop needs before the next vehicle where plans do not tell: sorting, loading and an ordinary queue."""
SHORTEST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Timetable:
    """Hold for each hop (from, to, mode, carrier; an empty ``to`` is the door) the departures in minutes of the local week, Monday 0:00 first.

    ``zones`` and ``countries`` tell of each stop where its clock and its holidays come from, ``stop_hours`` is the shortest stay that plans allow anywhere.
    """

    departures: Mapping[str, Whole]
    zones: Mapping[str, str]
    countries: Mapping[str, str]
    stop_hours: float

    @classmethod
    def learn(cls, facts: Facts) -> "Timetable":
        """Read the plans of all shipments."""
        legs = facts.legs.filter(pl.col("planned_departure_at").is_not_null() & pl.col("from_facility_id").is_not_null())
        legs = legs.join(facts.shipments.select("shipment_id", "carrier"), on="shipment_id", maintain_order="left")
        legs = legs.sort("shipment_id", "sequence", "known_at", "leg_id").unique(
            ["shipment_id", "sequence"], keep="last", maintain_order=True
        )
        zones = {row[0]: row[1] for row in facts.facilities.select("facility_id", "timezone").iter_rows() if row[1]}
        countries = {row[0]: row[1] for row in facts.facilities.select("facility_id", "country").iter_rows() if row[1]}
        named = legs.with_columns(
            hop=hop(pl.col("from_facility_id"), pl.col("to_facility_id"), pl.col("mode"), pl.col("carrier")),
            zone=pl.col("from_facility_id").replace_strict(zones, default=None, return_dtype=pl.String),
            reach=pl.col("planned_arrival_at").shift(1).over("shipment_id"),
        )
        texts, codes = zone_codes(named["zone"])
        local = local_micros(named["planned_departure_at"].to_physical().to_numpy(), texts, codes)
        week = week_minute(local) // STEP_MINUTES * STEP_MINUTES
        counted = (
            named.with_columns(week=pl.Series(week, dtype=pl.Int64)).group_by("hop", "week").len().filter(pl.col("len") >= FEWEST_PLANS)
        )
        departures = {
            str(name): np.sort(part["week"].to_numpy().astype(np.int64))
            for (name,), part in counted.partition_by("hop", as_dict=True, maintain_order=True).items()
        }
        stay = named.filter(pl.col("reach").is_not_null()).select(
            h=(pl.col("planned_departure_at") - pl.col("reach")).dt.total_seconds() / 3600
        )["h"]
        shortest = stay.quantile(SHORTEST_SHARE) if len(stay) >= FEWEST_PLANS else None
        return cls(dict(sorted(departures.items())), zones, countries, STOP_HOURS if shortest is None else max(float(shortest), 0.0))

    @classmethod
    def unknown(cls) -> "Timetable":
        """Give the timetable of a network without plans."""
        return cls({}, {}, {}, STOP_HOURS)

    def following(self, start: str | None, end: str | None, mode: str, carrier: str, at: int) -> int | None:
        """Give the instant (microseconds) of the first departure of a hop not before ``at``; ``None`` where no timetable is known."""
        minutes = self.departures.get(f"{start or ''}\x1f{end or ''}\x1f{mode}\x1f{carrier}")
        if minutes is None:
            return None
        texts, codes = zone_codes(pl.Series([self.zones.get(start or "")], dtype=pl.String))
        local = int(local_micros(np.array([at], dtype=np.int64), texts, codes)[0])
        now, today = int(week_minute(np.array([local]))[0]), local // DAY
        free = off_days(self.countries.get(start or "", ""), today)
        for wait in np.concatenate([minutes - now + week * WEEK for week in range(3)]).tolist():
            if wait >= 0 and (local + wait * MINUTE) // DAY not in free:
                return at + int(wait) * MINUTE
        return None

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "departures": dict(self.departures),
            "zones": dict(self.zones),
            "countries": dict(self.countries),
            "stop_hours": self.stop_hours,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Timetable":
        """Make it again of plain data."""
        return cls(state["departures"], state["zones"], state["countries"], state["stop_hours"])


def hop(*parts: pl.Expr) -> pl.Expr:
    return pl.concat_str([part.fill_null("") for part in parts], separator="\x1f")


def week_minute(local: Whole) -> Whole:
    """Give the minute of the week of local wall-clock times (microseconds since 1970, which began on a Thursday)."""
    return (local // MINUTE + 3 * 24 * 60) % WEEK


@cache
def off_days(country: str, around: int) -> frozenset[int]:
    """Give the holidays (days since 1970) of a country within a month of a day: no vehicle runs by its weekly timetable.

    Only of the United States it is known on which of them carriers rest.
    """
    if country != "US":
        return frozenset()
    years = {int(np.datetime64(around + step, "D").astype("datetime64[Y]").astype(int)) + 1970 for step in (-1, 30)}
    return frozenset(int(np.datetime64(day, "D").astype(int)) for day in carrier_holidays(sorted(years)))
