from datetime import UTC, datetime

import numpy as np
import pytest

from data.simulator.clock import clock_of
from data.simulator.demand import REACH_KM, order_minutes, peak_factor
from data.simulator.parcels import released


def test_orders_fall_into_the_span_in_order(world):
    """As many orders as asked for, ascending, all between the first and the last moment."""
    ordered = world.demand.ordered

    assert len(ordered) == 6000
    assert (np.diff(ordered) >= 0).all()
    assert world.clock.start_minute <= ordered[0]
    assert ordered[-1] <= world.clock.until_minute


def test_people_order_by_day_and_sleep_at_night():
    """At one o'clock in the afternoon (Central) many more orders come than at four in the morning."""
    clock = clock_of(datetime(2026, 9, 7, tzinfo=UTC), 28, ["America/Chicago"])
    hour = np.floor(order_minutes(clock, 50_000, np.random.default_rng(3)) / 60 - 6).astype(int) % 24

    assert (hour == 13).sum() > 5 * (hour == 4).sum()


def test_the_weeks_after_thanksgiving_are_the_peak():
    """Demand nearly doubles after Thanksgiving, and a September day is a plain one."""
    clock = clock_of(datetime(2026, 9, 1, tzinfo=UTC), 100, ["UTC"])
    by_date = dict(zip(clock.dates, peak_factor(clock), strict=True))

    assert by_date[datetime(2026, 9, 15).date()] == 1
    assert by_date[datetime(2026, 11, 30).date()] == 1.8
    assert by_date[datetime(2026, 12, 10).date()] == 1.45


def test_destinations_lie_near_their_station(world):
    """No address is out of reach of its station, and most are in the city."""
    km = world.demand.served["km"].to_numpy()[world.demand.zip_row]

    assert km.max() <= REACH_KM
    assert np.median(km) < 60


@pytest.mark.parametrize("shipment", range(0, 6000, 500))
def test_orders_after_the_cut_off_wait_for_the_next_working_day(world, shipment):
    """Handling begins at once on a working day before the cut-off, else when the warehouse opens on the next one, at six."""
    demand, clock = world.demand, world.clock
    release = released(world.network, clock, demand)[shipment]
    offset = clock.offset_minutes[demand.warehouse[shipment], int(demand.created[shipment] // 1440)]
    local, local_release = demand.created[shipment] + offset, release + offset
    _, service = world.network.services[demand.service[shipment]]
    day, cutoff = int(local // 1440), service.order_cutoff.hour * 60 + service.order_cutoff.minute
    works = (clock.weekday < 5) & ~clock.holiday

    assert works[int(local_release // 1440)]
    if works[day] and local % 1440 < cutoff:
        assert local_release == pytest.approx(max(local, day * 1440 + 360))
    else:
        assert local_release % 1440 == pytest.approx(360)
        assert not works[day + 1 : int(local_release // 1440)].any()


def test_summer_time_is_kept():
    """A clock over the end of summer time is an hour nearer to UTC before it."""
    clock = clock_of(datetime(2026, 10, 30, tzinfo=UTC), 5, ["America/New_York"])

    assert clock.offset_minutes[0, 2] == -240
    assert clock.offset_minutes[0, 6] == -300
