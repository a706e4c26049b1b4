"""Scans are taken in once, durably, and move their shipment."""

import random
from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest

from data.domain.errors import InvalidFact, NotFound
from data.domain.journeys import as_seen, outcome_of
from data.domain.scans import Scan, ZoneBasis
from data.domain.statuses import Status
from data.storage import states as states_module
from data.storage.scans import Appended
from data.storage.store import Store
from tests.data.storage.known_facts import HOSTILE, NOW, SCANS, known_facts
from tests.makers import after, make_scan


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(()), source="test")
    return store


def test_a_scan_comes_back_as_it_was(store: Store) -> None:
    """Every field of a scan survives, hostile text too."""
    scans = [
        replace(make_scan(f"E{i}", Status.ON_HOLD, after(i), raw_text=text), zone_basis=ZoneBasis.PLACE, parcel_id="K1", source=text)
        for i, text in enumerate(HOSTILE)
    ]

    store.scans.append(scans)

    assert store.scans.of("S1") == tuple(scans)


def test_an_instant_of_another_zone_is_the_same_instant(store: Store) -> None:
    """A scan may arrive with any offset; it is stored as the instant it means."""
    zone = timezone(timedelta(hours=-6))
    scan = make_scan("E1", Status.ACCEPTED, after(2).astimezone(zone))

    store.scans.append([scan])

    (stored,) = store.scans.of("S1")
    assert stored == scan
    assert stored.occurred_at.tzinfo is UTC


def test_appending_says_what_became_of_each_scan(store: Store) -> None:
    """New, duplicate and conflict are told apart, within one batch too; the conflict is kept in quarantine."""
    scan = make_scan("E1", Status.ACCEPTED, after(2))
    other = replace(scan, raw_text="other")

    answers = store.scans.append([scan, scan, other])
    again = store.scans.append([scan, other])

    assert answers == (Appended("E1", "new"), Appended("E1", "duplicate"), Appended("E1", "conflict"))
    assert again == (Appended("E1", "duplicate"), Appended("E1", "conflict"))
    (kept,) = store.quarantine.list()
    assert (kept.refused.rule, kept.refused.row["raw_text"]) == ("conflict", "other")
    assert store.scans.of("S1") == (scan,)


def test_a_batch_with_an_unknown_shipment_is_refused_whole(store: Store) -> None:
    """The stranger is named and nothing of the batch is stored."""
    with pytest.raises(NotFound, match="'S9'"):
        store.scans.append([make_scan("E1", Status.ACCEPTED, after(1)), make_scan("E2", Status.ACCEPTED, after(1), shipment_id="S9")])

    assert store.scans.of("S1") == ()
    assert store.counts()["scans"] == 0


def test_text_that_is_no_text_is_refused(store: Store) -> None:
    """NUL and lone surrogates never reach the database, in no field."""
    for field in ("scan_id", "shipment_id", "raw_code", "raw_text", "facility_id", "source", "parcel_id", "corrects_scan_id"):
        for text in ("\x00", "a\ud800b"):
            with pytest.raises(InvalidFact, match=field):
                store.scans.append([replace(make_scan("E1", Status.ACCEPTED, after(1)), **{field: text})])

    assert store.counts()["scans"] == 0


def test_no_scans_are_no_work(store: Store) -> None:
    """An empty batch is answered at once."""
    assert store.scans.append([]) == ()


def test_scans_of_an_unknown_shipment(store: Store) -> None:
    """Nobody's scans are not an empty list."""
    for shipment_id in ("nobody", "\ud800", "S\x00"):
        with pytest.raises(NotFound):
            store.scans.of(shipment_id)


@pytest.mark.parametrize("one_by_one", [True, False], ids=["one by one", "in columns"])
def test_states_follow_the_fold(store: Store, monkeypatch: pytest.MonkeyPatch, *, one_by_one: bool) -> None:
    """After every append, in any order, state and outcome are what the domain says about the scans so far."""
    monkeypatch.setattr(states_module, "MOST_TO_FOLD_SINGLY", 1000 if one_by_one else 0)
    rng = random.Random(3)
    scans = [
        make_scan(
            f"E{i}", rng.choice(list(Status)), after(rng.randrange(40)), after(rng.randrange(40)), shipment_id=rng.choice(["S1", "S2"])
        )
        for i in range(24)
    ]
    scans += [replace(scans[3], scan_id="E90", corrects_scan_id="E3", voids=True)]

    for start in range(0, len(scans), 5):
        store.scans.append(scans[start : start + 5])
        for shipment_id in ("S1", "S2"):
            assert_state_is_folded(store, [scan for scan in scans[: start + 5] if scan.shipment_id == shipment_id], shipment_id)


def assert_state_is_folded(store: Store, heard: list[Scan], shipment_id: str) -> None:
    journey = as_seen(heard, NOW)
    summary = store.shipments.summary(shipment_id)
    assert (summary.status, summary.status_since, summary.last_heard_at) == (journey.status, journey.status_since, journey.last_heard_at)
    is_open = outcome_of(shipment_id, heard, NOW) is None
    assert (shipment_id in store.shipments.open_ids()) is is_open
    assert store.outcomes.of([shipment_id]) == ({} if is_open else {shipment_id: outcome_of(shipment_id, heard, NOW)})


def test_a_correction_takes_an_end_back(store: Store) -> None:
    """A delivery that was a mistake leaves no outcome behind."""
    wrong = make_scan("E1", Status.DELIVERED, after(5))
    store.scans.append([wrong])
    assert store.counts()["outcomes"] == 1

    store.scans.append([replace(wrong, scan_id="E2", corrects_scan_id="E1", voids=True)])

    assert store.counts()["outcomes"] == 0
    assert "S1" in store.shipments.open_ids()


def test_bulk_and_append_give_the_same_states(store: Store) -> None:
    """Facts that came in bulk and scans that came one by one lead to the same place."""
    store.facts.add(known_facts(), source="test")
    in_bulk = [store.shipments.summary(shipment_id) for shipment_id in ("S1", "S2", "S3")]
    late = make_scan("E9", Status.IN_TRANSIT, after(60), shipment_id="S2")

    store.scans.append([late])
    report = store.facts.add(known_facts([*SCANS, late]), source="test")

    assert [summary.status for summary in in_bulk] == [Status.DELIVERED, Status.ACCEPTED, Status.UNKNOWN]
    assert report.tables["scans"].unchanged == len(SCANS) + 1
    assert store.shipments.summary("S2").status is Status.IN_TRANSIT
