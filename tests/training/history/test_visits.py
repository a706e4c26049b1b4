"""Everybody's scans tell how a facility does, as soon as they are heard."""

import numpy as np
import polars as pl
import pytest

from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.features.little_world import hour, scan
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History


def facts_of(*ways: list[tuple[Status, float, str | None]]) -> Facts:
    """Make shipments with (status, hour, facility) scans, heard half an hour later; S000 sits in MEM."""
    scans = [scan(f"{n}/{i}", n, s, at, at + 0.5, f, None) for n, way in enumerate(ways) for i, (s, at, f) in enumerate(way)]
    ids = [f"S{n:03d}" for n in range(len(ways))]
    return Facts.of(
        {
            "orders": pl.DataFrame({"order_id": ["O"], "ordered_at": [hour(0)]}),
            "shipments": pl.DataFrame(
                {
                    "shipment_id": ids,
                    "order_id": "O",
                    "carrier": "c",
                    "service": "s",
                    "created_at": [hour(0)] * len(ids),
                    "origin_facility_id": "MEM",
                }
            ),
            "facilities": pl.DataFrame([{"facility_id": f, "name": f, "kind": "hub"} for f in ("MEM", "ORD")]),
            "scans": pl.DataFrame(scans, infer_schema_length=None),
        }
    )


MOVING = Status.IN_TRANSIT
SITS = [(MOVING, 1.0, "MEM")]


def columns(facts: Facts, at: float) -> dict[str, float]:
    vocabulary = Vocabulary.learn(facts)
    moments = Moments(np.array(["S000"], dtype=object), np.array([micros(hour(at))]))
    matrix = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    return dict(zip(matrix.names, matrix.values[0].tolist(), strict=True))


def test_a_slow_facility_is_seen_by_those_who_wait_in_it():
    """Others stayed 8 hours in MEM and 2 in ORD: waiting in MEM is slower than usual."""
    slow = [
        [
            (MOVING, 2.0 + n, "MEM"),
            (MOVING, 10.0 + n, "MEM"),
            (MOVING, 12.0 + n, "ORD"),
            (MOVING, 14.0 + n, "ORD"),
            (Status.OUT_FOR_DELIVERY, 14.1 + n, None),
        ]
        for n in range(20)
    ]
    row = columns(facts_of(SITS, *slow), 40)
    assert row["facility.here.dwell.20d"] > 1.2
    assert np.isnan(columns(facts_of(SITS, *slow), 10)["facility.here.dwell.20d"])


def test_those_who_never_leave_count_after_a_day():
    """Parcels that are stuck tell so a day later, without ever being scanned again."""
    leaves = [[(MOVING, 2.0, "MEM"), (MOVING, 5.0, "ORD"), (Status.OUT_FOR_DELIVERY, 9.0, None)] for _ in range(6)]
    stuck = [[(MOVING, 30.0 + n, "MEM")] for n in range(6)]
    facts = facts_of([(MOVING, 50.0, "MEM")], *leaves, *stuck)
    before, after = (
        columns(facts, 54)["facility.here.left_in_24_hours.1d_to_20d"],
        columns(facts, 61)["facility.here.left_in_24_hours.1d_to_20d"],
    )
    assert after < before


def test_late_news_of_an_older_scan_tells_nothing():
    """A scan heard late that happened before the latest known one is no visit."""
    way = [(MOVING, 2.0, "MEM"), (MOVING, 6.0, "ORD"), (MOVING, 9.0, "ORD"), (Status.OUT_FOR_DELIVERY, 10.0, None)]
    facts = facts_of(SITS, way)
    late = pl.DataFrame([scan("late", 1, MOVING, 3.0, 20.0, "ORD", None)], schema_overrides={"facility_id": pl.String()})
    with_late = Facts.of(
        dict(facts.tables())
        | {
            "scans": pl.concat(
                [facts.scans.select(late.columns), late.cast(dict(zip(late.columns, facts.scans.select(late.columns).dtypes, strict=True)))]
            )
        }
    )
    names = [name for name in columns(facts, 60) if name.startswith("facility.")]
    one, other = columns(facts, 60), columns(with_late, 60)
    assert [one[name] for name in names] == pytest.approx([other[name] for name in names], nan_ok=True)
