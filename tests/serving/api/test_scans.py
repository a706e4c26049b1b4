import pytest


def send(client, key, body):
    return client.post("/v1/scans", json=body, headers=key)


def test_a_new_scan_is_created(client, key, registered, scan):
    """201, durable, and its shipment moves."""
    answer = send(client, key, scan())

    assert (answer.status_code, answer.json()["result"]) == (201, "accepted")
    assert [one["scan_id"] for one in client.get("/v1/shipments/S1/scans", headers=key).json()["scans"]] == ["C1"]


def test_sending_again_later_changes_nothing(client, key, registered, scan, clock):
    """The same scan heard again at another moment is a duplicate: the first hearing counts."""
    send(client, key, scan())
    clock.turn(minutes=5)
    again = send(client, key, scan())
    stored = client.get("/v1/shipments/S1/scans", headers=key).json()["scans"]

    assert (again.status_code, again.json()["result"]) == (200, "duplicate")
    assert [one["received_at"] for one in stored] == ["2026-06-01T13:00:00Z"]


def test_other_content_under_a_known_id_is_a_conflict(client, key, registered, scan, wiring):
    """409; what came first stands and the newcomer is in quarantine."""
    send(client, key, scan())
    answer = send(client, key, scan(status="delivered"))

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/shipments/S1/scans", headers=key).json()["scans"][0]["status"] == "accepted"
    assert [kept.refused.rule for kept in wiring.store.quarantine.list()] == ["conflict"]


def test_a_scan_of_an_unknown_shipment_is_kept(client, key, scan, wiring):
    """202: told, in quarantine, kept once however often it is sent."""
    answers = [send(client, key, scan(shipment_id="stranger")) for _ in range(2)]

    assert [(answer.status_code, answer.json()["result"]) for answer in answers] == [(202, "quarantined")] * 2
    kept = wiring.store.quarantine.list()
    assert [(one.refused.rule, one.refused.row["scan_id"]) for one in kept] == [("unknown_shipment", "C1")]


def test_an_unknown_code_stays_unknown_and_is_counted(client, key, registered, scan):
    """It never becomes in_transit; the shipment does not move; a counter rises."""
    answer = send(client, key, scan(status=None, raw_code="WARP-9"))

    assert answer.json()["status"] == "unknown"
    assert client.get("/v1/shipments/S1/eta").json()["status"] == "unknown"
    assert "doorcast_scans_unmapped_total 1.0" in client.get("/metrics").text


def test_a_known_code_is_mapped(client, key, shipment_body, scan):
    """The carrier's code is read by the carrier's table."""
    from data.reference.status_codes import coded_events

    event = next(event for event in coded_events() if event.status == "delivered")
    carrier, (code, words) = next(iter(event.said.items()))
    client.post("/v1/shipments", json={**shipment_body, "carrier": carrier}, headers=key)
    answer = send(client, key, scan(status=None, raw_code=code, raw_text=words))

    assert answer.json()["status"] == "delivered"


def test_a_batch_judges_each_scan_by_itself(client, key, registered, scan, wiring):
    """207 with one result for each, in order; nothing is lost, not even what is no scan."""
    batch = [
        scan("C1"),
        scan("C1"),
        scan("C1", status="delivered"),
        scan("C2", shipment_id="stranger"),
        scan("C3", occurred_at="0001-01-01T00:00:00+14:00"),
        scan("C4", status=None, raw_code="ZZ"),
        "garbage",
    ]
    answer = send(client, key, {"scans": batch})
    told = answer.json()

    assert answer.status_code == 207
    assert [one["result"] for one in told["results"]] == [
        "accepted",
        "duplicate",
        "conflict",
        "quarantined",
        "refused",
        "accepted",
        "refused",
    ]
    counts = {name: told[name] for name in ("accepted", "duplicates", "conflicts", "quarantined", "refused", "unmapped")}
    assert counts == {"accepted": 2, "duplicates": 1, "conflicts": 1, "quarantined": 1, "refused": 2, "unmapped": 1}
    assert "1990" in told["results"][4]["detail"]
    assert sorted(kept.refused.rule for kept in wiring.store.quarantine.list()) == ["conflict", "invalid", "invalid", "unknown_shipment"]


def test_a_batch_may_be_sent_again(client, key, registered, scan, clock):
    """After a lost answer the whole batch is sent again and every scan is a duplicate."""
    batch = {"scans": [scan(f"C{number}") for number in range(20)]}
    send(client, key, batch)
    clock.turn(seconds=30)

    assert send(client, key, batch).json()["duplicates"] == 20


@pytest.mark.parametrize("scans", [[], [{}] * 1001], ids=["empty", "more than 1,000"])
def test_a_batch_has_one_to_a_thousand_scans(client, key, scans):
    """422 outside these bounds."""
    assert send(client, key, {"scans": scans}).status_code == 422


def test_a_correction_replaces_a_scan(client, key, registered, scan):
    """Nothing is overwritten: a correction is a scan of its own."""
    send(client, key, scan("C1", status="delivered"))
    send(client, key, scan("C2", status="out_for_delivery", corrects_scan_id="C1"))

    assert client.get("/v1/shipments/S1/eta").json()["status"] == "out_for_delivery"
