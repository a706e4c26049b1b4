import pytest

from training.explain.stood import HOUR, Lost, lost_alone


def test_a_little_late_is_a_late_vehicle():
    """Two hours, and the next one leaves in six: nothing was missed."""

    assert lost_alone(20 * HOUR, 22 * HOUR, 26 * HOUR, ready=False) == Lost(0.0, 0.0, 2.0)


@pytest.mark.parametrize(("left", "second"), [(22, 22), (24, None)])
def test_the_next_vehicle_is_a_missed_one(left, second):
    """By the timetable, or by three hours where there is none."""
    after = None if second is None else second * HOUR

    assert lost_alone(20 * HOUR, left * HOUR, after, ready=False) == Lost(left - 20.0, 0.0, 0.0)
    assert lost_alone(20 * HOUR, left * HOUR, after, ready=True) == Lost(0.0, left - 20.0, 0.0)


def test_the_line_takes_no_longer_than_it_had_time_for():
    """Who came late has the line to blame for its own hours alone, not for the way before."""

    assert Lost(10.0, 0.0, 0.0).waited(1.0) == Lost(3.0, 0.0, 0.0)
    assert Lost(10.0, 0.0, 0.0).waited(-5.0) == Lost(2.0, 0.0, 0.0)
    assert Lost(2.0, 8.0, 0.0).waited(0.0) == Lost(2.0, 8.0, 0.0)


def test_weather_takes_a_late_vehicle_whole_and_slows_a_line():
    """A storm of half the roughness that stops trucks."""
    calm, rough = Lost(4.0, 2.0, 3.0).by_cause(0.0, origin=False), Lost(4.0, 2.0, 3.0).by_cause(0.5, origin=False)

    assert calm == {"weather": 0.0, "facility": 4.0, "departure": 5.0}
    assert rough == pytest.approx({"weather": 3.0 + 0.225 * 6, "facility": 0.775 * 4, "departure": 0.775 * 2})
    assert sum(rough.values()) == pytest.approx(9.0)


def test_at_the_origin_the_line_is_the_shops():
    """Handling, and the weather half as much to blame."""

    assert Lost(4.0, 0.0, 0.0).by_cause(0.5, origin=True) == pytest.approx({"weather": 0.45, "handling": 3.55, "departure": 0.0})
