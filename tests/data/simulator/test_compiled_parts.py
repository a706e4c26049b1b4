import numba
import numpy as np
import pytest

from data.simulator.blame import CAUSES, settle
from data.simulator.door import rush
from data.simulator.draws import exponential, normal, uniform
from data.simulator.events import events_for, pop, push
from data.simulator.line import sorted_at


@numba.njit
def through_heap(times, events):
    order = np.empty(len(times), dtype=np.int64)
    for k in range(len(times)):
        push(events, times[k], 0, k)
    for k in range(len(times)):
        order[k] = pop(events)[2]
    return order


@numba.njit
def settled(causes, lateness):
    settle(causes, lateness)
    return causes


@numba.njit
def through_line(start, rates):
    return sorted_at(start, rates)


@numba.njit
def traffic(hour):
    return rush(hour)


@pytest.mark.parametrize("seed", range(5))
def test_events_leave_in_the_order_of_time_then_of_coming(seed):
    """The heap gives what a stable sort gives, also with many equal times."""
    times = np.random.default_rng(seed).integers(0, 40, 300).astype(np.float64)

    assert through_heap(times, events_for(300)).tolist() == np.argsort(times, kind="stable").tolist()


def test_a_draw_has_an_address():
    """The same address gives the same number; another seed, shipment or purpose gives another."""
    assert uniform(1, 2, 3) == uniform(1, 2, 3)
    assert len({uniform(1, 2, 3), uniform(2, 2, 3), uniform(1, 3, 3), uniform(1, 2, 4)}) == 4


def test_draws_are_spread_as_they_should_be():
    """Uniform, normal and exponential draws have their mean and spread, and neighbours are unrelated."""
    even = np.array([uniform(7, k, 1) for k in range(20_000)])
    bell = np.array([normal(7, k, 1) for k in range(20_000)])
    wait = np.array([exponential(7, k, 1) for k in range(20_000)])

    assert 0 < even.min() < even.max() < 1
    assert even.mean() == pytest.approx(0.5, abs=0.01)
    assert even.var() == pytest.approx(1 / 12, rel=0.03)
    assert bell.mean() == pytest.approx(0, abs=0.03)
    assert bell.std() == pytest.approx(1, rel=0.03)
    assert wait.mean() == pytest.approx(1, abs=0.03)
    assert abs(np.corrcoef(even[1:], even[:-1])[0, 1]) < 0.03


def test_work_rests_while_the_line_is_closed():
    """A parcel begun shortly before closing is finished after the line opens again."""
    rates = np.array([0.1, 0.0, 0.1])

    assert through_line(0.0, rates) == pytest.approx(10)
    assert through_line(55.0, rates) == pytest.approx(125)
    assert through_line(115.0, np.zeros(3)) == np.inf


@pytest.mark.parametrize(
    ("before", "lateness", "queue", "weather", "ordinary"),
    [
        ((30.0, 10.0, 0.0), 20.0, 15.0, 5.0, 0.0),
        ((30.0, 10.0, 0.0), 80.0, 60.0, 20.0, 0.0),
        ((30.0, 10.0, 0.0), -5.0, 0.0, 0.0, -5.0),
        ((0.0, 0.0, 3.0), 9.0, 0.0, 0.0, 9.0),
        ((30.0, 10.0, -10.0), 30.0, 30.0, 10.0, -10.0),
    ],
    ids=["slack swallows half", "a missed truck doubles", "earlier than planned", "nobody to blame", "already settled"],
)
def test_lateness_is_charged_in_proportion(before, lateness, queue, weather, ordinary):
    """Where the timetable swallows or adds lateness, all causes so far shrink or grow alike, and the sum is the lateness."""
    causes = np.zeros(len(CAUSES))
    causes[[CAUSES.index("queue"), CAUSES.index("weather"), CAUSES.index("ordinary")]] = before
    after = settled(causes, lateness)

    assert after.sum() == pytest.approx(lateness)
    assert after[[CAUSES.index("queue"), CAUSES.index("weather"), CAUSES.index("ordinary")]] == pytest.approx([queue, weather, ordinary])


def test_city_traffic_has_two_tops():
    """Streets are slowest at 8:30 and 17:00 and free at night."""
    by_hour = {hour: traffic(float(hour)) for hour in (3, 8, 12, 17)}

    assert by_hour[17] > by_hour[8] > 1.1 > by_hour[12] > by_hour[3] >= 1
