"""The charges against the truth of a simulated network; `tests/benchmarks/reasons.py` says what is measured, and measures it with a model."""

from datetime import UTC, datetime, timedelta

import pytest

from data.domain.explanations import Explanation
from data.domain.forecasts import Forecast, Reason, Target, Window
from data.facts.facts import received_by
from data.simulator.simulate import simulate
from tests.benchmarks.reasons import asked_moments, cases_of, measure
from training.explain.course import courses_of
from training.explain.journal import Journal
from training.explain.slips import slips_of
from training.explain.timetable import Timetable
from training.explain.weather_met import WeatherMet

START = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def measured():
    simulated = simulate(seed=4, orders=2_000, start=START, days=22)
    since, until = START + timedelta(days=10), START + timedelta(days=22)
    moments = asked_moments(simulated.facts, since=since, until=until, most=1_500, seed=4)
    timetable, weather = Timetable.learn(received_by(simulated.facts, since)), WeatherMet(simulated.facts)
    journal = Journal.of(simulated.facts)
    told = [charged(slips_of(course, weather, timetable, journal)[0]) for course in courses_of(simulated.facts, moments)]
    return measure(told, cases_of(simulated.facts, simulated.truth, moments))


def charged(slips):
    """Give an explanation whose parts are the charges themselves: without a model, the journey is as long as the lateness."""
    reasons = tuple(Reason(slip.code, slip.hours, (f"facility:{slip.facility_id}", *slip.evidence)) for slip in slips)
    forecast = Forecast(
        "F", "S", Target.DELIVERED, START, START, ((0.5, START),), Window(START, START, 0.8), None, reasons, "m", "d", "UTC"
    )
    return Explanation(forecast, START - timedelta(hours=sum(slip.hours for slip in slips)), START, reasons)


def test_the_first_charge_is_the_true_cause(measured):
    """On a world that nothing was tuned on: three of four when all causes are told apart that scans can tell, and most where one cause is clear."""
    assert measured.cases > 100
    assert measured.told_apart >= 0.7
    assert measured.clear[2] >= 0.75
    assert measured.strict >= 0.62


def test_causes_that_the_carrier_names_are_right(measured):
    """Nobody at home is read from the scan that says so."""
    count, strict, _ = measured.by_cause["recipient"]

    assert count > 1
    assert strict >= 0.8


def test_the_parts_are_the_whole(measured):
    """Charges add up to the lateness that they explain."""
    assert measured.farthest_sum_hours < 0.01
