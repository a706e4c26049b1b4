"""Weather is looked up by what could be had, never by what was measured or issued."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.features.little_world import WEATHER, hour
from training.features.build import build
from training.features.matrix import FeatureMatrix
from training.features.vocabulary import Vocabulary
from training.history.history import History


def facts_of(*, observed=(), forecast=(), facilities=("MEM",), planned_minutes=None) -> Facts:
    """Make one shipment from Memphis; observations are (id, facility, observed, available, wind), forecasts (id, facility, issued, available, valid, wind)."""
    points = {"MEM": (35.1, -90.0), "near": (35.3, -90.1), "far": (41.9, -87.9)}
    nothing = dict.fromkeys(WEATHER)
    tables = {
        "orders": pl.DataFrame({"order_id": ["O"], "ordered_at": [hour(0)]}),
        "shipments": pl.DataFrame(
            {
                "shipment_id": ["S"],
                "order_id": ["O"],
                "carrier": ["c"],
                "service": ["s"],
                "created_at": [hour(0)],
                "origin_facility_id": ["MEM"],
                "planned_minutes": [planned_minutes],
                "destination_lat": [35.2],
                "destination_lon": [-90.05],
            },
            schema_overrides={"planned_minutes": pl.Float64()},
        ),
        "facilities": pl.DataFrame(
            [{"facility_id": f, "name": f, "kind": "hub", "lat": points[f][0], "lon": points[f][1]} for f in facilities]
        ),
    }
    if observed:
        names = ("observation_id", "facility_id", "observed_at", "available_at", "wind_kph")
        rows = [(i, f, hour(o), hour(a), w) for i, f, o, a, w in observed]
        tables["weather_observations"] = pl.DataFrame([nothing | dict(zip(names, row, strict=True)) for row in rows])
    if forecast:
        names = ("weather_forecast_id", "facility_id", "issued_at", "available_at", "valid_at", "wind_kph")
        rows = [(i, f, hour(s), hour(a), hour(v), w) for i, f, s, a, v, w in forecast]
        tables["weather_forecasts"] = pl.DataFrame([nothing | dict(zip(names, row, strict=True)) for row in rows])
    return Facts.of(tables)


def matrix_at(facts: Facts, at: float) -> FeatureMatrix:
    vocabulary = Vocabulary.learn(facts)
    moments = Moments(np.array(["S"], dtype=object), np.array([micros(hour(at))]))
    return build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)


def wind(facts: Facts, at: float, column: str) -> float:
    return float(matrix_at(facts, at).column(f"weather.{column}.wind_kph")[0])


@pytest.mark.parametrize(("at", "expected"), [(5.95, 10.0), (6.3, 10.0), (6.31, 20.0), (11.8, 20.0), (12.1, np.nan)])
def test_an_observation_off_the_hour_counts_from_when_it_could_be_had(at, expected):
    """Measured at 5:52 and published at 6:18, it is unknown at 6:17:59; after six hours it is no longer the weather."""
    facts = facts_of(observed=[("a", "MEM", 4.87, 5.2, 10.0), ("b", "MEM", 5.87, 6.305, 20.0)])
    assert wind(facts, at, "here.observed") == pytest.approx(expected, nan_ok=True)


def test_the_newest_run_that_could_be_had_speaks_for_an_hour():
    """Of three runs for one hour the last published counts; one that is issued but not yet published does not."""
    runs = [("x", "MEM", 0, 3, 9, 10.0), ("y", "MEM", 6, 8.5, 9, 30.0), ("z", "MEM", 9, 9.9, 9, 50.0)]
    facts = facts_of(forecast=runs)
    assert [wind(facts, at, "here.forecast") for at in (9.0, 9.89, 9.9)] == [30.0, 30.0, 50.0]


def test_ties_in_time_are_broken_by_issue_then_id():
    """Two rows for the same hour, published together: the later issue counts, then the larger id, in any order of rows."""
    runs = [("b", "MEM", 6, 7, 9, 2.0), ("a", "MEM", 6, 7, 9, 1.0), ("z", "MEM", 0, 7, 9, 9.0)]
    assert {wind(facts_of(forecast=order), 9, "here.forecast") for order in (runs, runs[::-1])} == {2.0}


def test_the_door_is_looked_at_when_it_will_be_passed():
    """With 10 hours of planned travel the forecast for 10 hours ahead counts at the door, from the nearest place with weather."""
    facts = facts_of(
        forecast=[("a", "near", 0, 0, 9, 4.0), ("b", "near", 0, 0, 12, 7.0)], facilities=("MEM", "near"), planned_minutes=600.0
    )
    assert wind(facts, 1, "door.forecast") == 4.0
    assert wind(facts, 2, "door.forecast") == 7.0


def test_a_place_without_weather_yet_does_not_stand_in():
    """The nearest place counts only from its first published row on; until then the next nearest does, within 100 km."""
    rows = [("a", "MEM", 0.5, 1, 10.0), ("b", "near", 3.5, 4, 20.0), ("c", "far", 0.5, 1, 99.0)]
    facts = facts_of(observed=rows, facilities=("MEM", "near", "far"))
    assert [wind(facts, at, "door.observed") for at in (2, 5)] == [10.0, 20.0]
    assert np.isnan(wind(facts_of(observed=rows[2:], facilities=("MEM", "far")), 2, "door.observed"))


AIR = {"humidity_percent": 93.0, "pressure_hpa": 991.5, "wind_gust_kph": 71.0, "wind_direction_deg": 270.0}


def with_air(facts: Facts, table: str) -> Facts:
    """Give the same facts with humidity, pressure, gusts and a west wind in one table of weather."""
    return replace(facts, **{table: getattr(facts, table).with_columns(pl.lit(value).alias(name) for name, value in AIR.items())})


@pytest.mark.parametrize(("table", "kind"), [("weather_observations", "observed"), ("weather_forecasts", "forecast")])
def test_humidity_pressure_and_gusts_are_read_like_all_weather(table, kind):
    """At the place and at the door, observed and forecast: each variable in a column of its own, from the row whose wind counts."""
    rows = {"observed": {"observed": [("a", "MEM", 4, 5, 10.0)]}, "forecast": {"forecast": [("a", "MEM", 0, 1, 6, 10.0)]}}[kind]
    facts = facts_of(**rows, planned_minutes=120.0)
    known, without = matrix_at(with_air(facts, table), 6), matrix_at(facts, 6)

    for stop in ("here", "door"):
        for name in ("humidity_percent", "pressure_hpa", "wind_gust_kph"):
            column = f"weather.{stop}.{kind}.{name}"
            assert known.column(column)[0] == AIR[name]
            assert np.isnan(without.column(column)[0])
    assert known.column(f"weather.here.{kind}.wind_kph")[0] == 10.0


def test_gusts_are_part_of_the_worst_of_the_way_and_pressure_is_not():
    """The strongest gust of all stops is told; high or low pressure is not worse by itself."""
    matrix = matrix_at(with_air(facts_of(forecast=[("a", "MEM", 0, 1, 6, 10.0)], planned_minutes=120.0), "weather_forecasts"), 6)

    assert matrix.column("weather.way.worst.wind_gust_kph")[0] == 71.0
    assert not {"weather.way.worst.pressure_hpa", "weather.way.worst.humidity_percent"} & {column.name for column in matrix.columns}


def test_of_two_readings_of_one_run_the_later_counts():
    """A run fetched again with more variables has ids that sort after the first reading's: humidity is known from then on."""
    rows = facts_of(forecast=[("OM-x-MEM-2026030200-6", "MEM", 0, 1, 6, 10.0), ("OM2-x-MEM-2026030200-6", "MEM", 0, 1, 6, 10.0)])
    read_again = pl.col("weather_forecast_id").str.starts_with("OM2-")
    table = rows.weather_forecasts.with_columns(pl.when(read_again).then(93.0).alias("humidity_percent"))
    for ordered in (table, table.reverse()):
        assert matrix_at(replace(rows, weather_forecasts=ordered), 6).column("weather.here.forecast.humidity_percent")[0] == 93.0
