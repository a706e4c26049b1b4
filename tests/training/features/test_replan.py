"""Who misses a vehicle takes the next one that was known of at the moment."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from data.simulator.simulate import simulate
from tests.makers import after
from tests.training.explain.ways import way
from training.features.departures import Departures, hop_name
from training.features.matrix import ColumnSink, FeatureMatrix
from training.features.moment_state import state_of
from training.features.replan import add_replan
from training.features.vocabulary import Vocabulary

LONG_AGO = 0


def timetable(*hours: float, since=LONG_AGO, hop=None) -> Departures:
    """Give departures of the hub so many hours after Monday noon, in a week."""
    minutes = sorted([round((12 + hour) * 60) % (7 * 1440), since] for hour in hours)
    return Departures.from_dict({hop or hop_name("HUB", "END", "truck", "swift"): [[m for m, _ in minutes], [s for _, s in minutes]]})


def columns(facts: Facts, moments: Moments, departures: Departures) -> FeatureMatrix:
    sink = ColumnSink(len(moments))
    add_replan(sink, state_of(facts, moments), departures)
    return sink.matrix()


def reached(facts: Facts, hour: float, departures: Departures | None = None, *, slow=False) -> float:
    """Give the hour (after Monday noon) at which the door is reached by the new plan."""
    found = columns(facts, Moments(np.array(["S1"], dtype=object), np.array([micros(after(hour))])), departures or Departures.nothing())
    return round(hour + float(found.column(f"progress.replanned_{'slow_' if slow else ''}hours")[0]), 6)


ARRIVED_LATE = (("picked_up", "WH", 6), ("arrived", "HUB", 20.5))


@pytest.mark.parametrize("slow", [False, True])
def test_on_time_the_plan_stays(slow):
    """At the label, and on the way in time, the way ends at the hour of the plan."""
    assert reached(way(), 1, slow=slow) == 50
    assert reached(way(("picked_up", "WH", 6), ("arrived", "HUB", 16)), 16.2, slow=slow) == 50


def test_a_missed_vehicle_costs_the_wait_for_the_next_one():
    """Half an hour after the truck of 20:00 the parcel reaches the hub: with the next truck at 26:00 the van is still reached, with one at 40:00 it is not."""
    assert reached(way(*ARRIVED_LATE), 20.6, timetable(20, 26)) == 50
    assert reached(way(*ARRIVED_LATE), 20.6, timetable(20, 40)) == 50 + 24


def test_a_slow_stop_misses_more():
    """Two hours between arrival and departure are enough for a quick stop only."""
    late = way(("picked_up", "WH", 6), ("arrived", "HUB", 18))

    assert reached(late, 18.1, timetable(20, 40)) == 50
    assert reached(late, 18.1, timetable(20, 40), slow=True) == 50 + 24


def test_without_a_timetable_vehicles_leave_daily():
    """The truck of 20:00 leaves again a day later; then the van of the day after is reached."""
    assert reached(way(*ARRIVED_LATE), 20.6) == 50 + 24


def test_a_departure_counts_from_when_it_was_known():
    """A truck at 26:00 that was learnt of at 21:00 is not taken at 20:36, and is at 21:06."""
    learnt = timetable(26, since=micros(after(21)))

    assert reached(way(*ARRIVED_LATE), 20.6, learnt) == 50 + 24
    assert reached(way(*ARRIVED_LATE), 21.1, learnt) == 50


def test_a_known_departure_of_next_week_is_found_behind_unknown_ones():
    """The only truck known leaves at 16:00 of the week; later ones of this week are not known yet."""
    hop = hop_name("HUB", "END", "truck", "swift")
    mixed = Departures.from_dict({hop: [[16 * 60, 36 * 60, 60 * 60], [LONG_AGO, micros(after(500)), micros(after(500))]]})

    assert reached(way(*ARRIVED_LATE), 20.6, mixed) > 7 * 24


def test_no_vehicle_leaves_on_a_holiday():
    """A truck that leaves every morning does not on the fourth of July, and the parcel loses one day more."""
    facts, month = way(*ARRIVED_LATE), timedelta(days=31)  # Wednesday, 3 June becomes 4 July
    moved = Facts(
        **{
            name: frame.with_columns(pl.col(column) + month for column, kind in frame.schema.items() if kind == pl.Datetime("us", "UTC"))
            for name, frame in facts.tables()
        }
    )
    daily, one = timetable(*(20 + 24 * day for day in range(7))), np.array(["S1"], dtype=object)
    now = micros(after(20.6))
    ordinary = columns(facts, Moments(one, np.array([now])), daily).column("progress.replanned_hours")
    found = columns(moved, Moments(one, np.array([now + month // timedelta(microseconds=1)])), daily).column("progress.replanned_hours")

    assert found - ordinary == pytest.approx(24)


def test_out_for_delivery_the_van_decides():
    """The round lasts as long as planned, from the hour at which it began; after a failed visit the parcel waits for the next van."""
    out = (*ARRIVED_LATE, ("arrived", "END", 40), ("out", "END", 46))

    assert reached(way(*out), 46.5) == 52
    assert reached(way(*out, ("failed", None, 51)), 51.5) == 44 + 24 + 6


def test_a_single_leg_has_no_connection():
    """Without a second leg, and without any plan, there is nothing to plan anew."""
    one = way(plan=(("END", None, 44.0, 50.0),))

    assert np.isnan(reached(one, 1))
    assert np.isnan(reached(Facts.of({name: frame for name, frame in way().tables() if name != "legs"}), 1))


@pytest.fixture(scope="module")
def network():
    """Give a little simulated network, its timetable of the first two thirds, and moments before and after its end."""
    start = datetime(2026, 6, 26, tzinfo=UTC)
    facts = simulate(seed=3, orders=500, start=start, days=18).facts
    departures = Vocabulary.learn(facts, until=start + timedelta(days=12)).departures
    scans = facts.scans.sort("received_at", "scan_id").gather_every(17)
    at = scans["received_at"].dt.epoch("us").to_numpy() + np.arange(scans.height) % 5 * 3_600_000_000
    return facts, departures, Moments(scans["shipment_id"].to_numpy().astype(object), at)


def test_a_row_alone_has_the_bits_it_has_among_many(network):
    """The new plan of a row hangs on that row alone, whatever year or shipment stands beside it."""
    facts, departures, moments = network
    together = columns(facts, moments, departures)
    assert len(departures.hops) > 20
    assert np.isfinite(together.values).mean() > 0.8
    for i in range(0, len(moments), 12):
        one = columns(facts, Moments(moments.shipment_ids[i : i + 1], moments.at[i : i + 1]), departures)
        assert one.values.tobytes() == together.values[i : i + 1].tobytes()


def test_no_row_peeks(network):
    """Nothing that was planned or heard after the moment moves the new plan, nor the timetable behind it."""
    facts, departures, moments = network
    together = columns(facts, moments, departures)
    for i in range(0, len(moments), 12):
        known = received_by(facts, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(moments.at[i])))
        then = Vocabulary.learn(known, until=datetime(2026, 7, 8, tzinfo=UTC)).departures
        one = columns(known, Moments(moments.shipment_ids[i : i + 1], moments.at[i : i + 1]), then)
        assert one.values.tobytes() == together.values[i : i + 1].tobytes()
