import pytest

from training.explain.shares import shared
from training.explain.slips import Slip

LATE = (Slip("handling", 2.0, "MEM"), Slip("weather", 6.0, "EWR"))


@pytest.mark.parametrize("hours", [24.0, 8.0, 4.0, 0.5, 0.0, -3.0])
def test_shares_add_up_to_the_hours_of_the_journey(hours):
    """Whatever the model sees in the journey, the parts add up to it."""

    assert sum(slip.hours for slip in shared(hours, LATE)) == pytest.approx(hours)


def test_a_missed_day_is_charged_to_what_made_it_miss():
    """Eight late hours that cost a day grow in proportion."""

    assert [(slip.code, slip.hours) for slip in shared(24.0, LATE)] == [("handling", 6.0), ("weather", 18.0), ("progress", 0.0)]


def test_slack_of_the_plan_is_told_beside_the_lateness_it_swallows():
    """Where the plan has room for all of it, the causes still show and ``progress`` makes up for them."""

    assert [(slip.code, slip.hours) for slip in shared(-1.0, LATE)] == [("handling", 0.5), ("weather", 1.5), ("progress", -3.0)]


def test_a_few_minutes_do_not_explain_a_day():
    """Less than an hour of lateness does not grow; the rest is not explained by it."""

    assert [(slip.code, slip.hours) for slip in shared(20.0, [Slip("road", 0.2)])] == [("road", 0.2), ("progress", 19.8)]


def test_without_lateness_all_is_progress():
    """What no slip explains is how far it has come."""

    assert shared(-2.5, ()) == [Slip("progress", -2.5)]
