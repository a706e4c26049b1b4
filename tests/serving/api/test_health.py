import threading
import time

from starlette.testclient import TestClient

from data.domain.errors import Unavailable
from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeForecaster, FakeModels


def test_alive_and_ready(client):
    """Both say so, with the version that serves."""
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "database": "reachable", "model_version": "fake-1"}
    assert client.get("/v1/models/serving").json() == {"model_version": "fake-1"}


def test_without_a_model_the_next_step_is_named(settings):
    """503 with `doorcast train`, wherever a model is needed; the process is alive all the same."""
    with open_wiring(settings, models=FakeModels(serving=None)) as wiring:
        client = TestClient(create_app(settings, wiring=wiring))
        estimate = {"carrier": "a", "service": "b", "destination": {"postal_code": "98101"}}
        answers = [client.get("/readyz"), client.get("/v1/models/serving"), client.post("/v1/estimates", json=estimate)]
        answers.append(client.post("/v1/estimates/complete", json={"parcels": [estimate, estimate]}))

        assert client.get("/livez").status_code == 200
        for answer in answers:
            assert answer.status_code == 503
            assert "doorcast train" in answer.json()["detail"]
            assert answer.headers["retry-after"]


def test_an_unreachable_database_is_told(client, wiring, monkeypatch):
    """503 with the reason; hosts and folders stay in the log."""

    def away(**_):
        raise Unavailable("the connection was refused.")

    monkeypatch.setattr(wiring.store.shipments, "list", away)
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "database does not answer" in answer.json()["detail"]
    assert "refused" not in answer.text


def test_metrics_hold_no_ids(client, key, registered, scan):
    """Labels are templates and fixed words: no tracking number, no id, no path from outside, no made-up method."""
    client.post("/v1/scans", json=scan(), headers=key)
    client.get("/v1/shipments/S1/eta")
    client.get("/secret-path")
    client.request("BREW", "/livez")
    text = client.get("/metrics").text

    assert 'doorcast_scans_total{result="accepted"} 1.0' in text
    assert 'doorcast_requests_total{method="GET",route="/v1/shipments/{shipment_id}/eta",status="200"} 1.0' in text
    for private in ("S1", "TN-S1", "secret-path", "BREW"):
        assert private not in text


def test_two_apps_do_not_share_counters(client, tmp_path):
    """Each app has a registry of its own."""
    settings = Settings(state_folder=tmp_path / "other")
    with open_wiring(settings, models=FakeModels()) as wiring:
        other = TestClient(create_app(settings, wiring=wiring))
        client.get("/livez")

        assert 'route="/livez"' not in other.get("/metrics").text


def test_a_promotion_reaches_a_running_server(settings):
    """The background notices that another version serves; requests go on meanwhile and no window is without a model."""
    models = FakeModels(FakeForecaster("first"), FakeForecaster("second"), serving="first")
    wiring = open_wiring(settings, models=models)
    with TestClient(create_app(settings, wiring=wiring)) as client:
        assert version_becomes(client, "first")
        models.version = "second"

        assert version_becomes(client, "second")
    assert not [thread for thread in threading.enumerate() if thread.name == "doorcast-background"]


def version_becomes(client, version):
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        if client.get("/readyz").json().get("model_version") == version:
            return True
        time.sleep(0.05)
    return False
