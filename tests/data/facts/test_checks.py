"""Every rule of the tables finds its breach, and nothing else."""

from datetime import UTC, datetime

import polars as pl
import pytest

from data.facts.checks import breaches, check_facts
from data.facts.facts import Facts, conform
from data.facts.rules import RULES

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

SCAN = {
    "scan_id": "K1",
    "shipment_id": "S1",
    "status": "in_transit",
    "occurred_at": AT,
    "received_at": AT,
    "source": "test",
    "zone_basis": "explicit",
    "voids": False,
}
FACILITY = {
    "facility_id": "F1",
    "name": "Memphis hub",
    "kind": "hub",
    "lat": 35.1,
    "lon": -89.97,
    "timezone": "America/Chicago",
    "country": "US",
}
SHIPMENT = {"shipment_id": "S1", "order_id": "O1", "carrier": "swift", "service": "ground", "created_at": AT}
LEG = {"leg_id": "L1", "shipment_id": "S1", "sequence": 1, "mode": "road", "known_at": AT}
GOOD = {"scans": SCAN, "facilities": FACILITY, "shipments": SHIPMENT, "legs": LEG}


def frame(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    return conform(table, pl.DataFrame([GOOD[table] | row for row in rows], infer_schema_length=None))


@pytest.mark.parametrize("table", sorted(GOOD))
def test_a_good_row_breaks_nothing(table):
    """A good row has no breach."""

    assert breaches(table, frame(table, {})).is_empty()


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("facilities", "lat", 91.0, "range"),
        ("facilities", "lat", float("nan"), "number"),
        ("facilities", "lon", float("inf"), "number"),
        ("facilities", "lon", None, "pair"),
        ("facilities", "kind", "castle", "choice"),
        ("facilities", "timezone", "Mars/Olympus", "timezone"),
        ("facilities", "country", "us", "country"),
        ("facilities", "name", None, "required"),
        ("facilities", "name", "a\x00b", "characters"),
        ("facilities", "name", "a\x85b", "characters"),
        ("facilities", "name", "x" * 10_001, "length"),
        ("scans", "status", "IN_TRANSIT", "choice"),
        ("scans", "occurred_at", datetime(1, 1, 1, tzinfo=UTC), "instant_range"),
        ("scans", "received_at", datetime(2100, 1, 1, tzinfo=UTC), "instant_range"),
        ("scans", "voids", True, "correction"),
        ("scans", "corrects_scan_id", "K1", "correction"),
        ("shipments", "distance_km", -1.0, "range"),
        ("shipments", "attr_weight_kg", float("-inf"), "number"),
        ("shipments", "attr_vehicle", "van\x07", "characters"),
        ("legs", "sequence", -1, "range"),
    ],
)
def test_each_rule_finds_its_breach(table, column, value, rule):
    """One wrong value among good rows is the one breach, with row, column and rule."""
    found = breaches(table, frame(table, {}, {column: value}, {}))

    assert found.select("row", "rule").rows() == [(1, rule)]
    if rule not in {"pair", "correction"}:
        assert found["column"].item() == column


def test_nowhere_is_not_a_place():
    """The point (0, 0) is refused."""

    assert breaches("facilities", frame("facilities", {"lat": 0.0, "lon": 0.0}))["rule"].to_list() == ["nowhere"]


def test_a_leg_does_not_arrive_before_it_departs():
    """A plan that ends before it begins is refused."""
    early = {"planned_departure_at": AT, "planned_arrival_at": datetime(2026, 6, 1, 11, tzinfo=UTC)}

    assert breaches("legs", frame("legs", early))["rule"].to_list() == ["order_of_times"]


def test_a_clock_that_runs_ahead_is_no_breach():
    """A scan that was heard before it happened stays: wrong clocks are facts."""

    assert breaches("scans", frame("scans", {"occurred_at": datetime(2026, 6, 1, 13, tzinfo=UTC)})).is_empty()


def test_shown_values_are_short():
    """Of a value of 10 MB only the beginning is shown."""

    assert breaches("facilities", frame("facilities", {"name": "x" * 10_000_000}))["value"].str.len_chars().item() == 200


def test_whole_facts_are_checked_with_references_and_ids():
    """A scan of an unknown shipment and an id that came twice are breaches of their tables."""
    facts = Facts.of(
        {"shipments": frame("shipments", {}), "scans": frame("scans", {}, {}), "orders": pl.DataFrame({"order_id": [], "ordered_at": []})}
    )

    found = check_facts(facts)

    assert found.select("table", "row", "column", "rule").rows() == [
        ("shipments", 0, "order_id", "reference"),
        ("scans", 1, "scan_id", "duplicate"),
    ]


def test_an_undescribed_facility_is_no_breach():
    """A scan may name a facility that nobody has described."""
    orders = pl.DataFrame({"order_id": ["O1"], "ordered_at": [AT]})
    facts = Facts.of({"orders": orders, "shipments": frame("shipments", {}), "scans": frame("scans", {"facility_id": "F9"})})

    assert check_facts(facts).is_empty()


def test_every_rule_says_what_to_do():
    """Each rule has a message with the next step."""

    assert all("; " in message for message in RULES.values())
