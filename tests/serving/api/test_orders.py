"""An order is complete when its last shipment has come."""

from datetime import datetime

import pytest

from tests.serving.api.test_estimates import BOOK, KnowsServices
from training.checkout.dependence import PHASES, Dependence


@pytest.fixture
def second(client, key, registered, shipment_body):
    """A second shipment of the order O1."""
    body = {**shipment_body, "shipment_id": "S2", "order": "O1", "tracking_number": "TN-S2", "parcels": []}
    assert client.post("/v1/shipments", json=body, headers=key).status_code == 201


def complete(client, order_id="O1"):
    answer = client.get(f"/v1/orders/{order_id}/complete")
    assert answer.status_code == 200, answer.text
    return answer.json()


def hours(window):
    start, end = (datetime.fromisoformat(window[name]) for name in ("start", "end"))
    return (end - start).total_seconds() / 3600


def test_the_last_of_two_is_later_than_each(client, second):
    """The window holds with 90 %, its middle lies after the middle of each shipment, and the shipments are named."""
    told = complete(client)

    assert (told["state"], told["window"]["level"], told["dependence"]) == ("open", 0.9, "none")
    assert told["window"]["timezone"] == "America/New_York"
    assert [one["shipment_id"] for one in told["shipments"]] == ["S1", "S2"]
    assert told["percentiles"][0]["at"] > max(one["p50"] for one in told["shipments"])


def test_dependence_makes_the_window_begin_earlier(client, second, forecaster, monkeypatch):
    """What was learnt of orders is used, and said."""
    before = complete(client)
    shares = {"order": 0.6, "origin_day": 0.1, "lane_day": 0.2, "destination_day": 0.0}
    learnt = Dependence(dict.fromkeys(PHASES, shares), dict.fromkeys(PHASES, 99))
    monkeypatch.setattr(forecaster, "checkout", KnowsServices(BOOK, learnt))
    told = complete(client)

    assert told["dependence"] == "learnt"
    assert told["window"]["start"] < before["window"]["start"]
    assert hours(told["window"]) > hours(before["window"])


def test_what_was_learnt_at_checkout_says_nothing_of_labels(client, second, forecaster, monkeypatch):
    """Shipments with labels that only checkouts were learnt of are taken as if they knew nothing of each other, and it is said so."""
    before = complete(client)
    nothing = Dependence.nothing()
    only_checkout = Dependence(
        {**nothing.shares, "checkout": {**nothing.shares["checkout"], "order": 0.6}}, {**nothing.groups, "checkout": 99}
    )
    monkeypatch.setattr(forecaster, "checkout", KnowsServices(BOOK, only_checkout))
    told = complete(client)

    assert (told["dependence"], told["window"]) == ("none", before["window"])


def test_an_order_of_one_is_its_shipment(client, registered):
    """Its median is the shipment's, to the minute that ETAs are rounded to."""
    told = complete(client)
    shipment = client.get("/v1/shipments/S1/eta").json()

    assert abs((datetime.fromisoformat(told["percentiles"][0]["at"]) - datetime.fromisoformat(shipment["p50"])).total_seconds()) <= 60


def test_what_has_come_decides_no_more(client, key, second, scan, clock):
    """With one delivered the other decides alone; with both delivered the order is complete since the later one."""
    clock.turn(hours=30)
    delivered = scan("C1", status="delivered", occurred_at="2026-06-02T12:00:00Z")
    assert client.post("/v1/scans", json=delivered, headers=key).status_code < 300
    half = complete(client)
    client.post("/v1/scans", json={**delivered, "scan_id": "C2", "shipment_id": "S2", "occurred_at": "2026-06-02T15:00:00Z"}, headers=key)
    told = complete(client)

    assert (half["state"], half["shipments"][0]["delivered_at"]) == ("open", "2026-06-02T12:00:00Z")
    assert (told["state"], told["completed_at"], told["window"]) == ("complete", "2026-06-02T15:00:00Z", None)


def test_an_order_whose_shipment_returns_is_never_said_to_be_complete(client, key, second, scan, clock):
    """No window: not all of them come to the door."""
    clock.turn(hours=30)
    client.post("/v1/scans", json=scan("C1", status="returning", occurred_at="2026-06-02T12:00:00Z"), headers=key)
    told = complete(client)

    assert (told["state"], told["window"], told["percentiles"]) == ("no_arrival", None, [])


def test_an_order_without_shipments_is_empty(client, key):
    """Known, and nothing on its way yet."""
    client.post("/v1/orders", json={"order_id": "O9", "ordered_at": "2026-06-01T11:00:00Z"}, headers=key)

    assert complete(client, "O9")["state"] == "empty"


def test_an_unknown_order_is_not_found(client):
    """404 with the value."""
    answer = client.get("/v1/orders/nobody/complete")

    assert answer.status_code == 404
    assert "nobody" in answer.json()["detail"]
