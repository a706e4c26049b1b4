"""An app over a small store, a fake model and a clock that tests turn."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from starlette.testclient import TestClient

from serving.app import create_app
from serving.logs import configure_logs
from serving.settings import Settings
from serving.wiring import Wiring, open_wiring
from tests.fakes.forecaster import FakeForecaster, FakeModels
from tests.makers import after


class TurnableClock:
    """Stands still until a test turns it."""

    def __init__(self, now: datetime):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def quiet_logs():
    """Write logs as the server does, where pytest captures them."""
    configure_logs("WARNING")
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(after(1))


@pytest.fixture
def forecaster() -> FakeForecaster:
    return FakeForecaster()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_folder=tmp_path / "state", database_url=None, api_keys={}, private_reads=False)


@pytest.fixture
def wiring(settings: Settings, clock: TurnableClock, forecaster: FakeForecaster):
    wiring = open_wiring(settings, clock=clock, models=FakeModels(forecaster))
    wiring.model.refresh()
    yield wiring
    wiring.close()


@pytest.fixture
def client(settings: Settings, wiring: Wiring):
    """Without the app's lifespan: no background thread, so that each test sees its own steps only."""
    return TestClient(create_app(settings, wiring=wiring))


@pytest.fixture
def key(wiring: Wiring) -> dict[str, str]:
    """Headers with a key that may do everything."""
    return {"X-API-Key": wiring.keyring.first_key}


@pytest.fixture
def shipment_body() -> dict:
    return {
        "shipment_id": "S1",
        "order": {"order_id": "O1", "ordered_at": "2026-06-01T11:00:00Z", "merchant": "Acme", "attributes": {"items": 2}},
        "carrier": "swift",
        "service": "ground",
        "created_at": "2026-06-01T12:00:00Z",
        "destination": {"postal_code": "11215", "country": "US"},
        "origin": {"city": "Memphis", "point": {"lat": 35.1175, "lon": -89.9711}},
        "tracking_number": "TN-S1",
        "promised_at": "2026-06-05T23:59:59-04:00",
        "carrier_promised_at": "2026-06-02T23:59:59-04:00",
        "parcels": [{"parcel_id": "P1", "weight_g": 900}],
        "legs": [{"from_facility_id": "MEM", "mode": "road", "planned_arrival_at": "2026-06-04T12:00:00Z", "distance_km": 1780}],
        "attributes": {"vehicle": "van", "weight_kg": 0.9},
    }


@pytest.fixture
def registered(client: TestClient, key: dict, shipment_body: dict) -> str:
    """The id of a shipment that is registered."""
    answer = client.post("/v1/shipments", json=shipment_body, headers=key)
    assert answer.status_code == 201, answer.text
    return "S1"


def scan_body(scan_id: str = "C1", **more) -> dict:
    return {"scan_id": scan_id, "shipment_id": "S1", "status": "accepted", "occurred_at": "2026-06-01T12:30:00Z", **more}


@pytest.fixture
def scan():
    """Gives the body of a scan of S1."""
    return scan_body
