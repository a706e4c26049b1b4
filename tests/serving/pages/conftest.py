"""Give the pages a small world: one parcel on its way, some at risk, some delivered."""

from dataclasses import dataclass, replace

import pytest
from starlette.testclient import TestClient

from data.domain.forecasts import Reason
from data.domain.statuses import Status
from data.storage.store import Store
from tests.makers import after, make_order, make_shipment
from tests.maps.journeys import CHANGED, SCANS, make_forecast
from tests.serving.pages.stored import application, keep


@dataclass
class World:
    """Hold a running application, its store, a customer's link and an operations key."""

    client: TestClient
    store: Store
    token: str
    key: str


def fill(store: Store) -> None:
    keep(store, shipment_id="S1", scans=SCANS[:5], forecasts=CHANGED)
    for number, late in enumerate((0.9, 0.6, 0.3, 0.1)):
        reasons = (Reason("weather", 4.0 + number), Reason("progress", -1.0))
        keep(
            store,
            shipment_id=f"P{number}",
            order=make_order(f"1000{number}"),
            shipment=replace(make_shipment(), carrier=("swift", "meridian")[number % 2]),
            scans=SCANS[: 3 + number % 2],
            forecasts=(make_forecast(29, 50, 60, 70, late=late, reasons=reasons),),
        )
    for number in range(3):
        done = replace(
            SCANS[8], scan_id="done", status=Status.DELIVERED, occurred_at=after(26 + 3 * number), received_at=after(28 + number / 2)
        )
        keep(store, shipment_id=f"D{number}", scans=(SCANS[1], done), forecasts=(make_forecast(2, 25, 27, 28),))


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    app = application(tmp_path_factory.mktemp("state"), after(31))
    wiring = app.state.wiring
    fill(wiring.store)
    with TestClient(app, headers={"Accept": "text/html"}) as client:
        yield World(client, wiring.store, wiring.store.tokens.issue("S1"), wiring.keyring.first_key)


@pytest.fixture
def world(running):
    """Give the module's world to one test, signed out."""
    running.client.cookies.clear()
    return running


@pytest.fixture(scope="module")
def browser():
    """Give a headless Chromium to the tests of one module."""
    from playwright.sync_api import sync_playwright

    from tests.serving.pages.test_browser import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def opened(browser):
    """Open pages that are watched, and close them after the test."""
    from tests.serving.pages.test_browser import DESK, Watched

    contexts = []

    def opener(size=DESK, **options):
        context = browser.new_context(viewport=size, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Watched(context.new_page())

    yield opener
    for context in contexts:
        context.close()
