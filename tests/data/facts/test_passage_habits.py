"""Stays, travel times and missing scans are learnt from what was heard by a moment, and from nothing later."""

from datetime import UTC, datetime, timedelta

import pytest

from data.facts.facts import Facts, received_by
from data.facts.passage_habits import LEVELS, PassageHabits, passage_habits, slack_class
from data.simulator.simulate import simulate

START = datetime(2026, 5, 1, tzinfo=UTC)
CUT = START + timedelta(days=14)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return simulate(seed=3, orders=900, start=START, days=20).facts


def test_travel_takes_about_as_long_as_planned(facts):
    """The simulator's vehicles keep to their timetable in the median."""
    assert 0.95 < passage_habits(facts, known_by=CUT).pace("truck")[len(LEVELS) // 2] < 1.1


def test_an_early_parcel_leaves_with_its_vehicle_and_a_late_one_waits_for_the_next(facts):
    """What came hours before the planned departure leaves at it; what came after it stays for hours."""
    habits = passage_habits(facts, known_by=CUT)
    middle = len(LEVELS) // 2

    assert abs(habits.stay("later", "truck", slack_class(4.0))[middle]) < 1
    assert habits.stay("later", "truck", slack_class(-2.0))[middle] > 2


def test_the_share_of_missing_scans_is_found(facts):
    """The simulator leaves out 4.5 % of the scans."""
    assert 0.02 < passage_habits(facts, known_by=CUT).missing["arrived"] < 0.09


def test_nothing_later_is_used(facts):
    """Facts of after the moment change nothing: the habits of all facts are those of the facts received by then."""
    assert passage_habits(facts, known_by=CUT) == passage_habits(received_by(facts, CUT), known_by=CUT)


def test_without_journeys_there_are_wide_guesses(facts):
    """An empty store has habits too, and unknown groups get those of the wider one."""
    habits = passage_habits(received_by(facts, START - timedelta(days=1)), known_by=START)

    assert habits == PassageHabits()
    assert habits.stay("later", "zeppelin", "unplanned") == habits.stays[()]
    assert habits.pace("zeppelin") == habits.paces[""]


def test_a_stop_without_a_plan_is_a_class_of_its_own():
    """Unknown slack is never taken for none."""
    assert slack_class(None) == "unplanned"
    assert [slack_class(hours) for hours in (-7, -2, 0, 1, 3, 7, 30)] == list("0123456")
