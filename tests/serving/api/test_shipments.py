import pytest


def test_a_shop_registers_a_shipment(client, key, registered):
    """Order, promise, legs and declared attributes come back as they were sent; the postal code knows city and zone."""
    told = client.get("/v1/shipments/S1", headers=key).json()

    assert (told["order_id"], told["merchant"], told["order_attributes"]) == ("O1", "Acme", {"items": 2.0})
    assert (told["destination_city"], told["destination_timezone"]) == ("Brooklyn", "America/New_York")
    assert {promise["kind"]: promise["promised_at"] for promise in told["promises"]} == {
        "shop": "2026-06-06T03:59:59Z",
        "carrier": "2026-06-03T03:59:59Z",
    }
    assert [leg["mode"] for leg in told["legs"]] == ["road"]
    assert told["attributes"] == {"vehicle": "van", "weight_kg": 0.9}


def test_registering_again_changes_nothing(client, key, registered, shipment_body):
    """200 and unchanged."""
    answer = client.post("/v1/shipments", json=shipment_body, headers=key)

    assert (answer.status_code, answer.json()["result"]) == (200, "unchanged")


@pytest.mark.parametrize("change", [{"carrier": "other"}, {"promised_at": "2026-06-09T00:00:00Z"}, {"attributes": {"weight_kg": "heavy"}}])
def test_facts_are_never_overwritten(client, key, registered, shipment_body, change):
    """Another content under a known id is a conflict and what came first stands."""
    before = client.get("/v1/shipments/S1", headers=key).json()
    answer = client.post("/v1/shipments", json={**shipment_body, **change}, headers=key)

    assert answer.status_code == 409, answer.text
    assert client.get("/v1/shipments/S1", headers=key).json() == before


def test_an_order_may_come_first(client, key, shipment_body):
    """A shipment may name an order that is registered already; an unknown one is not found."""
    order = shipment_body.pop("order")
    missing = client.post("/v1/shipments", json={**shipment_body, "order": "O1"}, headers=key)
    created = client.post("/v1/orders", json=order, headers=key)
    again = client.post("/v1/orders", json=order, headers=key)
    shipped = client.post("/v1/shipments", json={**shipment_body, "order": "O1"}, headers=key)

    assert [answer.status_code for answer in (missing, created, again, shipped)] == [404, 201, 200, 201]


def test_the_list_pages_through_everything_once(client, key, shipment_body):
    """Following next_cursor shows each shipment once, newest created first."""
    for number in range(7):
        body = {**shipment_body, "shipment_id": f"S{number}", "created_at": f"2026-06-01T0{number // 2}:00:00Z", "parcels": []}
        assert client.post("/v1/shipments", json=body, headers=key).status_code == 201
    seen, cursor = [], None
    while True:
        page = client.get("/v1/shipments", params={"limit": 3} | ({"cursor": cursor} if cursor else {}), headers=key).json()
        seen += page["shipments"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert sorted(one["shipment_id"] for one in seen) == [f"S{number}" for number in range(7)]
    assert [one["created_at"] for one in seen] == sorted((one["created_at"] for one in seen), reverse=True)


def test_the_list_is_filtered(client, key, registered, scan):
    """By status and by carrier."""

    def listed(**params):
        return len(client.get("/v1/shipments", params=params, headers=key).json()["shipments"])

    client.post("/v1/scans", json=scan(status="in_transit"), headers=key)

    assert (listed(status="in_transit"), listed(status="delivered"), listed(carrier="swift"), listed(carrier="x")) == (1, 0, 1, 0)


def test_a_misspelt_filter_is_refused(client, key):
    """It would otherwise show everything in silence."""
    assert client.get("/v1/shipments", params={"carier": "swift"}, headers=key).status_code == 422


def test_a_customer_link_opens_the_page(client, key, registered, wiring):
    """The token resolves to the shipment and has at least 128 random bits."""
    link = client.post("/v1/shipments/S1/tokens", json={"scope": "status"}, headers=key).json()

    assert wiring.store.tokens.resolve(link["token"], now=wiring.now()).shipment_id == "S1"
    assert link["url"].endswith(f"/track/{link['token']}")
    assert len(link["token"]) >= 22


def test_the_journey_is_geojson_with_a_coarse_door(client, registered):
    """lon, lat in this order (RFC 7946); the door is a cell, not the point of the address."""
    answer = client.get("/v1/shipments/S1/journey")
    doors = [feature for feature in answer.json()["features"] if feature["properties"]["role"] == "door"]
    ((lon, lat),) = (door["geometry"]["coordinates"] for door in doors)

    assert answer.headers["content-type"] == "application/geo+json"
    assert -75 < lon < -73
    assert 40 < lat < 41
    assert doors[0]["properties"]["radius_km"] >= 1


def test_an_estimate_needs_no_shipment_and_leaves_no_trace(client, wiring):
    """Distribution, window with zone, and the risk against a promise; nothing is stored."""
    before = wiring.store.counts()
    body = {"carrier": "swift", "service": "ground", "destination": {"postal_code": "98101"}, "promised_at": "2026-06-09T00:00:00Z"}
    told = client.post("/v1/estimates", json=body).json()

    assert told["window"]["timezone"] == "America/Los_Angeles"
    assert [one["at"] for one in told["quantiles"]] == sorted(one["at"] for one in told["quantiles"])
    assert 0 <= told["late_probability"] <= 1
    assert wiring.store.counts() == before


@pytest.mark.parametrize("created_at", ["2000-01-01T00:00:00Z", "2026-06-01T13:00:00Z", "2026-06-20T00:00:00Z"])
def test_an_estimate_never_lies_in_the_past(client, clock, created_at):
    """A label of the past is looked at from now, one of the future from its own moment."""
    body = {"carrier": "swift", "service": "ground", "destination": {"postal_code": "98101"}, "created_at": created_at}
    told = client.post("/v1/estimates", json=body).json()

    assert told["as_of"] == max(created_at, "2026-06-01T13:00:00Z")
    assert told["as_of"] <= told["window"]["start"]


def test_an_estimate_from_an_unknown_facility_is_not_found(client):
    """404 with the next step."""
    body = {"carrier": "swift", "service": "ground", "destination": {"postal_code": "98101"}, "origin_facility_id": "XYZ"}
    answer = client.post("/v1/estimates", json=body)

    assert answer.status_code == 404
    assert "data import" in answer.json()["detail"]


def test_operations_get_their_numbers(client, key, registered, shipment_body, scan, clock):  # noqa: PLR0917 - fixtures come by name
    """Open, trending late, late, waiting and quarantined shipments are counted as they stand now."""

    def numbers():
        return client.get("/v1/operations/summary", headers=key).json()

    client.post(
        "/v1/shipments", json={**shipment_body, "shipment_id": "S2", "parcels": [], "promised_at": "2026-06-02T00:00:00Z"}, headers=key
    )
    client.post("/v1/scans", json=scan("C7", shipment_id="stranger"), headers=key)
    told = numbers()
    assert (told["open"], told["trending_late"], told["late"], told["waiting_for_forecast"], told["quarantined"]) == (2, 1, 0, 0, 1)
    clock.turn(days=2)
    assert (numbers()["trending_late"], numbers()["late"]) == (0, 1)
    client.post("/v1/scans", json=scan("C8", status="delivered", occurred_at="2026-06-03T12:00:00Z"), headers=key)
    assert numbers()["open"] == 1
