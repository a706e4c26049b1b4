from datetime import timedelta
from itertools import pairwise

import polars as pl
import pytest

from data.domain.errors import InvalidFact, NotFound
from data.reference.roads import great_circle_km
from data.simulator.positions import facility_points, true_position, true_track

FASTEST_KM_PER_MINUTE = {"truck": 4.0, "air": 14.0, "van": 6.0}


@pytest.fixture(scope="module")
def delivered(simulated):
    """Give the shipment with the most movements among the first delivered ones."""
    ids = simulated.truth.shipments.filter(pl.col("outcome") == "delivered").head(300).select("shipment_id")
    return simulated.truth.moves.join(ids, on="shipment_id").group_by("shipment_id").len().sort("len", "shipment_id")["shipment_id"][-1]


def test_a_parcel_waits_in_its_warehouse_then_ends_at_the_door(simulated, delivered):
    """Before the first movement a parcel is where it starts; after the last it is where it ended."""
    track = true_track(simulated.truth, delivered)
    row = simulated.truth.shipments.filter(pl.col("shipment_id") == delivered).row(0, named=True)

    assert true_position(simulated.truth, delivered, track[0][0] - timedelta(hours=5)) == facility_points()[row["origin_facility_id"]]
    assert true_position(simulated.truth, delivered, track[-1][1] + timedelta(days=9)) == track[-1][4]


def test_a_parcel_moves_minute_by_minute_without_leaps(simulated, delivered):
    """From one minute to the next nobody travels farther than his vehicle can."""
    for departed, arrived, mode, _, _ in true_track(simulated.truth, delivered):
        minutes = int((arrived - departed).total_seconds() // 60)
        way = [true_position(simulated.truth, delivered, departed + timedelta(minutes=m)) for m in range(0, minutes, max(minutes // 20, 1))]
        step = max(minutes // 20, 1)

        assert max(great_circle_km(*a, *b) for a, b in pairwise(way)) < step * FASTEST_KM_PER_MINUTE[mode]


def test_each_movement_begins_where_the_last_one_ended(simulated):
    """Tracks have no gaps in space."""
    for shipment_id in simulated.truth.shipments["shipment_id"].head(200):
        track = true_track(simulated.truth, shipment_id)

        assert all(before[4] == after[3] for before, after in pairwise(track))


def test_a_cancelled_parcel_never_leaves(simulated):
    """A cancelled shipment stays in its warehouse."""
    row = simulated.truth.shipments.filter(pl.col("outcome") == "cancelled").row(0, named=True)

    assert (
        true_position(simulated.truth, row["shipment_id"], row["ended_at"] + timedelta(days=30))
        == facility_points()[row["origin_facility_id"]]
    )


def test_unknown_shipments_and_naive_times_are_refused(simulated, delivered):
    """An unknown id is not found, and an instant without zone is refused."""
    moment = true_track(simulated.truth, delivered)[0][0]

    with pytest.raises(NotFound, match="'S9' is not in the truth"):
        true_position(simulated.truth, "S9", moment)
    with pytest.raises(InvalidFact, match="has no offset"):
        true_position(simulated.truth, delivered, moment.replace(tzinfo=None))
