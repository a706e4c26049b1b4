"""The fold over columns is the fold of the domain."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.journeys import as_seen, outcome_of
from data.domain.scans import Scan
from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import micros
from data.storage.folding import fold_many
from data.storage.instants import micros_or_none
from tests.data.storage.known_facts import scan_frame
from tests.makers import after, make_scan

HOURS = st.integers(0, 6).map(lambda half_hours: half_hours / 2)  # few values, so that ties are common
IDS = [f"E{i}" for i in range(12)]


@st.composite
def scans(draw: st.DrawFn) -> list[Scan]:
    """Make scans of two shipments with ties, repetitions, corrections of any scan, voids and clocks that run ahead."""
    chosen = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
    return [
        make_scan(
            scan_id,
            draw(st.sampled_from(Status)),
            after(draw(HOURS)),
            after(draw(HOURS)),
            shipment_id=draw(st.sampled_from(["S1", "S2"])),
            facility_id=draw(st.sampled_from([None, "MEM", "JFK"])),
            raw_code=draw(st.sampled_from([None, "A"])),
            corrects_scan_id=draw(st.sampled_from([None, None, None, *IDS])),
            voids=draw(st.sampled_from([False, False, False, True])),
        )
        for scan_id in chosen
    ]


def folded_one_by_one(heard: list[Scan]) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    states, outcomes = set(), set()
    for shipment_id in {scan.shipment_id for scan in heard}:
        own = [scan for scan in heard if scan.shipment_id == shipment_id]
        seen_at = max(scan.received_at for scan in own)
        journey, outcome = as_seen(own, seen_at), outcome_of(shipment_id, own, seen_at)
        instants = (journey.status_since, journey.possession_at, journey.delivered_at, journey.last_heard_at)
        counts = (journey.failed_attempts, journey.unmapped, journey.repetitions)
        states.add((shipment_id, journey.status.value, *map(micros_or_none, instants), journey.last_facility_id, *counts))
        if outcome:
            outcomes.add((shipment_id, outcome.status.value, micros(outcome.occurred_at), micros(outcome.known_at)))
    return states, outcomes


@given(scans())
@settings(max_examples=200, deadline=None)
def test_folding_columns_is_folding_one_by_one(heard: list[Scan]) -> None:
    """Whatever was heard, states and outcomes of both ways are equal."""
    states, outcomes = fold_many(Facts.of({"scans": scan_frame(heard)}).scans)

    assert (set(states.rows()), set(outcomes.rows())) == folded_one_by_one(heard)


def test_a_parcel_that_returns_after_delivery_is_open_again() -> None:
    """Delivered ends a journey, but not its way back."""
    heard = [make_scan("E1", Status.DELIVERED, after(1)), make_scan("E2", Status.RETURNING, after(2))]
    frame = Facts.of({"scans": scan_frame(heard)}).scans

    states, outcomes = fold_many(frame)
    _, after_return = fold_many(Facts.of({"scans": scan_frame([*heard, make_scan("E3", Status.RETURNED, after(9))])}).scans)

    assert states["status"].to_list() == ["returning"]
    assert outcomes.is_empty()
    assert after_return["status"].to_list() == ["returned"]


def test_nothing_but_voided_scans_is_no_news() -> None:
    """A shipment whose only scan was voided stands where it stood before it."""
    wrong = make_scan("E1", Status.DELIVERED, after(1))
    heard = [wrong, replace(wrong, scan_id="E2", corrects_scan_id="E1", voids=True, received_at=after(1) + timedelta(hours=1))]

    states, outcomes = fold_many(Facts.of({"scans": scan_frame(heard)}).scans)

    assert states.select("status", "last_heard_at").row(0) == ("unknown", None)
    assert outcomes.is_empty()


def test_no_scans_fold_to_nothing() -> None:
    """An empty frame is a valid frame."""
    states, outcomes = fold_many(Facts.of({}).scans)

    assert (states.height, outcomes.height) == (0, 0)
    assert states.schema["status_since"] == pl.Int64
