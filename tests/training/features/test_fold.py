"""The compiled fold says what `data.domain.journeys` says, on any set of scans."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.journeys import as_seen, outcome_of
from data.domain.scans import Scan
from data.domain.statuses import PROGRESS, Status
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.makers import MONDAY_NOON, after
from training.features.codes import UNKNOWN_TIME
from training.features.fold import fold
from training.features.scans import sorted_scans
from training.features.subjects import subjects_of
from training.history.outcomes import outcomes_of

STATUSES = list(Status)
IDS = [f"scan {letter}" for letter in "ABCDEFGH"]


@st.composite
def scan_sets(draw: st.DrawFn) -> list[Scan]:
    """Draw scans of two shipments with clock errors, corrections of each other, voids, repetitions and days of silence."""
    hours = st.integers(0, 30) | st.sampled_from([0, 5, 24 * 31, 24 * 62])
    scans = []
    for scan_id in draw(st.lists(st.sampled_from(IDS), unique=True)):
        occurred = draw(hours)
        scans.append(
            Scan(
                scan_id,
                draw(st.sampled_from(["S1", "S2"])),
                draw(st.sampled_from(STATUSES)),
                after(occurred),
                after(draw(hours)),
                facility_id=draw(st.sampled_from([None, "MEM", "ORD", "nowhere"])),
                raw_code=draw(st.sampled_from([None, "x", "y\0"])),
                parcel_id=draw(st.sampled_from([None, "1"])),
                corrects_scan_id=draw(st.none() | st.sampled_from(IDS)),
                voids=draw(st.booleans()),
            )
        )
    for again in draw(st.lists(st.integers(0, 7), max_size=3, unique=True)):
        if again < len(scans):  # the same happening told once more under another id, perhaps later
            scans.append(
                replace(scans[again], scan_id=f"again {again}", received_at=max(scans[again].occurred_at, after(draw(hours))), voids=False)
            )
    return scans


def facts_of(scans: list[Scan]) -> Facts:
    schema = {"occurred_at": pl.Datetime("us", "UTC"), "received_at": pl.Datetime("us", "UTC")}
    rows = [asdict(scan) | {"status": str(scan.status), "zone_basis": str(scan.zone_basis)} for scan in scans]
    shipments = pl.DataFrame(
        {"shipment_id": ["S1", "S2"], "order_id": ["O", "O"], "carrier": ["c", "c"], "service": ["s", "s"], "created_at": [MONDAY_NOON] * 2}
    )
    orders = pl.DataFrame({"order_id": ["O"], "ordered_at": [MONDAY_NOON]})
    tables = {"orders": orders, "shipments": shipments}
    return Facts.of(tables | ({"scans": pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)} if rows else {}))


def instant(value: int) -> datetime | None:
    return None if value == UNKNOWN_TIME else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(value))


@settings(max_examples=300, deadline=None)
@given(scan_sets(), st.lists(st.integers(0, 40) | st.sampled_from([24 * 31, 24 * 32, 24 * 100]), min_size=1, max_size=5), st.randoms())
def test_the_fold_equals_the_domain(scans, hours, order):
    """Status, times, facility, attempts and counts equal those of the domain's fold, whatever the order and repetition of the scans."""
    stored = [*scans, *scans[:3]]
    order.shuffle(stored)
    ids = [shipment for shipment in ("S1", "S2") for _ in hours]
    moments = Moments(np.array(ids, dtype=object), np.array([micros(after(hour)) for hour in hours] * 2))
    subjects = subjects_of(facts_of(stored), moments)
    sorted_ = sorted_scans(subjects)
    states = fold(sorted_, subjects.row, subjects.at)
    facilities = [*sorted_.facility_ids.texts.to_list(), None]
    for i, shipment in enumerate(ids):
        journey = as_seen([scan for scan in scans if scan.shipment_id == shipment], instant(moments.at[i]))
        times = ("status_since", "possession_at", "delivered_at")
        assert {name: instant(getattr(states, name)[i]) for name in times} == {name: getattr(journey, name) for name in times}
        assert instant(states.heard_at[i]) == journey.last_heard_at
        assert states.status[i] == PROGRESS[journey.status]
        assert facilities[states.facility[i]] == journey.last_facility_id
        counts = (states.failed_attempts[i], states.unmapped[i], states.repetitions[i], states.checkpoints[i])
        assert counts == (journey.failed_attempts, journey.unmapped, journey.repetitions, len(journey.checkpoints))


@settings(max_examples=200, deadline=None)
@given(scan_sets())
def test_outcomes_are_what_was_first_heard(scans):
    """Possession, delivery and other ends are those that the domain's fold shows at the first receipt that shows any."""
    found = outcomes_of(sorted_scans(subjects_of(facts_of(scans))))
    for s, shipment in enumerate(("S1", "S2")):
        own = [scan for scan in scans if scan.shipment_id == shipment]
        heard = sorted({scan.received_at for scan in own})
        delivered = next(((as_seen(own, at).delivered_at, at) for at in heard if as_seen(own, at).delivered_at), (None, None))
        assert (instant(found.delivered_at[s]), instant(found.delivered_known_at[s])) == delivered
        until = [at for at in heard if delivered[1] is None or at <= delivered[1]]
        ends = [outcome_of(shipment, own, at) for at in until]
        gone = next((at for at, end in zip(until, ends, strict=True) if end and end.status is not Status.DELIVERED), None)
        assert instant(found.gone_known_at[s]) == gone
        if delivered[1] and found.picked_up_at[s] != UNKNOWN_TIME:
            assert instant(found.picked_up_at[s]) == as_seen(own, delivered[1]).possession_at


def test_a_facility_stay_counts_from_its_first_scan():
    """The stay at the last facility starts with its first scan and ends with its last, and the last mapped code is kept."""
    stay = [("a", "MEM", 1), ("b", "MEM", 4), ("c", None, 5)]
    scans = [Scan(i, "S1", Status.IN_TRANSIT, after(h), after(h), facility_id=f, raw_code=i) for i, f, h in stay]
    subjects = subjects_of(facts_of(scans), Moments(np.array(["S1"], dtype=object), np.array([micros(after(9))])))
    sorted_ = sorted_scans(subjects)
    states = fold(sorted_, subjects.row, subjects.at)
    assert [instant(states.facility_since[0]), instant(states.facility_until[0])] == [after(1), after(4)]
    assert sorted_.raw_codes.texts[int(states.raw_code[0])] == "c"
