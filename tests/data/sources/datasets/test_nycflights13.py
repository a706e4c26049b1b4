"""Flights get their instants right across zones, midnights and changes of clocks."""

from datetime import UTC, datetime

import polars as pl
import pytest

from data.sources.datasets.nycflights13 import read


def flight(**changed):
    return {
        "year": 2013, "month": 7, "day": 1, "sched_dep_time": 800, "sched_arr_time": 1100, "dep_delay": 10.0, "arr_delay": -4.0, "air_time": 100.0,
        "carrier": "UA", "flight": 1, "origin": "EWR", "dest": "LAX", "distance": 1000, "time_hour": "2013-07-01T12:00:00Z",
    } | changed  # fmt: skip


def opened(folder, *flights):
    pl.DataFrame(flights, infer_schema_length=None).write_parquet(folder / "flights.parquet")
    zones = {"faa": ["EWR", "LAX", "HNL"], "tzone": ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"]}
    places = pl.DataFrame(zones).with_columns(lat=pl.lit(40.0), lon=pl.lit(-74.0), name=pl.col("faa"))
    places.write_parquet(folder / "airports.parquet")
    return read(folder)


@pytest.mark.parametrize(
    ("changed", "departure", "arrival"),
    [
        pytest.param({}, datetime(2013, 7, 1, 12), datetime(2013, 7, 1, 18), id="to the west"),
        pytest.param({"sched_dep_time": 2355, "sched_arr_time": 210, "time_hour": "2013-07-02T03:00:00Z"}, datetime(2013, 7, 2, 3, 55), datetime(2013, 7, 2, 9, 10), id="overnight"),
        pytest.param({"sched_arr_time": 2400}, datetime(2013, 7, 1, 12), datetime(2013, 7, 2, 7), id="2400"),
        pytest.param({"dest": "SJU", "sched_arr_time": 1145}, datetime(2013, 7, 1, 12), datetime(2013, 7, 1, 15, 45), id="absent airport"),
        pytest.param({"time_hour": None}, datetime(2013, 7, 1, 12), datetime(2013, 7, 1, 18), id="without time_hour"),
        pytest.param({"month": 3, "day": 10, "sched_dep_time": 700, "dest": "HNL", "sched_arr_time": 1200, "time_hour": None}, datetime(2013, 3, 10, 11), datetime(2013, 3, 10, 22), id="clocks changed that night"),
    ],
)  # fmt: skip
def test_plans_become_instants(tmp_path, changed, departure, arrival):
    """Departures are in New York, arrivals in the zone of the destination, on the next such time of its clock."""
    leg = opened(tmp_path, flight(**changed)).facts.legs.row(0, named=True)

    assert leg["planned_departure_at"] == departure.replace(tzinfo=UTC)
    assert leg["planned_arrival_at"] == arrival.replace(tzinfo=UTC)


def test_moment_promise_and_label(tmp_path):
    """The moment is two hours before the departure, the promise a quarter of an hour after the plan, y the arrival delay."""
    moment = opened(tmp_path, flight(arr_delay=16.0)).moments.row(0, named=True)

    assert moment["at"] == datetime(2013, 7, 1, 10, tzinfo=UTC)
    assert moment["promised_at"] == datetime(2013, 7, 1, 18, 15, tzinfo=UTC)
    assert (moment["y"], moment["late"]) == (16.0, True)


@pytest.mark.parametrize(
    ("air_time", "heard"), [(400.0, datetime(2013, 7, 1, 19, 15)), (100.0, datetime(2013, 7, 1, 17, 56))], ids=["protocol", "arrival"]
)
def test_an_arrival_is_heard_by_the_protocol_but_not_early(tmp_path, air_time, heard):
    """An arrival is heard at departure + air time + 25 minutes, and never before it happened."""

    assert opened(tmp_path, flight(air_time=air_time)).moments["label_known_at"].item() == heard.replace(tzinfo=UTC)


def test_cancelled_and_diverted_flights_have_no_arrival(tmp_path):
    """A flight that never left has no scan, a diverted one only its departure; neither is scored."""
    dataset = opened(tmp_path, flight(dep_delay=None, arr_delay=None, air_time=None), flight(flight=2, arr_delay=None, air_time=None))

    assert dataset.facts.scans["status"].to_list() == ["in_transit"]
    assert dataset.moments.select("scored", "ended_otherwise").rows() == [(False, True), (False, True)]
    assert {d.code: d.count for d in dataset.defects if d.code in {"cancelled", "diverted"}} == {"cancelled": 1, "diverted": 1}


def test_the_newest_weather_at_the_moment_is_that_of_three_hours_before(tmp_path):
    """Two hours before a departure the newest available hour is time_hour - 3 h, also for departures at half past."""
    hours = [f"2013-07-01T{hour:02}:00:00Z" for hour in range(6, 13)]
    pl.DataFrame({"origin": "EWR", "time_hour": hours, "temp": 50.0, "wind_speed": 1000.0}).write_parquet(
        tmp_path / "weather_hourly.parquet"
    )
    dataset = opened(tmp_path, flight(sched_dep_time=830))
    at = dataset.moments["at"].item()
    known = dataset.facts.weather_observations.filter(pl.col("available_at") <= at)

    assert known["observed_at"].max() == datetime(2013, 7, 1, 9, tzinfo=UTC)
    assert known.select("temperature_c", "wind_kph").unique().rows() == [(10.0, None)]
    assert next(d.count for d in dataset.defects if d.code == "wind_impossible") == 7


def test_weather_is_read_in_canonical_units(tmp_path):
    """Humidity and pressure stay, gusts become km/h; a calm comes from nowhere, and what a station does not report is unknown."""
    weather = {
        "origin": "EWR", "time_hour": ["2013-07-01T06:00:00Z", "2013-07-01T07:00:00Z", "2013-07-01T08:00:00Z"], "wind_speed": [10.0, 0.0, 20.0],
        "humid": [62.5, 100.0, None], "pressure": [1012.3, None, 983.8], "wind_gust": [None, None, 30.0], "wind_dir": [360.0, 0.0, None],
    }  # fmt: skip
    pl.DataFrame(weather).write_parquet(tmp_path / "weather_hourly.parquet")
    dataset = opened(tmp_path, flight())
    read = dataset.facts.weather_observations.select("humidity_percent", "pressure_hpa", "wind_gust_kph", "wind_direction_deg")

    assert read.rows() == [(62.5, 1012.3, None, 360.0), (100.0, None, None, None), (None, 983.8, pytest.approx(48.28032), None)]
    assert {d.code: d.count for d in dataset.defects if d.code in {"pressure_unknown", "gust_unknown"}} == {
        "pressure_unknown": 1,
        "gust_unknown": 2,
    }
