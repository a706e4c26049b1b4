from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
import pytest

from data.simulator.clock import clock_of
from data.simulator.timetable import rush_minutes


def test_every_minute_of_a_trip_is_explained(world):
    """Late departures and arrivals are the sum of their causes, exactly."""
    trips = world.trips

    assert trips.departs - trips.planned_departs == pytest.approx(trips.truck + trips.storm_before, abs=1e-6)
    assert trips.arrives - trips.departs - (trips.planned_arrives - trips.planned_departs) == pytest.approx(
        trips.storm_on_way + trips.road + trips.ordinary, abs=1e-6
    )


def test_no_vehicle_leaves_before_its_time_or_its_predecessor(world):
    """Vehicles may be late, never early, and keep the order of the timetable on each lane."""
    trips = world.trips
    same_lane = trips.lane[1:] == trips.lane[:-1]

    assert (trips.departs >= trips.planned_departs - 1e-6).all()
    assert (np.diff(trips.departs)[same_lane] >= -1e-6).all()
    assert (trips.arrives > trips.departs).all()


def test_vehicles_leave_at_the_clock_times_of_their_carrier(world):
    """Planned departures are local clock times of the timetable, on its weekdays."""
    clock, network = world.clock, world.network
    for lane in range(0, len(network.lanes), 17):
        row = network.lanes[lane]
        carrier = network.carriers[row.carrier]
        planned = world.trips.planned_departs[world.trips.first[lane] : world.trips.first[lane + 1]]
        zone = network.facilities[row.origin].place.timezone
        local = clock.instants(planned).dt.convert_time_zone(zone)
        summer = local.filter(local.dt.date() < date(2026, 10, 31))  # the night of the change itself is nobody's timetable

        assert set(summer.dt.time()) == set(carrier.departures[row.wave])
        assert set(summer.dt.weekday() - 1) <= carrier.linehaul_weekdays


def test_storms_slow_trucks(world):
    """Trucks that meet a storm lose time in proportion to their way; most trips meet none."""
    trips = world.trips

    assert (trips.storm_on_way >= 0).all()
    assert np.median(trips.storm_on_way) < 5
    assert trips.storm_on_way.max() > 120


@pytest.mark.parametrize(("hour", "most"), [(8.0, True), (17.25, True), (3.0, False), (12.5, False)])
def test_rush_hours_cost_time(hour, most):
    """Cities cost up to 25 minutes at eight and a quarter past five, and next to nothing at night and noon."""
    minutes = rush_minutes(np.array([hour]), np.array([1.0]))[0]

    assert (minutes > 24) if most else (minutes < 1)


def test_paths_lead_from_warehouse_to_station(world):
    """Every path starts at its warehouse, ends at its station, and each lane begins where the last one ended."""
    network = world.network
    for s in range(len(network.services)):
        for warehouse in network.warehouses:
            for station in network.stations:
                p = network.paths[s, warehouse, station]
                lanes = [network.lanes[k] for k in network.path_lanes[network.path_start[p] : network.path_start[p + 1]]]

                assert (lanes[0].origin, lanes[-1].destination) == (warehouse, station)
                assert all(a.destination == b.origin for a, b in pairwise(lanes))
                assert 2 <= len(lanes) <= 6


def test_nothing_moves_on_a_holiday():
    """Thanksgiving is a Thursday on which no vehicle leaves and no parcel is delivered."""
    clock = clock_of(datetime(2026, 11, 20, tzinfo=UTC), 10, ["America/Chicago"])
    moving = dict(zip(clock.dates, clock.days_on(frozenset(range(5))), strict=True))

    assert not moving[date(2026, 11, 26)]
    assert moving[date(2026, 11, 25)]
    assert moving[date(2026, 11, 27)]
