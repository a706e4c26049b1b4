import numpy as np
import polars as pl
import pytest

from data.simulator.blame import CAUSES
from data.simulator.truth import read_truth, write_truth

HOURS = [f"{cause}_hours" for cause in CAUSES]


def test_causes_add_up_to_the_delay(simulated):
    """The hours of all causes are the delay against the plan, for every delivered shipment."""
    delivered = simulated.truth.shipments.filter(pl.col("outcome") == "delivered").with_columns(
        against_plan=(pl.col("ended_at") - pl.col("planned_delivered_at")).dt.total_seconds() / 3600
    )

    assert delivered.height > 5000
    assert delivered.select((pl.sum_horizontal(HOURS) - pl.col("delay_hours")).abs().max()).item() < 1e-6
    assert delivered.select((pl.col("against_plan") - pl.col("delay_hours")).abs().max()).item() < 1 / 1800


def test_only_delivered_shipments_have_a_delay(simulated):
    """Lost, returned and cancelled shipments have no hours of delay."""
    others = simulated.truth.shipments.filter(pl.col("outcome") != "delivered")

    assert others.height > 0
    assert others["delay_hours"].null_count() == others.height


def test_causes_are_hours_lost_never_won(simulated):
    """Only ordinary variation may be negative; every cause happens to somebody."""
    causes = simulated.truth.shipments.select(HOURS)

    assert (causes.drop("ordinary_hours").min().to_numpy() >= -1e-9).all()
    assert (causes.max().to_numpy() > 0.5).all()


def test_true_times_never_run_backwards(simulated):
    """At each stop a parcel arrives, is taken, sorted and leaves, and it arrives at the next stop later than it left the last."""
    stops = simulated.truth.stops.sort("shipment_id", "sequence")
    in_order = [("arrived_at", "taken_at"), ("taken_at", "sorted_at"), ("sorted_at", "departed_at")]
    following = stops.with_columns(left=pl.col("departed_at").shift().over("shipment_id")).filter(pl.col("sequence") > 0)

    assert all((stops[a] <= stops[b]).all() for a, b in in_order)
    assert (following["left"] < following["arrived_at"]).all()


def test_true_moves_never_overlap(simulated):
    """A parcel is on one vehicle at a time, and each movement takes time."""
    moves = simulated.truth.moves.sort("shipment_id", "sequence").with_columns(before=pl.col("arrived_at").shift().over("shipment_id"))

    assert (moves["departed_at"] < moves["arrived_at"]).all()
    assert (moves["before"] <= moves["departed_at"]).all()


def test_queues_lose_and_invent_nobody(simulated):
    """Whoever arrives at a facility is waiting or taken, nobody waits a negative time, and in the end nobody is left."""
    queues = simulated.truth.queues.sort("facility_id", "hour_at").with_columns(
        expected=(pl.col("arrived") - pl.col("taken")).cum_sum().over("facility_id")
    )

    assert (queues["waiting"] == queues["expected"]).all()
    assert queues["waiting"].min() == 0
    assert queues["arrived"].sum() == simulated.truth.stops.height
    assert queues.group_by("facility_id").last()["waiting"].sum() == 0


def test_air_services_are_taken_first_and_others_in_order_of_arrival(world):
    """Within a rank the line is first in, first out; an air parcel waits less."""
    parcels, history = world.parcels, world.history
    rank = parcels.express[world.owner]
    known = np.isfinite(history.arrive)
    for facility in world.network.hubs:
        for express in (0, 1):
            mine = np.flatnonzero(known & (parcels.facility == facility) & (rank == express))
            if len(mine) < 3:
                continue
            by_arrival = mine[np.lexsort((history.start[mine], history.arrive[mine]))]

            assert (np.diff(history.start[by_arrival]) >= 0).all()
    waits = history.start - history.arrive
    at_hubs = known & np.isin(parcels.facility, world.network.hubs)

    assert waits[at_hubs & (rank == 1)].mean() < waits[at_hubs & (rank == 0)].mean()


def test_one_parcel_at_a_time_is_on_the_line(world):
    """A facility never sorts two parcels at once, so it never works faster than its capacity."""
    history, facility = world.history, world.parcels.facility
    for f in range(len(world.network.facilities)):
        mine = np.flatnonzero((facility == f) & np.isfinite(history.start))
        mine = mine[np.argsort(history.start[mine], kind="stable")]

        assert (history.start[mine][1:] >= history.sorted[mine][:-1]).all()


def test_no_truck_and_no_van_carries_more_than_it_holds(world):
    """Loads of trips and of delivery days stay within their room."""
    from data.simulator.parcels import trip_room

    loads = np.bincount(world.history.trip[world.history.trip >= 0], minlength=len(world.trips.lane))

    assert (loads <= trip_room(world.network, world.clock, world.parcels)[world.trips.lane]).all()


def test_every_way_ends(simulated):
    """In truth every shipment comes to an end: nearly all are delivered."""
    outcomes = dict(simulated.truth.shipments["outcome"].value_counts().iter_rows())

    assert "open" not in outcomes
    assert {"delivered", "lost", "damaged", "returned", "cancelled"} == set(outcomes)
    assert outcomes["delivered"] / sum(outcomes.values()) == pytest.approx(0.985, abs=0.01)


def test_storms_make_parcels_late(simulated):
    """Parcels that met a storm are late by a working day more than others."""
    delivered = simulated.truth.shipments.filter(pl.col("outcome") == "delivered")
    stormy = pl.col("weather_hours") > 6

    assert delivered.filter(stormy).height > 50
    assert delivered.filter(stormy)["delay_hours"].mean() > delivered.filter(~stormy)["delay_hours"].mean() + 12


def test_truth_survives_the_disk(simulated, tmp_path):
    """What is written to truth/ is read back unchanged."""
    write_truth(simulated.truth, tmp_path / "truth")
    again = read_truth(tmp_path / "truth")

    assert again.shipments.equals(simulated.truth.shipments)
    assert again.queues.equals(simulated.truth.queues)
