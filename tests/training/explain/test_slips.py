import numpy as np
import pytest

from data.facts.moments import Moments, micros
from tests.makers import after
from tests.training.explain.ways import PLAN, way
from training.explain.course import courses_of
from training.explain.journal import Journal
from training.explain.slips import slips_of
from training.explain.timetable import Timetable
from training.explain.weather_met import WeatherMet

ON_TIME = (("label", "WH", 0), ("picked_up", "WH", 6), ("arrived", "HUB", 16))


def course(facts, hour):
    (found,) = courses_of(facts, Moments(np.array(["S1"], dtype=object), np.array([micros(after(hour))])))
    return found


def charges(facts, hour, timetable=None):
    found, ordinary = slips_of(course(facts, hour), WeatherMet(facts), timetable or Timetable.unknown(), Journal.nothing())
    return {(slip.code, slip.facility_id): round(slip.hours, 2) for slip in found if slip.hours > 0.01}, found, ordinary


def test_a_parcel_on_time_owes_nothing():
    """Every milestone as planned: no charge."""

    assert charges(way(*ON_TIME), 17)[0] == {}


def test_a_late_start_is_charged_to_handling_with_its_scans():
    """It left the warehouse a day late."""
    said, found, _ = charges(way(("label", "WH", 0), ("picked_up", "WH", 30)), 31)

    assert said == {("handling", "WH"): 24.0}
    assert found[0].evidence == ("scan:C0", "scan:C1")


def test_a_long_stay_at_a_hub_is_charged_to_that_hub():
    """It came in time for its vehicle and left ten hours after it, with little time to spare: the hub's queue."""
    said, _, _ = charges(way(*ON_TIME, ("departed", "HUB", 30)), 31)

    assert list(said) == [("facility", "HUB")]


def test_who_waited_long_enough_missed_no_queue_but_a_vehicle():
    """Six hours to spare and still left behind: the vehicle was full, late or did not run."""
    plan = (("WH", "HUB", 6.0, 12.0), *PLAN[1:])
    said, _, _ = charges(way(("picked_up", "WH", 6), ("arrived", "HUB", 12), ("departed", "HUB", 30), plan=plan), 31)

    assert list(said) == [("departure", "HUB")]


def test_weather_on_the_way_is_charged_where_it_was_seen():
    """The truck took five hours more through a gale that both ends saw."""
    facts = way(("picked_up", "WH", 6), ("arrived", "HUB", 21), weather=[("WH", 6, 70), ("HUB", 18, 75)])
    said, found, _ = charges(facts, 21)

    assert said == {("weather", "HUB"): 5.0}
    assert found[0].evidence[0].startswith("weather_observation:W")


def test_weather_that_could_not_be_known_yet_is_no_evidence():
    """Without an observation by the moment the same hours are a slow drive."""

    assert list(charges(way(("picked_up", "WH", 6), ("arrived", "HUB", 21)), 21)[0]) == [("road", "HUB")]


def test_a_wrong_sort_is_charged_to_the_scan_that_says_so():
    """The carrier's code names it."""
    said, found, _ = charges(way(*ON_TIME, ("missorted", "HUB", 18), ("departed", "HUB", 30)), 31)

    assert list(said) == [("missort", "HUB")]
    assert found[0].evidence == ("scan:C3",)


def test_a_hold_and_a_failed_visit_are_named():
    """Held for the address at the station, then nobody at home."""
    told = (("picked_up", "WH", 6), ("arrived", "HUB", 16), ("departed", "HUB", 20), ("arrived", "END", 32), ("held", "END", 33))
    said, _, _ = charges(way(*told, ("out", "END", 68), ("failed", "END", 72)), 73)

    assert {code for code, _ in said} == {"hold", "attempt"}


def test_silence_counts_once_the_next_scan_is_overdue():
    """Nothing heard since it left: charged from when it should have arrived, and not before."""
    facts = way(("picked_up", "WH", 6))

    assert charges(facts, 16)[0] == {}
    assert charges(facts, 26)[0] == {("silence", "HUB"): 10.0}


def test_charges_and_ordinary_variation_make_the_lateness():
    """However the lateness comes and goes, the parts add up to it."""
    facts = way(("picked_up", "WH", 16), ("arrived", "HUB", 27), ("departed", "HUB", 44), ("arrived", "END", 55))
    _, found, ordinary = charges(facts, 55)

    assert sum(slip.hours for slip in found) + ordinary == pytest.approx(55 - 32)


def test_lateness_that_missed_the_next_vehicle_grows_where_it_came_from():
    """A start five hours late missed the only vehicle of the day at the hub: the day is the start's."""
    daily = Timetable({"HUB\x1fEND\x1ftruck\x1fswift": np.arange(7) * 1440 + 8 * 60}, {}, {}, 2.0)
    said, _, _ = charges(way(("picked_up", "WH", 11), ("arrived", "HUB", 21), ("departed", "HUB", 44)), 45, daily)

    assert said == {("handling", "WH"): 24.0}


def test_facts_of_later_change_nothing():
    """What is received after the moment, is not in the course."""
    facts = way(("picked_up", "WH", 6), ("arrived", "HUB", 21), ("departed", "HUB", 44))

    assert charges(facts, 22) == charges(way(("picked_up", "WH", 6), ("arrived", "HUB", 21)), 22)


def test_a_missing_scan_of_leaving_is_read_from_the_arrival():
    """Arrived ten hours late without a scan of leaving: it stood, for the drive takes what it takes."""
    said, _, _ = charges(way(*ON_TIME, ("arrived", "END", 42)), 43)

    assert list(said) == [("facility", "HUB")]
