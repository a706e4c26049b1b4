"""Columns mean what their names say, on a journey told by hand."""

import numpy as np
import polars as pl
import pytest

from data.domain.errors import NotFound
from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import Moments, micros, moment_of
from tests.training.features.little_world import hour, little_world, moments_in, scan
from training.features.build import build
from training.features.earth import great_circle_km
from training.features.matrix import GROUPS
from training.features.vocabulary import Vocabulary
from training.features.working_days import off_days
from training.history.history import History


def journey(scans=(), **shipment) -> Facts:
    """Make one shipment on two planned legs: MEM to ORD (10:00 to 20:00), ORD to the door (30:00 to 40:00), 500 and 30 km."""
    row = {"shipment_id": "S000", "order_id": "O", "carrier": "c", "service": "s", "created_at": hour(0), "origin_facility_id": "MEM"}
    row |= {
        "destination_lat": 41.8,
        "destination_lon": -87.7,
        "destination_timezone": "America/New_York",
        "destination_country": "US",
    } | shipment
    places = [
        {"facility_id": f, "name": f, "kind": "hub", "lat": lat, "lon": lon} for f, lat, lon in (("MEM", 35.1, -90.0), ("ORD", 41.9, -87.9))
    ]
    leg = {"shipment_id": "S000", "mode": "truck", "known_at": hour(0)}
    legs = [
        leg
        | {
            "leg_id": "1",
            "sequence": 1,
            "from_facility_id": "MEM",
            "to_facility_id": "ORD",
            "planned_departure_at": hour(10),
            "planned_arrival_at": hour(20),
            "distance_km": 500.0,
        },
        leg
        | {
            "leg_id": "2",
            "sequence": 2,
            "from_facility_id": "ORD",
            "to_facility_id": None,
            "planned_departure_at": hour(30),
            "planned_arrival_at": hour(40),
            "distance_km": 30.0,
        },
    ]
    promises = [
        {"promise_id": p, "shipment_id": "S000", "kind": k, "promised_at": hour(at), "known_at": hour(known)}
        for p, k, at, known in (("a", "shop", 60, 0), ("b", "carrier", 50, 5), ("c", "carrier", 58, 25))
    ]
    tables = {
        "facilities": pl.DataFrame(places),
        "orders": pl.DataFrame({"order_id": ["O"], "ordered_at": [hour(-4)]}),
        "shipments": pl.DataFrame([row]),
        "legs": pl.DataFrame(legs),
        "promises": pl.DataFrame(promises),
        "parcels": pl.DataFrame(
            {
                "parcel_id": ["x", "y"],
                "shipment_id": ["S000"] * 2,
                "weight_g": [100.0, 250.0],
                "length_cm": [10.0, None],
                "width_cm": [10.0, 5.0],
                "height_cm": [20.0, 5.0],
            }
        ),
    }
    return Facts.of(tables | ({"scans": pl.DataFrame(list(scans), infer_schema_length=None)} if scans else {}))


def row_at(facts: Facts, at: float) -> dict[str, float]:
    vocabulary = Vocabulary.learn(facts)
    matrix = build(facts, moment_of("S000", hour(at)), history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    return dict(zip(matrix.names, matrix.values[0].tolist(), strict=True))


def test_a_journey_against_its_plan():
    """Arrived in ORD three hours late: one leg done, one left, three hours of delay, projected onto the planned end."""
    row = row_at(journey([scan("a", 0, Status.ACCEPTED, 9, 9, "MEM", None), scan("b", 0, Status.IN_TRANSIT, 23, 23.5, "ORD", None)]), 25)
    assert (row["progress.legs_done"], row["progress.legs_left"], row["progress.planned_hours_left"]) == (1, 1, 10)
    assert (row["progress.delay_hours"], row["progress.hours_to_planned_end"], row["progress.projected_hours_left"]) == (3, 15, 18)
    assert (row["progress.hours_to_next_departure"], row["progress.planned_km_left"]) == (5, 30)
    assert row["progress.distance_left_km"] == pytest.approx(20, abs=1.5)
    assert row["progress.share_left"] < 0.05


def test_silence_counts_from_happening_and_from_receipt():
    """Hours since the last scan happened, since it was heard, since order, creation, possession and milestones."""
    row = row_at(journey([scan("a", 0, Status.ACCEPTED, 9, 9, "MEM", None), scan("b", 0, Status.IN_TRANSIT, 23, 23.5, "ORD", None)]), 25)
    expected = {
        "since_last_scan": 2,
        "since_heard": 1.5,
        "since_ordered": 29,
        "since_created": 25,
        "since_possession": 16,
        "since_first_in_transit": 2,
        "at_facility": 2,
    }
    assert {name: row[f"silence.{name}_hours"] for name in expected} == expected
    assert np.isnan(row["silence.since_first_out_for_delivery_hours"])


def test_promises_as_known():
    """The carrier's date is the one known last; its move is told; what was not yet known is not."""
    early, late = row_at(journey(), 20), row_at(journey(), 25)
    assert (early["promise.shop_hours"], early["promise.carrier_hours"], early["promise.carrier_revisions"]) == (40, 30, 0)
    assert (late["promise.carrier_hours"], late["promise.carrier_revisions"], late["promise.carrier_moved_hours"]) == (33, 1, 8)
    assert np.isnan(row_at(journey(), 4)["promise.carrier_hours"])


def test_boxes_are_summed():
    """Two boxes: weights add up, volume adds the known ones, the longest side counts."""
    row = row_at(journey(), 1)
    assert (row["parcel.parcels"], row["parcel.weight_g"], row["parcel.volume_litres"], row["parcel.longest_cm"]) == (2, 350, 2, 20)


def test_the_calendar_is_the_destinations():
    """2 March 2026 0:00 UTC is Sunday evening in New York: off, Monday works."""
    row = row_at(journey(), 0)
    assert (row["calendar.hour"], row["calendar.weekday"], row["calendar.is_off"], row["calendar.days_to_working_day"]) == (19, 6, 1, 1)
    assert row_at(journey(), 168)["calendar.hour"] == 20  # summer time began in between
    assert row_at(journey(), 24 * 5.5)["calendar.working_days_since_created"] == 5


def test_a_zone_that_is_none_is_read_as_utc():
    """A text that names no zone, of destination or origin, leaves the clock at UTC."""
    assert row_at(journey(destination_timezone="../etc/passwd", destination_country="??"), 5)["calendar.hour"] == 5


def test_holidays_rest():
    """Christmas is off in the United States and in Brazil, the day of the proclamation of the republic only in Brazil."""
    days = {name: np.array([np.datetime64(name).astype(int)]) for name in ("2025-12-25", "2024-11-15", "2024-11-13")}
    assert [bool(off_days(c, 2019, 2030).is_off(days[d])[0]) for c in ("US", "BR") for d in days] == [True, False, False, True, True, False]


def test_great_circles_are_known():
    """Paris to New York is 5,837 km; a point to itself is 0; an unknown point is unknown."""
    lat, lon = np.array([48.8566, 10.0, np.nan]), np.array([2.3522, 20.0, 0.0])
    other_lat, other_lon = np.array([40.7128, 10.0, 0.0]), np.array([-74.0060, 20.0, 0.0])
    assert great_circle_km(lat, lon, other_lat, other_lon) == pytest.approx([5837, 0, np.nan], abs=1, nan_ok=True)


def test_no_column_tells_the_position_in_the_year():
    """There is no month, no day of the year or of the month, no count of rows, no backlog."""
    columns = {c.name for c in built(little_world(1)).columns}
    assert not [name for name in columns if any(word in name for word in ("month", "of_year", "count_", "backlog"))]


def built(facts: Facts):
    vocabulary = Vocabulary.learn(facts)
    return build(facts, moments_in(facts, each=1), history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)


def test_every_column_has_a_known_group_and_sign():
    """Groups are those that reasons speak of; levels of history push the remaining time up, delivered shares down."""
    columns = {c.name: c for c in built(little_world(1)).columns}
    assert {c.group for c in columns.values()} == set(GROUPS)
    assert columns["history.total.lane.60d"].monotone == 1
    assert columns["history.delivered_in_7_days.5d_to_60d"].monotone == -1
    assert columns["silence.since_created_hours"].monotone == 0
    assert all(c.monotone == 0 for c in columns.values() if c.categorical)


def test_an_unknown_shipment_is_named():
    """Asking for a shipment that is not among the facts names it."""
    facts = journey()
    vocabulary = Vocabulary.learn(facts)
    with pytest.raises(NotFound, match="'S999'"):
        build(facts, moment_of("S999", hour(1)), history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)


def test_a_moment_before_creation_is_answered_as_of_creation():
    """Real data hold handovers before the purchase; nobody could look before the shipment existed."""
    facts = journey()
    vocabulary = Vocabulary.learn(facts)
    history = History.build(facts, vocabulary=vocabulary)
    early, created = (
        build(facts, Moments(np.array(["S000"], dtype=object), np.array([micros(hour(h))])), history=history, vocabulary=vocabulary)
        for h in (-9, 0)
    )
    assert np.array_equal(early.values, created.values, equal_nan=True)
