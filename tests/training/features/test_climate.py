"""What is usual is learned from what was known, stands in for a forecast, and is the same however it was learned."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from tests.training.features.little_world import WEATHER, hour, little_world
from tests.training.features.test_weather import facts_of
from training.features.build import build
from training.features.climate import Climate
from training.features.hours import HOUR
from training.features.vocabulary import Vocabulary
from training.history.history import History

CUT = hour(12 * 24)


def observed(rows) -> Facts:
    """Make observations of (facility, hours since the first day, wind), each available an hour later."""
    nothing = dict.fromkeys(WEATHER)
    frame = [
        nothing | {"observation_id": f"{f}{h}", "facility_id": f, "observed_at": hour(h), "available_at": hour(h + 1), "wind_kph": w}
        for f, h, w in rows
    ]
    return Facts.of({"weather_observations": pl.DataFrame(frame, infer_schema_length=None)})


def wind(climate: Climate, target: float, at: float, facility: str = "MEM") -> float:
    found = climate.normals(pl.Series([facility]), np.array([micros(hour(target))]), np.array([micros(hour(at))]))
    return float(found[0, WEATHER.index("wind_kph")])


def test_the_hour_of_the_day_counts():
    """Calm nights and windy noons of the last weeks are what is usual for a night and a noon to come."""
    climate = Climate.learn(observed([("MEM", 24 * d + h, w) for d in range(10) for h, w in ((1, 5.0), (13, 30.0))]))

    assert wind(climate, 400 + 1 - 400 % 24, 300) == pytest.approx(5.0)
    assert wind(climate, 400 + 13 - 400 % 24, 300) == pytest.approx(30.0)
    assert np.isnan(wind(climate, 400 + 7 - 400 % 24, 300))
    assert np.isnan(wind(climate, 390, 300, facility="elsewhere"))


def test_only_what_was_available_before_the_moment_counts():
    """Observed at 1:00 and available at 2:00, off the hour or on it: unknown at 2:00, known just after."""
    climate = Climate.learn(observed([("MEM", 1.0, 10.0), ("MEM", 25.37, 20.0)]))

    assert np.isnan(wind(climate, 49, 2.0))
    assert wind(climate, 49, 2.01) == 10.0
    assert wind(climate, 49, 26.37) == 10.0
    assert 10.0 < wind(climate, 49, 26.38) < 20.0


def test_last_weeks_speak_first_and_the_month_once_it_is_known():
    """Three Januaries of storms outweigh a calm December, for a January; without them the December would speak."""
    januaries = [("MEM", 24.0 * (day - 59) - 365 * 24 * year, 40.0) for year in (1, 2, 3) for day in range(30) for _ in range(1)]
    many = [(f, h + part, w) for f, h, w in januaries for part in (0.0, 1.0, 2.0)]
    december = [("MEM", 24.0 * (day - 89), 10.0) for day in range(28)]
    with_history, without = Climate.learn(observed(many + december)), Climate.learn(observed(december))
    january = 24.0 * -50

    assert wind(without, january, -55 * 24) == pytest.approx(10.0)
    assert 25 < wind(with_history, january, -55 * 24) < 40


def test_a_climate_folded_and_told_again_has_the_same_bits():
    """Learned at once, or folded at a cut and told the rest in two steps, in any order and with repeats: the same normals, to the last bit."""
    facts = little_world(3)
    rows = facts.weather_observations
    end = micros(hour(30 * 24))
    whole = Climate.learn(facts)
    stepwise = Climate.learn(received_by(facts, CUT - timedelta(microseconds=1))).folded(micros(CUT))
    for step in (hour(15 * 24 + 0.5), hour(26 * 24)):
        known = received_by(facts, step).weather_observations
        mixed = pl.concat([known, known.head(40)]).sample(fraction=1.0, shuffle=True, seed=1)
        stepwise = stepwise.observed(Facts.of({"weather_observations": mixed})).folded(micros(step))
    rng = np.random.default_rng(1)
    asked = pl.Series(rng.choice(["MEM", "ORD", "DEN", "JFK"], 200))
    target, at = rng.integers(micros(CUT), end, 200), rng.integers(micros(hour(26 * 24)), end, 200)

    assert rows.height > 500
    np.testing.assert_array_equal(whole.normals(asked, target, at), stepwise.normals(asked, target, at))
    stored = Climate.from_arrays(Climate.learn(facts).folded(micros(CUT)).to_arrays())
    np.testing.assert_array_equal(whole.normals(asked, target, at), stored.normals(asked, target, at))


def test_a_question_alone_has_the_bits_it_has_among_many():
    """Order and company of the questions change nothing."""
    climate = Climate.learn(little_world(2))
    rng = np.random.default_rng(2)
    asked = pl.Series(rng.choice(["MEM", "ORD", "DEN"], 60))
    target, at = (rng.integers(micros(hour(0)), micros(hour(25 * 24)), 60) for _ in range(2))
    together = climate.normals(asked, target, at)
    for i in range(60):
        np.testing.assert_array_equal(climate.normals(asked[i : i + 1], target[i : i + 1], at[i : i + 1])[0], together[i])


def door_wind(facts: Facts, at: float, column: str = "door.forecast.wind_kph", history: History | None = None) -> float:
    vocabulary = Vocabulary.learn(facts)
    moments = Moments(np.array(["S"], dtype=object), np.array([micros(hour(at))]))
    matrix = build(facts, moments, history=history or History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    return float(matrix.column(f"weather.{column}")[0])


NIGHTS = [(f"o{d}", "MEM", 24 * d + 1, 24 * d + 2, 7.0) for d in range(5)]


def test_beyond_the_reach_of_a_forecast_the_usual_stands_in():
    """The door is reached at one o'clock of the next night, the forecast (out at 100:00) ends in the evening: what was usual at one o'clock speaks, and that is said."""
    facts = facts_of(observed=NIGHTS, forecast=[("a", "MEM", 96, 100, 102, 50.0)], planned_minutes=60 * 24.0)

    assert np.isnan(door_wind(facts, 97.0))
    assert door_wind(facts, 121.0) == pytest.approx(7.0)
    assert door_wind(facts, 121.0, "way.forecast_share") == 0.0


def test_where_there_never_was_a_forecast_nothing_stands_in():
    """Observations alone give no climatology column: a model would read its months as a calendar."""
    assert np.isnan(door_wind(facts_of(observed=NIGHTS, planned_minutes=60 * 24.0), 121.0))
    assert np.isnan(door_wind(facts_of(observed=NIGHTS, planned_minutes=60 * 24.0), 121.0, "way.forecast_share"))


def test_a_frozen_history_freezes_the_usual():
    """A snapshot of the third day does not know the nights after it, also when the facts hold them."""
    rows = [*NIGHTS[:3], ("x", "MEM", 24 * 3 + 1, 24 * 3 + 2, 99.0)]
    facts = facts_of(observed=rows, forecast=[("a", "MEM", 0, 1, 2, 50.0)], planned_minutes=60 * 24.0)
    history = History.build(facts, vocabulary=Vocabulary.learn(facts))

    assert door_wind(facts, 121.0, history=history.snapshot(hour(24 * 3))) == pytest.approx(7.0)
    assert door_wind(facts, 121.0, history=history) > 10


def test_a_store_without_any_weather_knows_nothing():
    """No observation, no question: empty answers, no error."""
    climate = Climate.nothing()

    assert np.isnan(climate.normals(pl.Series(["MEM"]), np.array([0]), np.array([HOUR]))).all()
    assert Climate.from_arrays(climate.folded(5).to_arrays()).since == 5
    assert Climate.learn(Facts.of({})).ids == ()


def test_instants_before_1970_have_a_month_too():
    """Archives reach back to 1940."""
    early = datetime(1955, 12, 31, 23, tzinfo=UTC)
    row = {
        "observation_id": "a",
        "facility_id": "MEM",
        "observed_at": early,
        "available_at": early,
        **dict.fromkeys(WEATHER),
        "wind_kph": 3.0,
    }
    climate = Climate.learn(Facts.of({"weather_observations": pl.DataFrame([row])}))

    assert climate.normals(pl.Series(["MEM"]), np.array([micros(early)]), np.array([0]))[0, WEATHER.index("wind_kph")] == 3.0
