"""Open-Meteo's answers become hourly rows, or are refused with a reason."""

import copy
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.errors import InvalidFact
from data.sources.weather.open_meteo_parse import HOURLY, VARIABLES, parse_hourly, reason_of, rest_of
from data.sources.weather.open_meteo_requests import batches, weight
from data.sources.weather.port import Site

MEMPHIS = Site("MEM", 35.1175, -89.9711)
NOON = int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp())
ALL = tuple(VARIABLES)
ANSWER = {
    "latitude": 35.125,
    "longitude": -90.0,
    "hourly_units": {
        "time": "unixtime",
        "temperature_2m": "°C",
        "precipitation": "mm",
        "snowfall": "cm",
        "wind_speed_10m": "km/h",
        "visibility": "m",
        "relative_humidity_2m": "%",
        "pressure_msl": "hPa",
        "wind_gusts_10m": "km/h",
        "wind_direction_10m": "°",
    },
    "hourly": {
        "time": [NOON, NOON + 3600],
        "temperature_2m": [21.5, None],
        "precipitation": [0, 1.2],
        "snowfall": [0.0, 0.0],
        "wind_speed_10m": [7.9, 8],
        "visibility": [24140.0, 500.0],
        "relative_humidity_2m": [55, 100],
        "pressure_msl": [1016.4, 998],
        "wind_gusts_10m": [19.8, 63.0],
        "wind_direction_10m": [0, 360],
    },
}


def changed(*path, to):
    answer = copy.deepcopy(ANSWER)
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return answer


def test_an_answer_becomes_canonical_units():
    """Metres become kilometres, null stays unknown, times are UTC."""
    rows = parse_hourly(ANSWER, [MEMPHIS], ALL)

    assert rows.schema == pl.Schema(HOURLY)
    assert rows.rows() == [
        ("MEM", datetime(2026, 6, 1, 12, tzinfo=UTC), 21.5, 0.0, 0.0, 7.9, 24.14, 55.0, 1016.4, 19.8, 0.0),
        ("MEM", datetime(2026, 6, 1, 13, tzinfo=UTC), None, 1.2, 0.0, 8.0, 0.5, 100.0, 998.0, 63.0, 360.0),
    ]


def test_what_cannot_be_is_unknown():
    """A temperature of 99 degrees is no temperature, 8 hPa are no pressure of air at the ground; the rest of the hour stands."""
    rows = parse_hourly(changed("hourly", "temperature_2m", to=[99.0, -12.0]), [MEMPHIS], ALL)
    thin = parse_hourly(changed("hourly", "pressure_msl", to=[8.0, 1030.0]), [MEMPHIS], ALL)

    assert rows["temperature_c"].to_list() == [None, -12.0]
    assert rows["pressure_hpa"].to_list() == [1016.4, 998.0]
    assert thin["pressure_hpa"].to_list() == [None, 1030.0]


def test_a_model_without_a_variable_gives_unknown():
    """Where a model knows no visibility, its unit is undefined and all values are null."""
    answer = changed("hourly_units", "visibility", to="undefined")
    answer["hourly"]["visibility"] = [None, None]

    assert parse_hourly(answer, [MEMPHIS], ALL)["visibility_km"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ([], "0 places, 1 were asked"),
        ([ANSWER, ANSWER], "2 places, 1 were asked"),
        (None, "not an object"),
        ("hello", "not an object"),
        ({}, "latitude is 'None'"),
        (changed("latitude", to=True), "latitude is 'True'"),
        (changed("latitude", to=-35.1), "speaks of -35.10"),
        (changed("longitude", to=90.0), "speaks of 35.12, 90.00"),
        (changed("hourly", to=[1]), "hourly is not an object"),
        (changed("hourly_units", "time", to="iso8601"), "not as unixtime"),
        (changed("hourly_units", "temperature_2m", to="°F"), "given in '°F', not in °C"),
        (changed("hourly_units", "wind_speed_10m", to="mp/h"), "not in km/h"),
        (changed("hourly_units", "wind_gusts_10m", to="m/s"), "not in km/h"),
        (changed("hourly_units", "pressure_msl", to="Pa"), "not in hPa"),
        (changed("hourly", "time", to=[]), "no|not a list"),
        (changed("hourly", "time", to=["2026-06-01T12:00", "2026-06-01T13:00"]), "no whole hour"),
        (changed("hourly", "time", to=[NOON, NOON + 1800]), "no whole hour"),
        (changed("hourly", "time", to=[NOON, NOON]), "not in order"),
        (changed("hourly", "time", to=[NOON, 10**15]), "no whole hour"),
        (changed("hourly", "visibility", to=[1.0]), "visibility is not a list of 2"),
        (changed("hourly", "visibility", to=None), "visibility is not a list of 2"),
        (changed("hourly", "precipitation", to=["1", "2"]), "not a number"),
    ],
)
def test_anything_else_is_refused_with_a_reason(answer, why):
    """Other shapes, units, lengths, orders and places are told."""
    with pytest.raises(InvalidFact, match=why):
        parse_hourly(answer, [MEMPHIS], ALL)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["latitude", "longitude", "hourly", "hourly_units", "time", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    value=JSON,
    path=st.sampled_from(
        [("latitude",), ("hourly",), ("hourly_units",), ("hourly", "time"), ("hourly", "snowfall"), ("hourly_units", "time")]
    ),
)
def test_no_json_breaks_the_parser(value, path):
    """Whatever stands anywhere, the answer is rows within canonical ranges or a clear refusal."""
    for body in (value, changed(*path, to=value)):
        try:
            rows = parse_hourly(body, [MEMPHIS], ALL)
        except InvalidFact:
            continue
        assert rows.select(pl.col("snowfall_cm").is_between(0, 100).all()).item()


@settings(max_examples=60, deadline=None)
@given(sites=st.integers(1, 350), variables=st.integers(1, 30), days=st.integers(1, 400))
def test_batches_hold_every_site_once_and_stay_small(sites, variables, days):
    """No request of several sites counts more than 100 calls, and no site is lost."""
    asked = [Site(f"F{n}", 0.0, 0.0) for n in range(sites)]
    parts = list(batches(asked, weight(1, variables, days)))

    assert [site for part in parts for site in part] == asked
    assert all(len(part) == 1 or weight(len(part), variables, days) <= 100 for part in parts)


@pytest.mark.parametrize(
    ("sites", "variables", "days", "calls"),
    [
        (1, 5, 7, 1),
        (1, 10, 14, 1),
        (1, 15, 14, 1.5),
        (1, 15, 28, 3.0),
        (1, 9, 14, 1),
        (1, 9, 28, 1.8),
        (40, 5, 7, 40),
        (2, 8, 365, 41.714285714285715),
    ],
)
def test_calls_are_counted_as_open_meteo_counts_them(sites, variables, days, calls):
    """The first examples are those of its pricing page: 15 variables are 1.5 calls, of four weeks 3."""
    assert weight(sites, variables, days) == pytest.approx(calls)


@pytest.mark.parametrize(
    ("reason", "rest"),
    [
        ("Minutely API request limit exceeded. Please try again in one minute.", timedelta(seconds=61)),
        ("Hourly API request limit exceeded. Please try again in the next hour.", timedelta(minutes=31)),
        ("Daily API request limit exceeded. Please try again tomorrow.", timedelta(hours=11, minutes=31)),
        ("Too many concurrent requests", None),
    ],
)
def test_a_429_says_how_long_to_rest(reason, rest):
    """The counters are cleared with the minute, the hour and the UTC day."""
    assert rest_of({"error": True, "reason": reason}, datetime(2026, 6, 1, 12, 30, tzinfo=UTC)) == rest


@pytest.mark.parametrize("body", [None, [], {"reason": 3}, {"reason": "a\nb\x1b[31m" + "x" * 999}])
def test_a_reason_is_printable_and_short(body):
    """Nothing of the other side reaches a terminal unfiltered."""
    assert reason_of(body).isprintable()
    assert len(reason_of(body)) <= 300
