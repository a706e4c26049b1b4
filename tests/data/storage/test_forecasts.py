"""Forecasts are kept for good."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from data.domain.errors import Conflict, InvalidFact, NotFound
from data.storage.store import Store
from data.storage.tables import APPEND_ONLY
from tests.data.storage.known_facts import HOSTILE, known_facts, make_forecast
from tests.makers import after


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(), source="test")
    return store


def test_a_forecast_comes_back_exactly(store: Store) -> None:
    """Quantiles to the microsecond, reasons with their evidence, text as it was."""
    forecasts = [make_forecast(f"F{i}", "S2", after(i), late_probability=None) for i in range(3)]
    forecasts += [replace(make_forecast(f"H{i}", "S2", after(10 + i)), input_digest=text) for i, text in enumerate(HOSTILE)]

    store.forecasts.append(forecasts)

    assert store.forecasts.history("S2") == tuple(forecasts)


def test_the_latest_is_by_what_was_seen(store: Store) -> None:
    """A backfilled forecast of an earlier moment never becomes the latest; at one moment the later computing wins."""
    store.forecasts.append([make_forecast("F2", "S2", after(20)), make_forecast("F1", "S1", after(5))])
    store.forecasts.append([make_forecast("F3", "S2", after(10), made_at=after(99))])
    assert store.forecasts.latest(["S1", "S2", "S3"])["S2"].forecast_id == "F2"

    store.forecasts.append([make_forecast("F0", "S2", after(20), made_at=after(21))])

    assert {name: forecast.forecast_id for name, forecast in store.forecasts.latest(["S1", "S2", "S3"]).items()} == {"S1": "F1", "S2": "F0"}


def test_the_same_forecast_again_changes_nothing(store: Store) -> None:
    """Appending is safe to repeat."""
    store.forecasts.append([make_forecast(), make_forecast()])
    store.forecasts.append([make_forecast(), make_forecast("F2")])

    assert [forecast.forecast_id for forecast in store.forecasts.history("S2")] == ["F1", "F2"]


def test_a_forecast_is_never_overwritten(store: Store) -> None:
    """A known id with other content is a Conflict, and nothing of that call is stored."""
    store.forecasts.append([make_forecast()])

    with pytest.raises(Conflict, match="'F1'"):
        store.forecasts.append([make_forecast("F2"), make_forecast(late_probability=0.9)])
    with pytest.raises(Conflict, match="'F3'"):
        store.forecasts.append([make_forecast("F3"), make_forecast("F3", late_probability=0.9)])

    assert store.forecasts.history("S2") == (make_forecast(),)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET shipment_id = shipment_id", "DELETE FROM {}"])
def test_the_database_itself_refuses_changes(store: Store, table: str, change: str) -> None:
    """Even a statement past our code cannot change a forecast or a scan, and the neighbours in its commit are safe."""
    store.forecasts.append([make_forecast()])

    with pytest.raises(IntegrityError, match="append-only"):
        store._database.write(lambda connection: connection.execute(sa.text(change.format(table))))

    assert store.forecasts.latest(["S2"]) == {"S2": make_forecast()}


def test_a_forecast_needs_a_shipment(store: Store) -> None:
    """An unknown shipment is named."""
    with pytest.raises(NotFound, match="'S9'"):
        store.forecasts.append([make_forecast(), make_forecast("F2", "S9")])

    assert store.forecasts.history("S2") == ()


@pytest.mark.parametrize("broken", [{"late_probability": float("nan")}, {"timezone": "\ud800"}, {"model_version": "\x00"}])
def test_what_no_database_holds_is_refused(store: Store, broken: dict[str, object]) -> None:
    """NaN would become null on one engine and an error on the other."""
    with pytest.raises(InvalidFact):
        store.forecasts.append([replace(make_forecast(), **broken)])


def test_asking_for_nothing(store: Store) -> None:
    """No shipments, no forecasts; no forecasts, no work."""
    store.forecasts.append([])

    assert store.forecasts.latest([]) == {}
    assert store.forecasts.history("S3") == ()
