"""Pace is told by the local hour of the week in which the way starts, as known before the moment."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.features.build import build
from training.features.subjects import subjects_of
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.history.keys import start_week_hours

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def rides(starts_and_minutes, *, zone="UTC") -> Facts:
    """Make rides of 20 planned minutes that were picked up at their creation, heard at once."""
    sent, scans = [], []
    for n, (start, minutes) in enumerate(starts_and_minutes):
        name = f"S{n:03d}"
        sent.append(
            {
                "shipment_id": name,
                "order_id": name,
                "carrier": "c",
                "service": "s",
                "created_at": start,
                "planned_minutes": 20.0,
                "origin_timezone": zone,
            }
        )
        ends = [("in_transit", start)] + ([] if minutes is None else [("delivered", start + timedelta(minutes=minutes))])
        scans += [
            {
                "scan_id": f"{name}/{status}",
                "shipment_id": name,
                "status": status,
                "occurred_at": at,
                "received_at": at,
                "source": "t",
                "zone_basis": "explicit",
                "voids": False,
            }
            for status, at in ends
        ]
    orders = pl.DataFrame([{"order_id": row["shipment_id"], "ordered_at": row["created_at"]} for row in sent])
    return Facts.of({"orders": orders, "shipments": pl.DataFrame(sent), "scans": pl.DataFrame(scans)})


def level(facts: Facts, number: int, at: datetime, column: str) -> float:
    vocabulary = Vocabulary.learn(facts)
    moment = Moments(np.array([f"S{number:03d}"], dtype=object), np.array([micros(at)]))
    matrix = build(facts, moment, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    return float(matrix.column(f"history.pace.{column}.60d")[0])


@pytest.mark.parametrize(
    ("start", "zone", "hour"),
    [
        (MONDAY, "UTC", 0),
        (MONDAY - timedelta(minutes=1), "UTC", 167),
        (MONDAY, "America/New_York", 6 * 24 + 20),
        (MONDAY + timedelta(days=4, hours=17, minutes=59), "UTC", 4 * 24 + 17),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin", 6 * 24 + 3),
    ],
)
def test_the_week_starts_on_monday_by_the_clock_of_the_origin(start, zone, hour):
    """Monday midnight is 0, Sunday's last hour 167; clocks that change are followed."""
    facts = rides([(start, 20.0)], zone=zone)

    assert start_week_hours(subjects_of(facts), np.array([0]), np.array([micros(start)])).tolist() == [hour]


def test_friday_evening_is_not_monday_evening():
    """Rides take twice as long at six on Fridays, and their planned time at six on other days: the hour of the day says something in between."""
    week = [(MONDAY + timedelta(days=7 * w + d, hours=18), 40.0 if d == 4 else 20.0) for w in range(12) for d in range(5)]
    friday, monday = MONDAY + timedelta(days=7 * 12 + 4, hours=18), MONDAY + timedelta(days=7 * 13, hours=18)
    facts = rides([*week, (friday, None), (monday, None)])

    assert level(facts, 60, friday, "start_week_hour") > level(facts, 60, friday, "start_hour") + 0.1
    assert level(facts, 61, monday, "start_week_hour") < level(facts, 61, monday, "start_hour")


def test_a_pace_counts_only_once_it_was_heard():
    """A ride that ends after the moment teaches nothing before, at the hour of the week neither."""
    start = MONDAY + timedelta(days=4, hours=18)
    facts = rides([(start, 40.0), (start + timedelta(minutes=5), 80.0), (start + timedelta(minutes=10), None)])

    assert np.isnan(level(facts, 2, start + timedelta(minutes=10), "start_week_hour"))
    assert level(facts, 2, start + timedelta(minutes=41), "start_week_hour") != level(
        facts, 2, start + timedelta(minutes=90), "start_week_hour"
    )
