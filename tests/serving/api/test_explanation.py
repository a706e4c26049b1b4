import pytest


def explanation(client, shipment_id="S1", headers=None, end=""):
    answer = client.get(f"/v1/shipments/{shipment_id}/explanation{end}", headers=headers or {})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_parts_lead_from_the_usual_to_the_forecast(client, registered):
    """Usual, forecast and parts in hours that add up; it is the forecast of the ETA."""
    said = explanation(client)
    eta = client.get("/v1/shipments/S1/eta").json()

    assert (said["state"], said["audience"], said["forecast_id"]) == ("open", "customer", eta["forecast_id"])
    assert sum(part["hours"] for part in said["parts"]) == pytest.approx(said["hours"], abs=0.01)
    assert said["usual_at"] > said["forecast_at"]
    assert [(part["code"], part["hours"]) for part in said["parts"]] == [("calendar", -4.0), ("history", 1.5)]
    assert said["change"] is None


def test_customers_get_words_and_no_evidence(client, registered):
    """Sentences without codes, ids and technical names."""
    said = explanation(client)

    assert [part["text"] for part in said["parts"]] == ["No day of rest on the way", "This route has been slower lately"]
    assert all(part["evidence"] == [] for part in said["parts"])


def test_operations_need_their_scope(client, registered, key):
    """Without a key 401; with it the same parts."""
    assert client.get("/v1/shipments/S1/explanation/operations").status_code == 401
    assert explanation(client, headers=key, end="/operations")["audience"] == "operations"


def test_a_change_adds_up_and_names_what_is_new(client, registered, key, scan, clock):
    """After a scan the move of the median is told in parts, with the scan among the news."""
    before = explanation(client)
    clock.turn(minutes=30)
    client.post("/v1/scans", json=scan(), headers=key)
    said = explanation(client, headers=key, end="/operations")
    change = said["change"]

    assert change["before_at"] == before["forecast_at"]
    assert sum(part["hours"] for part in change["parts"]) == pytest.approx(change["hours"], abs=0.01)
    assert (change["news"]["scans"], change["news"]["ids"]) == (1, ["scan:C1"])
    assert change["news"]["other_model"] is False


def test_what_has_ended_has_nothing_to_explain(client, registered, key, scan, clock):
    """Delivered: state ``ended`` and no parts."""
    clock.turn(hours=2)
    client.post("/v1/scans", json=scan(status="delivered"), headers=key)
    said = explanation(client)

    assert (said["state"], said["parts"], said["forecast_at"]) == ("ended", [], None)


@pytest.mark.parametrize("end", ["", "/operations"])
def test_an_unknown_shipment_is_a_problem(client, key, end):
    """404 as a problem document."""
    answer = client.get(f"/v1/shipments/nobody/explanation{end}", headers=key)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_without_a_model_it_answers_503(client, registered, wiring, clock, monkeypatch):
    """The stored forecast is too old and nothing can make another."""
    clock.turn(hours=1)
    monkeypatch.setattr(wiring.model, "_forecaster", None)

    assert client.get("/v1/shipments/S1/explanation").status_code == 503


def test_private_reads_hide_it_too(client, registered, wiring, key):
    """With private reads a key is needed."""
    object.__setattr__(wiring, "settings", wiring.settings.model_copy(update={"private_reads": True}))  # a frozen dataclass

    assert client.get("/v1/shipments/S1/explanation").status_code == 401
    assert explanation(client, headers=key)["state"] == "open"
