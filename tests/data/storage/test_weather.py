"""Expected weather is the newest word that could be had by the moment."""

from collections.abc import Iterator

import polars as pl
import pytest

from data.facts.facts import Facts
from data.storage.store import Store, open_store
from tests.data.storage.known_facts import NOW, known_facts
from tests.makers import after

RUNS = (("A", 0, 4, 24, 10.0), ("B", 6, 10, 24, 20.0), ("C", 12, 16, 24, 30.0), ("D", 6, 10, 25, 40.0), ("E", 6, 10, 400, 50.0))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a store in which JFK has three runs for one hour and one for two others."""
    rows = pl.DataFrame(
        {
            "weather_forecast_id": [row[0] for row in RUNS],
            "facility_id": ["JFK"] * len(RUNS),
            "issued_at": [after(row[1]) for row in RUNS],
            "available_at": [after(row[2]) for row in RUNS],
            "valid_at": [after(row[3]) for row in RUNS],
            "wind_kph": [row[4] for row in RUNS],
        }
    )
    facts = known_facts()
    with open_store(url, now=lambda: NOW) as opened:
        opened.facts.add(Facts.of({"facilities": facts.facilities, "weather_forecasts": rows}), source="test")
        yield opened


def winds(store: Store, known_by: float) -> list[tuple[float | None, float]]:
    found = store.weather.expected(["JFK", "MEM"], since=after(20), until=after(48), known_by=after(known_by))
    return [(one.wind_kph, (one.valid_at - after(0)).total_seconds() / 3600) for one in found]


@pytest.mark.parametrize(
    ("known_by", "expected"),
    [(3, []), (5, [(10.0, 24)]), (11, [(20.0, 24), (40.0, 25)]), (20, [(30.0, 24), (40.0, 25)])],
    ids=["before any run", "first run", "second run", "third run"],
)
def test_only_runs_that_were_out_count(store: Store, known_by: float, expected: list[tuple[float, float]]) -> None:
    """A run that was issued but not yet published says nothing; of published ones the newest speaks, hour by hour."""
    assert winds(store, known_by) == expected


def test_no_places_give_no_weather(store: Store) -> None:
    """A journey without a plan asks about no place."""
    assert store.weather.expected([], since=after(0), until=after(48), known_by=after(48)) == ()
