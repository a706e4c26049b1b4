import numpy as np
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import micros
from tests.makers import after
from tests.training.explain.ways import way
from training.explain.timetable import Timetable

HOUR = 3_600_000_000


def test_departures_are_learnt_from_plans():
    """A departure planned three times is part of the timetable; the next one is found across the week."""
    facts = [way(shipment_id=f"S{k}") for k in range(3)]
    joined = Facts.of(
        {name: pl.concat([getattr(one, name) for one in facts]) for name in ("legs", "shipments")} | {"facilities": facts[0].facilities}
    )
    timetable = Timetable.learn(joined)
    at = micros(after(20))

    assert timetable.following("HUB", "END", "truck", "swift", at) == at
    assert timetable.following("HUB", "END", "truck", "swift", at + HOUR) == at + 7 * 24 * HOUR
    assert timetable.following("HUB", "END", "truck", "snail", at) is None


def test_no_vehicle_runs_on_a_holiday():
    """On the fourth of July the carriers rest."""
    daily = Timetable({"A\x1fB\x1ftruck\x1fswift": np.arange(7) * 1440}, {"A": "UTC"}, {"A": "US"}, 2.0)
    third = np.datetime64("2026-07-03T12:00", "us").astype(np.int64)

    assert daily.following("A", "B", "truck", "swift", int(third)) == int(np.datetime64("2026-07-05T00:00", "us").astype(np.int64))


def test_a_timetable_is_plain_data():
    """State and back."""
    timetable = Timetable.learn(way())
    again = Timetable.from_state(timetable.to_state())

    assert again.to_state() == timetable.to_state()


def test_the_door_is_served_by_service():
    """The van of one service is no van of another."""
    facts = [way(shipment_id=f"S{k}") for k in range(3)]
    joined = Facts.of(
        {name: pl.concat([getattr(one, name) for one in facts]) for name in ("legs", "shipments")} | {"facilities": facts[0].facilities}
    )
    timetable, at = Timetable.learn(joined), micros(after(44))

    assert timetable.following("END", None, "truck", "swift", at, service="ground") == at
    assert timetable.following("END", None, "truck", "swift", at, service="express") is None
