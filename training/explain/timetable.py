"""Remember when vehicles leave each stop, from everybody's plans: who came late and took the next one lost nothing more there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from training.features.departures import (
    FEWEST_PLANS,
    RESTING_COUNTRY,
    WEEK_MINUTES,
    Departures,
    hop_name,
    resting_days,
    week_minutes,
    weekly_departures,
)
from training.features.local_time import local_micros, zone_codes

__all__ = ["Timetable"]

Whole = npt.NDArray[np.int64]

MINUTE, DAY = 60_000_000, 86_400_000_000
STOP_HOURS = 2.0
"""What a stop needs before the next vehicle where plans do not tell: sorting, loading and an ordinary queue."""
SHORTEST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Timetable:
    """Hold for each hop (named by `hop_name`) the departures in minutes of the local week, Monday 0:00 first.

    ``zones`` and ``countries`` tell of each stop where its clock and its holidays come from, ``stop_hours`` is the shortest stay that plans allow anywhere.
    """

    departures: Mapping[str, Whole]
    zones: Mapping[str, str]
    countries: Mapping[str, str]
    stop_hours: float

    @classmethod
    def learn(cls, facts: Facts, departures: Departures | None = None) -> "Timetable":
        """Read the plans of all shipments; ``departures`` saves reading them again."""
        departures = weekly_departures(facts) if departures is None else departures
        zones = {row[0]: row[1] for row in facts.facilities.select("facility_id", "timezone").iter_rows() if row[1]}
        countries = {row[0]: row[1] for row in facts.facilities.select("facility_id", "country").iter_rows() if row[1]}
        return cls(departures.by_hop(), zones, countries, shortest_stop_hours(facts))

    @classmethod
    def unknown(cls) -> "Timetable":
        """Give the timetable of a network without plans."""
        return cls({}, {}, {}, STOP_HOURS)

    def following(self, start: str | None, end: str | None, mode: str, carrier: str, at: int, *, service: str = "") -> int | None:
        """Give the instant (microseconds) of the first departure of a hop not before ``at``; ``None`` where no timetable is known."""
        minutes = self.departures.get(hop_name(start, end, mode, carrier, service))
        if minutes is None:
            return None
        texts, codes = zone_codes(pl.Series([self.zones.get(start or "")], dtype=pl.String))
        local = int(local_micros(np.array([at], dtype=np.int64), texts, codes)[0])
        now, today = int(week_minutes(np.array([local]))[0]), local // DAY
        free = off_days(self.countries.get(start or "", ""), today)
        for wait in np.concatenate([minutes - now + week * WEEK_MINUTES for week in range(3)]).tolist():
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


def shortest_stop_hours(facts: Facts) -> float:
    """Give the shortest stay that plans allow between two vehicles; what a stop usually needs where they do not tell."""
    legs = facts.legs.filter(pl.col("planned_departure_at").is_not_null() & pl.col("from_facility_id").is_not_null())
    legs = legs.sort("shipment_id", "sequence", "known_at", "leg_id").unique(["shipment_id", "sequence"], keep="last", maintain_order=True)
    stay = legs.select(
        h=(pl.col("planned_departure_at") - pl.col("planned_arrival_at").shift(1).over("shipment_id")).dt.total_seconds() / 3600
    )["h"].drop_nulls()
    shortest = stay.quantile(SHORTEST_SHARE) if len(stay) >= FEWEST_PLANS else None
    return STOP_HOURS if shortest is None else max(float(shortest), 0.0)


@cache
def off_days(country: str, around: int) -> frozenset[int]:
    """Give the holidays (days since 1970) of a country within a month of a day: no vehicle runs by its weekly timetable.

    Only of the United States it is known on which of them carriers rest.
    """
    if country != RESTING_COUNTRY:
        return frozenset()
    return frozenset(resting_days((around - 1) * DAY, (around + 30) * DAY).tolist())
