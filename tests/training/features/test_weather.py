"""Weather is looked up by what could be had, never by what was measured or issued."""

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.features.little_world import WEATHER, hour
from training.features.build import build
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


def wind(facts: Facts, at: float, column: str) -> float:
    vocabulary = Vocabulary.learn(facts)
    moments = Moments(np.array(["S"], dtype=object), np.array([micros(hour(at))]))
    matrix = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    return float(matrix.column(f"weather.{column}.wind_kph")[0])


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
