"""What became of a shipment is read from the scans by the rules of the domain, all at once."""

from dataclasses import asdict
from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.journeys import as_seen, outcome_of
from data.domain.scans import Scan
from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from data.facts.schema import TABLES
from tests.makers import MONDAY_NOON, after, make_scan
from training.models.gather import outcomes_known_by

HOURS = st.integers(0, 6)
ENDS = st.sampled_from([Status.IN_TRANSIT, Status.DELIVERED, Status.RETURNING, Status.RETURNED, Status.CANCELLED, Status.UNKNOWN])


@st.composite
def ways(draw: st.DrawFn) -> list[Scan]:
    """Draw up to six scans that may run ahead of their receipt, void or correct each other."""
    scans = []
    for number in range(draw(st.integers(1, 6))):
        corrected = draw(st.sampled_from([None, *[scan.scan_id for scan in scans]]))
        voids = corrected is not None and draw(st.booleans())
        scans.append(make_scan(f"s{number}", draw(ENDS), after(draw(HOURS)), after(draw(HOURS)), corrects_scan_id=corrected, voids=voids))
    return scans


def facts_of(scans: list[Scan]) -> Facts:
    columns = TABLES["scans"].schema
    rows = [{name: value for name, value in asdict(scan).items() if name in columns} for scan in scans]
    return Facts.of({"scans": pl.DataFrame(rows, schema_overrides=columns, infer_schema_length=None)})


@settings(max_examples=150, deadline=None)
@given(ways(), HOURS)
def test_outcomes_are_those_of_the_domain(scans: list[Scan], seen: int):
    """For any scans and any moment of knowledge, delivery and other ends are what the domain's fold says."""
    seen_at = after(seen)
    moments = Moments(np.array(["S1"], dtype=object), np.array([micros(MONDAY_NOON - timedelta(hours=1))]))
    found = outcomes_known_by(facts_of(scans), moments, micros(seen_at))
    journey, outcome = as_seen(scans, seen_at), outcome_of("S1", scans, seen_at)
    assert bool(found.delivered[0]) == (journey.delivered_at is not None)
    if journey.delivered_at is not None:
        assert found.hours[0] == (journey.delivered_at - MONDAY_NOON) / timedelta(hours=1) + 1
        assert found.known_at[0] <= micros(seen_at)
    elif outcome is not None:
        assert found.hours[0] == (outcome.known_at - MONDAY_NOON) / timedelta(hours=1) + 1
    else:
        assert found.hours[0] == seen + 1


def test_a_voided_delivery_is_none():
    """A delivery that was taken back leaves the shipment open."""
    scans = [make_scan("a", Status.DELIVERED, after(1)), make_scan("b", Status.DELIVERED, after(2), corrects_scan_id="a", voids=True)]
    moments = Moments(np.array(["S1"], dtype=object), np.array([micros(MONDAY_NOON)]))
    assert outcomes_known_by(facts_of(scans), moments, micros(after(1.5))).delivered.tolist() == [True]
    assert outcomes_known_by(facts_of(scans), moments, micros(after(3))).delivered.tolist() == [False]
