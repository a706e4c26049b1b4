from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest


def eta(client, shipment_id="S1"):
    answer = client.get(f"/v1/shipments/{shipment_id}/eta")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_open_shipment_has_window_risk_reasons_and_provenance(client, registered):
    """The answer holds target, quantiles, the 80 % window in UTC and local time, risk, reasons, model version and digest."""
    said = eta(client)

    assert (said["state"], said["target"], said["model_version"]) == ("open", "delivered", "fake-1")
    assert said["p10"] < said["p50"] < said["p90"]
    assert said["window"]["level"] == 0.8
    assert said["window"]["timezone"] == "America/New_York"
    assert datetime.fromisoformat(said["window"]["start_local"]) == datetime.fromisoformat(said["window"]["start"])
    assert said["window"]["start_local"].endswith("-04:00")
    assert 0 <= said["late_probability"] <= 1
    assert said["on_time_status"] == "on_time"
    assert [reason["code"] for reason in said["reasons"]] == ["calendar", "history"]
    assert said["as_of"] == said["made_at"] == "2026-06-01T13:00:00Z"
    assert said["input_digest"]
    assert said["actual"] is None


def test_a_fresh_forecast_is_not_made_again(client, registered, forecaster, clock):
    """Within 15 minutes the stored forecast is shown, given that the shipment is still open."""
    before = eta(client)
    asked = forecaster.asked
    clock.turn(minutes=14)
    after = eta(client)

    assert forecaster.asked == asked
    assert after["forecast_id"] == before["forecast_id"]
    assert before["p50"] < after["p50"]


def test_an_old_forecast_is_made_again(client, registered, forecaster, clock):
    """After more than 15 minutes the model is asked."""
    before = eta(client)
    clock.turn(minutes=16)
    after = eta(client)

    assert after["forecast_id"] != before["forecast_id"]
    assert after["as_of"] == "2026-06-01T13:16:00Z"


def test_many_who_ask_at_once_ask_the_model_once(client, registered, forecaster, clock):
    """A stale forecast of a popular shipment is made once."""
    clock.turn(minutes=16)
    asked = forecaster.asked
    with ThreadPoolExecutor(8) as crowd:
        said = list(crowd.map(lambda _: eta(client)["forecast_id"], range(8)))

    assert forecaster.asked == asked + 1
    assert len(set(said)) == 1


def test_a_new_scan_makes_a_new_forecast_in_the_same_request(client, key, registered, scan, clock):
    """After a scan is acknowledged, the eta knows it."""
    before = eta(client)
    clock.turn(minutes=1)
    taken = client.post("/v1/scans", json=scan(), headers=key)
    after = eta(client)

    assert taken.json()["forecast"] == "made"
    assert after["input_digest"] != before["input_digest"]
    assert after["status"] == "accepted"


@pytest.mark.parametrize("hours", [0.1, 1, 5, 40, 100, 400, 2000])
def test_no_window_lies_in_the_past(client, registered, clock, hours):
    """However late it is asked for, window and quantiles of an open shipment begin now or later."""
    clock.turn(hours=hours)
    said = eta(client)

    assert said["seen_at"] <= said["window"]["start"] < said["window"]["end"]
    assert said["seen_at"] <= said["p10"] < said["p50"] < said["p90"]


def test_a_delivered_shipment_tells_what_happened_instead(client, key, registered, scan, clock):
    """An ended shipment has no forecast but its actual time, and stands against the promise by what happened."""
    client.post("/v1/scans", json=scan("C9", status="delivered", occurred_at="2026-06-01T12:50:00Z"), headers=key)
    said = eta(client)

    assert (said["state"], said["status"]) == ("ended", "delivered")
    assert said["window"] is said["p50"] is said["forecast_id"] is None
    assert said["actual"]["occurred_at"] == "2026-06-01T12:50:00Z"
    assert said["actual"]["occurred_local"] == "2026-06-01T08:50:00-04:00"
    assert said["on_time_status"] == "on_time"


def test_a_late_delivery_is_late(client, key, registered, scan, clock):
    """Delivered after the promise is late, and stays late."""
    clock.turn(days=6)
    client.post("/v1/scans", json=scan("C9", status="delivered", occurred_at="2026-06-06T12:00:00Z"), headers=key)

    assert eta(client)["on_time_status"] == "late"


def test_a_passed_promise_is_certainly_missed(client, registered, clock):
    """An open shipment after its promise has late probability 1."""
    clock.turn(days=10)
    said = eta(client)

    assert (said["late_probability"], said["on_time_status"]) == (1.0, "late")


def test_a_returning_shipment_has_no_arrival(client, key, registered, scan):
    """Nobody comes to the door any more: there is no window to show."""
    client.post("/v1/scans", json=scan("C5", status="returning"), headers=key)
    said = eta(client)

    assert (said["state"], said["status"], said["window"]) == ("no_arrival", "returning", None)


def test_a_shipment_of_tomorrow_has_no_arrival_yet(client, key, shipment_body):
    """A shipment whose label is made tomorrow is not forecast today."""
    client.post("/v1/shipments", json={**shipment_body, "created_at": "2026-06-02T12:00:00Z"}, headers=key)

    assert eta(client)["state"] == "no_arrival"


def test_without_a_promise_there_is_no_risk(client, key, shipment_body):
    """Risk is against a promise; without one it is null, not zero."""
    del shipment_body["promised_at"]
    client.post("/v1/shipments", json=shipment_body, headers=key)
    said = eta(client)

    assert (said["late_probability"], said["promise"], said["on_time_status"]) == (None, None, "unknown")
    assert said["carrier_date"]["on_time_status"] == "trending_late"


def test_an_unknown_shipment_is_not_found(client):
    """404 with the id that was asked for."""
    answer = client.get("/v1/shipments/nobody/eta")

    assert answer.status_code == 404
    assert "'nobody'" in answer.json()["detail"]


def test_the_history_keeps_every_forecast(client, key, registered, clock):
    """Forecasts are appended, newest first."""
    first = eta(client)
    clock.turn(minutes=20)
    second = eta(client)
    told = client.get("/v1/shipments/S1/forecasts", headers=key).json()

    assert [one["forecast_id"] for one in told["forecasts"]] == [second["forecast_id"], first["forecast_id"]]
    assert told["total"] == 2
    assert [q["level"] for q in told["forecasts"][0]["quantiles"]] == [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]


def test_instants_are_utc_with_a_z(client, registered):
    """Every instant of the wire is RFC 3339 in UTC."""
    said = eta(client)

    for name in ("p10", "p50", "p90", "as_of", "made_at", "seen_at"):
        assert said[name].endswith("Z")
        assert datetime.fromisoformat(said[name]).utcoffset() == timedelta(0)
