"""Find the facts behind a step of the walk: ids of weather, promises, places and days that it was read from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from data.facts.facts import Facts
from training.explain.course import Course
from training.explain.rest_days import rest_days
from training.explain.weather_met import roughness
from training.features.codes import instants

__all__ = ["Evidence"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORTH_NAMING = 0.05
"""Roughness from which a weather row is evidence of anything but calm."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Look evidence up among some facts; each piece is ``kind:id``."""

    facts: Facts

    def of(self, step: str, course: Course, *, arrives_at: int, country: str, timezone: str) -> tuple[str, ...]:  # noqa: PLR0911 - one answer a step
        """Give the evidence of a step of the walk of one shipment; none where the facts name none."""
        if step == "calendar":
            return rest_days(country, timezone, instant(course.created_at), instant(arrives_at))
        if step == "promise":
            return self.promises(course)
        if step == "weather":
            return self.forecasts(course, arrives_at) or self.observed(course)
        if step == "facility":
            ahead = course.stops[course.stop : course.stop + 2]
            return tuple(f"facility:{stop.facility_id}" for stop in ahead if stop.facility_id) or place(course.origin_facility_id)
        if step in {"history", "route"}:
            return place(course.origin_facility_id) + place(course.destination_facility_id)
        if step == "progress" and course.last is not None:
            return (f"scan:{course.last[0]}",)
        return (f"shipment:{course.shipment_id}",)

    def promises(self, course: Course) -> tuple[str, ...]:
        known = self.facts.promises.filter((pl.col("shipment_id") == course.shipment_id) & (pl.col("known_at").dt.epoch("us") <= course.at))
        return tuple(f"promise:{name}" for name in known.sort("known_at", "promise_id")["promise_id"].to_list())

    def forecasts(self, course: Course, arrives_at: int) -> tuple[str, ...]:
        """Give the roughest forecast of the newest run for the stops ahead until the arrival."""
        table = self.facts.weather_forecasts
        valid, available = pl.col("valid_at").dt.epoch("us"), pl.col("available_at").dt.epoch("us")
        rows = table.filter(pl.col("facility_id").is_in(ahead(course)) & (available <= course.at) & valid.is_between(course.at, arrives_at))
        rows = rows.filter(pl.col("issued_at") == pl.col("issued_at").max().over("facility_id")).sort("valid_at", "weather_forecast_id")
        return roughest("weather_forecast", rows)

    def observed(self, course: Course) -> tuple[str, ...]:
        table = self.facts.weather_observations
        rows = table.filter(pl.col("facility_id").is_in(ahead(course)) & (pl.col("available_at").dt.epoch("us") <= course.at))
        recent = np.abs(instants(rows["observed_at"]) - course.at) <= 6 * 3_600_000_000
        return roughest("weather_observation", rows.filter(pl.Series(recent)).sort("observed_at", "observation_id"))


def roughest(kind: str, rows: pl.DataFrame) -> tuple[str, ...]:
    rough = roughness(rows)
    if not len(rough) or rough.max() < WORTH_NAMING:
        return ()
    row = rows.row(int(rough.argmax()), named=True)
    return (f"{kind}:{row[f'{kind}_id' if kind == 'weather_forecast' else 'observation_id']}", f"facility:{row['facility_id']}")


def ahead(course: Course) -> list[str]:
    names = [stop.facility_id for stop in course.stops[course.stop :]] or [course.origin_facility_id]
    return [name for name in (*names, course.destination_facility_id) if name]


def place(facility_id: str | None) -> tuple[str, ...]:
    return (f"facility:{facility_id}",) if facility_id else ()


def instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
