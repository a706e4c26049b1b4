from datetime import timedelta

import pytest

from data.domain.statuses import Status
from data.storage.waiting import waiting_for_forecast
from serving.api.metrics import Metrics
from serving.forecasting import forecast_and_tell
from serving.jobs.reforecast import RETRY_AFTER, Reforecaster
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeForecaster, FakeModels
from tests.makers import make_scan


@pytest.fixture
def reforecaster(wiring):
    return Reforecaster(wiring, Metrics(wiring))


def register(client, key, body, count):
    for number in range(count):
        sent = {**body, "shipment_id": f"S{number}", "parcels": []}
        assert client.post("/v1/shipments", json=sent, headers=key).status_code == 201


def test_a_batch_of_scans_is_forecast_in_the_background(client, key, shipment_body, scan, clock, wiring, reforecaster):  # noqa: PLR0917 - fixtures come by name
    """A batch is answered at once; what it touched waits until the background comes."""
    register(client, key, shipment_body, 3)
    clock.turn(minutes=1)
    client.post("/v1/scans", json={"scans": [scan(f"C{n}", shipment_id=f"S{n}") for n in range(2)]}, headers=key)
    waiting = waiting_for_forecast(wiring.store, now=clock(), limit=10)

    assert waiting == ("S0", "S1")
    assert reforecaster.run_once() == 2
    assert waiting_for_forecast(wiring.store, now=clock(), limit=10) == ()
    assert reforecaster.run_once() == 0


def test_a_crash_between_scan_and_forecast_loses_nothing(client, key, registered, clock, wiring, settings):  # noqa: PLR0917 - fixtures come by name
    """Durable scans without a forecast are found by the next process: what waits is read from the store alone."""
    clock.turn(minutes=1)
    wiring.store.scans.append([make_scan("C1", Status.IN_TRANSIT, clock())])
    wiring.close()
    with open_wiring(settings, clock=clock, models=FakeModels()) as revived:
        revived.model.refresh()
        clock.turn(minutes=1)

        assert Reforecaster(revived, Metrics(revived)).run_once() == 1
        assert revived.store.forecasts.latest(["S1"])["S1"].as_of == clock()


def test_a_scan_being_written_is_not_overlooked(client, registered, clock, wiring):
    """A forecast made while a scan is on its way to the disk looks from before that scan, so the scan still counts as news."""
    clock.turn(minutes=1)
    with wiring.watermark.stamp(["S1"]) as heard_at:
        clock.turn(seconds=5)
        assert wiring.seen_at(["other"]) == clock(), "other shipments are not held back"
        forecast_and_tell(wiring, ["S1"])
        wiring.store.scans.append([make_scan("C1", Status.IN_TRANSIT, heard_at, heard_at)])

    assert wiring.store.forecasts.latest(["S1"])["S1"].as_of < heard_at
    assert waiting_for_forecast(wiring.store, now=clock(), limit=10) == ("S1",)


def test_shipments_that_nobody_forecast_yet_wait_too(client, key, registered, scan, wiring, clock, reforecaster, shipment_body):  # noqa: PLR0917 - fixtures come by name
    """An import brings open shipments without forecasts; ended ones and those of tomorrow do not wait."""
    wiring.model._forecaster = None
    client.post("/v1/shipments", json={**shipment_body, "shipment_id": "NEW", "parcels": []}, headers=key)
    client.post("/v1/shipments", json={**shipment_body, "shipment_id": "DONE", "parcels": []}, headers=key)
    tomorrow = {**shipment_body, "shipment_id": "TOMORROW", "parcels": [], "created_at": "2026-06-02T12:00:00Z"}
    client.post("/v1/shipments", json=tomorrow, headers=key)
    client.post("/v1/scans", json=scan("C9", shipment_id="DONE", status="delivered"), headers=key)

    assert waiting_for_forecast(wiring.store, now=clock(), limit=10) == ("NEW",)
    assert reforecaster.run_once() == 0, "no model serves"


def test_one_shipment_that_breaks_the_model_does_not_stop_the_others(  # noqa: PLR0917 - fixtures come by name
    client, key, shipment_body, clock, wiring, forecaster, reforecaster, scan
):
    """It is left alone for a while and then tried again; scans of it are taken all the same."""
    register(client, key, shipment_body, 3)
    forecaster.broken = ("S1",)
    clock.turn(minutes=1)
    client.post("/v1/scans", json={"scans": [scan(f"C{n}", shipment_id=f"S{n}") for n in range(3)]}, headers=key)

    assert reforecaster.run_once() == 2
    assert reforecaster.run_once() == 0
    single = client.post("/v1/scans", json=scan("D1", shipment_id="S1"), headers=key)
    assert (single.status_code, single.json()["forecast"]) == (201, "later")
    forecaster.broken = ()
    clock.turn(seconds=(RETRY_AFTER + timedelta(seconds=1)).total_seconds())
    assert reforecaster.run_once() == 1


def test_subscribers_hear_of_every_stored_forecast(client, key, registered, scan, wiring):
    """The feed tells each forecast once, and no more after leaving."""
    heard = []
    leave = wiring.feed.subscribe(heard.append)
    client.post("/v1/scans", json=scan(), headers=key)
    leave()
    client.post("/v1/scans", json=scan("C2", status="in_transit"), headers=key)

    assert [forecast.shipment_id for forecast in heard] == ["S1"]


def test_many_shipments_are_worked_off_in_batches(client, wiring, clock, settings: Settings, monkeypatch, key, shipment_body, scan):  # noqa: PLR0917 - fixtures come by name
    """What does not fit in one batch comes in the next."""
    monkeypatch.setattr("serving.jobs.reforecast.BATCH", 2)
    wiring.model._forecaster = None
    register(client, key, shipment_body, 5)
    wiring.model._forecaster = FakeForecaster()
    job = Reforecaster(wiring, Metrics(wiring))

    assert [job.run_once() for _ in range(4)] == [2, 2, 1, 0]


def test_news_from_the_future_does_not_keep_the_background_busy(client, registered, clock, wiring, reforecaster, forecaster):  # noqa: PLR0917 - fixtures come by name
    """A scan that says it was heard in an hour waits for an hour; nothing is forecast over and over."""
    heard_at = clock() + timedelta(hours=1)
    wiring.store.scans.append([make_scan("C1", Status.IN_TRANSIT, clock(), heard_at)])
    asked = forecaster.asked

    assert reforecaster.run_once() == 0
    client.get("/v1/shipments/S1/eta")
    assert forecaster.asked == asked
    clock.turn(hours=1)
    assert reforecaster.run_once() == 1
