"""The weather of every stop that is left counts, at the hour at which it is expected to be passed."""

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.features.little_world import WEATHER, hour
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History

PLACES = (("MEM", 35.1, -90.0), ("ORD", 41.9, -87.9), ("CLE", 41.4, -81.8), ("JFK", 40.6, -73.8))


def on_the_way(forecasts, *, scans=()) -> Facts:
    """Make one shipment MEM - ORD - CLE - JFK - door: every leg leaves at 10, 20, 30, 40 hours and takes 8. Forecasts are (facility, valid, wind, sight)."""
    stops = ["MEM", "ORD", "CLE", "JFK", None]
    legs = [
        {
            "leg_id": str(n),
            "shipment_id": "S",
            "sequence": n,
            "from_facility_id": stops[n],
            "to_facility_id": stops[n + 1],
            "mode": "truck",
            "planned_departure_at": hour(10 * n + 10),
            "planned_arrival_at": hour(10 * n + 18),
            "known_at": hour(0),
        }
        for n in range(4)
    ]
    nothing = dict.fromkeys(WEATHER)
    rows = [
        nothing
        | {"weather_forecast_id": f"{f}{v}", "facility_id": f, "issued_at": hour(0), "available_at": hour(1), "valid_at": hour(v)}
        | {"wind_kph": w, "visibility_km": s}
        for f, v, w, s in forecasts
    ]
    tables = {
        "facilities": pl.DataFrame([{"facility_id": f, "name": f, "kind": "hub", "lat": lat, "lon": lon} for f, lat, lon in PLACES]),
        "orders": pl.DataFrame({"order_id": ["O"], "ordered_at": [hour(0)]}),
        "shipments": pl.DataFrame(
            [
                {
                    "shipment_id": "S",
                    "order_id": "O",
                    "carrier": "c",
                    "service": "s",
                    "created_at": hour(0),
                    "origin_facility_id": "MEM",
                    "destination_lat": 40.7,
                    "destination_lon": -73.9,
                }
            ]
        ),
        "legs": pl.DataFrame(legs),
        "weather_forecasts": pl.DataFrame(rows, infer_schema_length=None),
    }
    if scans:
        tables["scans"] = pl.DataFrame(
            [
                {
                    "scan_id": f,
                    "shipment_id": "S",
                    "status": "in_transit",
                    "occurred_at": hour(at),
                    "received_at": hour(at),
                    "facility_id": f,
                    "source": "t",
                    "zone_basis": "explicit",
                    "voids": False,
                }
                for f, at in scans
            ]
        )
    return Facts.of(tables)


def weather(facts: Facts, at: float, column: str) -> float:
    vocabulary = Vocabulary.learn(facts)
    moments = Moments(np.array(["S"], dtype=object), np.array([micros(hour(at))]))
    matrix = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    return float(matrix.column(f"weather.{column}")[0])


CALM = [(f, v, 10.0, 20.0) for f, _, _ in PLACES for v in range(0, 60, 3)]


def with_storm(facility: str, valid: int):
    return [(f, v, 90.0, 0.5) if (f, v) == (facility, valid) else (f, v, w, s) for f, v, w, s in CALM]


@pytest.mark.parametrize(("valid", "met"), [(27, True), (24, False), (30, False)])
def test_a_storm_on_the_way_is_met_only_at_the_hour_of_passing(valid, met):
    """Cleveland, neither next nor last, is reached at 28:00: a storm between 27 and 30 is met, one before or after is not."""
    facts = on_the_way(with_storm("CLE", valid))

    assert weather(facts, 5, "way.worst.wind_kph") == (90.0 if met else 10.0)
    assert weather(facts, 5, "way.worst.visibility_km") == (0.5 if met else 20.0)
    assert weather(facts, 5, "next.forecast.wind_kph") == 10.0


def test_a_late_shipment_meets_the_weather_later():
    """Six hours late at Chicago, it meets Cleveland's storm of 33:00 at 34:00."""
    facts = on_the_way(with_storm("CLE", 33), scans=[("ORD", 24.0)])

    assert weather(on_the_way(with_storm("CLE", 33)), 5, "way.worst.wind_kph") == 10.0
    assert weather(facts, 24.5, "way.worst.wind_kph") == 90.0


def test_what_lies_behind_does_not_count():
    """Once Cleveland has been passed, its storm is nobody's."""
    facts = on_the_way(with_storm("CLE", 27), scans=[("ORD", 18.0), ("CLE", 28.0)])

    assert weather(facts, 31, "way.worst.wind_kph") == 10.0


def test_the_share_of_forecasts_is_told():
    """With forecasts for two of the five stops left (here, ORD, CLE, JFK, the door) two fifths are forecast once the others have a climatology; without one, only what is known counts."""
    some = [(f, v, w, s) for f, v, w, s in CALM if f in {"MEM", "ORD"}]

    assert weather(on_the_way(CALM), 5, "way.forecast_share") == 1.0
    assert weather(on_the_way(some), 5, "way.forecast_share") == 1.0
    ends = [row for row in CALM if row[0] in {"MEM", "ORD"} or row[1] == 0]
    assert weather(on_the_way(ends), 5, "way.forecast_share") == pytest.approx(0.4)


def test_a_forecast_that_is_not_out_yet_is_not_known():
    """Runs are out an hour after their start; before that the way is unknown."""
    facts = on_the_way(CALM)

    assert np.isnan(weather(facts, 0.99, "way.worst.wind_kph"))
    assert weather(facts, 1.0, "way.worst.wind_kph") == 10.0
