"""Several parcels of one order stand on each other's pages, for those who may see the order."""

import pytest
from starlette.testclient import TestClient

from data.domain.statuses import Status
from tests.makers import after, make_order, make_scan
from tests.maps.journeys import SCANS
from tests.serving.pages.stored import application, keep


@pytest.fixture
def together(tmp_path):
    app = application(tmp_path, after(31))
    store = app.state.wiring.store
    for order, ends in (("done", (20, 26)), ("open", (20, None))):
        for number, hours in enumerate(ends):
            last = (make_scan(f"end{number}", Status.DELIVERED, after(hours), after(hours)),) if hours else SCANS[2:5]
            keep(store, shipment_id=f"{order}{number}", order=make_order(f"O-{order}"), scans=(*SCANS[:2], *last))
    with TestClient(app, headers={"Accept": "text/html"}) as client:
        yield client, store


def test_a_complete_order_says_when_everything_came(together):
    """Both parcels are listed with their moments; the last one completes the order."""
    client, store = together
    html = client.get(f"/track/{store.tokens.issue('done0')}").text.replace("\N{NO-BREAK SPACE}", " ")

    assert "2 parcels in this order" in html
    assert "Everything came by Tuesday 2 June, 10 a.m., Eastern time." in html
    assert html.count("(this page)") == 1


def test_an_order_nobody_can_forecast_leaves_the_page_as_it_is(together):
    """Without a model the page of one parcel still stands, without a window for all."""
    client, store = together
    answer = client.get(f"/track/{store.tokens.issue('open1')}")

    assert answer.status_code == 200
    assert "parcels in this order" not in answer.text


def test_a_status_link_shows_no_other_parcel(together):
    """The lesser scope opens one shipment and nothing beside it."""
    client, store = together
    html = client.get(f"/track/{store.tokens.issue('done0', scope='status')}").text

    assert "parcels in this order" not in html
