"""Look up which bad weather a parcel met where it stood or drove, with the observations that prove it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from training.features.codes import floats, instants
from training.features.earth import great_circle_km

__all__ = ["WeatherMet", "roughness"]

HOUR = 3_600_000_000

CALM_MM, ROUGH_MM = 0.5, 6.0
CALM_KPH, ROUGH_KPH = 20.0, 60.0
CALM_CM, ROUGH_CM = 0.2, 4.0
"""Between calm (0) and rough (1): rain and snow of an observation, wind. Six millimetres are heavy rain, wind of 60 km/h is a near gale (7
Beaufort), four centimetres of snow close schools where it is rare."""
LONGEST_DETOUR = 1.2
"""A site lies on the way when driving by it makes the way at most so much longer."""
STEP_HOURS = 3.0
"""An observation speaks for the hours before and after it."""

Seen = tuple[float, tuple[str, ...]]
Way = tuple[str, str]
"""From one facility to another."""


@dataclass(frozen=True, slots=True)
class Sky:
    """Hold the observations of one site in order of time: instants, when each could be had, roughness, ids."""

    when: npt.NDArray[np.int64]
    available: npt.NDArray[np.int64]
    rough: npt.NDArray[np.float64]
    ids: list[str]


class WeatherMet:
    """Hold the observed weather of all sites among some facts."""

    def __init__(self, facts: Facts) -> None:
        rows = facts.weather_observations.sort("observed_at", "observation_id")
        self.skies = {
            str(name): Sky(instants(part["observed_at"]), instants(part["available_at"]), roughness(part), part["observation_id"].to_list())
            for (name,), part in rows.partition_by("facility_id", as_dict=True, maintain_order=True).items()
        }
        points = facts.facilities.select("facility_id", "lat", "lon").drop_nulls()
        self.points = {row[0]: (row[1], row[2]) for row in points.iter_rows()}
        self.known: dict[Way, list[tuple[str, float]]] = {}

    def at_stop(self, facility_id: str | None, start: int, end: int, *, known_by: int) -> Seen:
        """Give the worst roughness seen at a facility between two instants, as known by a third, and the observation that shows it; 0 without one."""
        sky = self.skies.get(facility_id or "")
        if sky is None:
            return 0.0, ()
        first, last = np.searchsorted(sky.when, start - STEP_HOURS * HOUR), np.searchsorted(sky.when, end, side="right")
        inside = np.arange(first, last)[sky.available[first:last] <= known_by]
        if not len(inside):
            return 0.0, ()
        worst = int(inside[sky.rough[inside].argmax()])
        return float(sky.rough[worst]), (f"weather_observation:{sky.ids[worst]}",)

    def on_the_way(self, way: Way, left: int, reached: int, *, known_by: int) -> Seen:
        """Give the worst roughness along a straight way, each site at the hour of passing."""
        worst: Seen = (0.0, ())
        slack = int(STEP_HOURS / 2 * HOUR)
        for site, share in self.sites(way):
            passing = int(left + share * (reached - left))
            worst = max(worst, self.at_stop(site, passing - slack, passing + slack, known_by=known_by), key=lambda seen: seen[0])
        return worst

    def sites(self, way: Way) -> list[tuple[str, float]]:
        """Give the sites on a way with the share of it at which each is passed."""
        if way not in self.known:
            self.known[way] = self.found(way)
        return self.known[way]

    def found(self, way: Way) -> list[tuple[str, float]]:
        start, end = way
        ends = [(name, share) for name, share in ((start, 0.0), (end, 1.0)) if name in self.skies]
        if start not in self.points or end not in self.points:
            return ends
        whole = distance(self.points[start], self.points[end])
        for name in sorted(self.skies):
            if name in self.points and name not in way:
                before, after = distance(self.points[start], self.points[name]), distance(self.points[name], self.points[end])
                if before + after <= LONGEST_DETOUR * whole:
                    ends.append((name, before / (before + after)))
        return ends


def distance(start: tuple[float, float], end: tuple[float, float]) -> float:
    a, b, c, d = (np.array([value]) for value in (*start, *end))
    return float(great_circle_km(a, b, c, d)[0])


def roughness(rows: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Give 0 for calm weather, 1 for what stops trucks, more beyond; what was not measured counts as calm."""
    worst = np.zeros(rows.height)
    scales = (("precipitation_mm", CALM_MM, ROUGH_MM), ("wind_kph", CALM_KPH, ROUGH_KPH), ("snowfall_cm", CALM_CM, ROUGH_CM))
    for name, calm, rough in scales:
        worst = np.fmax(worst, (floats(rows[name]) - calm) / (rough - calm))
    return worst
