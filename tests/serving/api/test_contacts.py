"""The contact of an order comes in and is forgotten, and comes out nowhere."""

import json

import pytest

from serving.logs import configure_logs

ADA = "Ada.Lovelace@Example.com"


def test_a_contact_is_kept_and_forgotten(client, key, registered, wiring):
    """204 each time, also the second; the newest address counts."""
    for address in ("old@example.com", ADA):
        assert client.put("/v1/orders/O1/contact", json={"email": address, "language": "pt-BR"}, headers=key).status_code == 204
    kept = wiring.store.contacts.of("O1")
    forgotten = [client.delete("/v1/orders/O1/contact", headers=key).status_code for _ in range(2)]

    assert (kept.email, kept.language) == (ADA, "pt-BR")
    assert kept.email_digest == wiring.digests.email(ADA.lower())
    assert forgotten == [204, 204]
    assert wiring.store.contacts.of("O1") is None


def test_no_endpoint_log_or_metric_gives_it_back(client, key, registered, capsys):
    """Every address that answers about the order or the shipment is asked, with all rights."""
    configure_logs("DEBUG")
    client.put("/v1/orders/O1/contact", json={"email": ADA}, headers=key)
    told = [
        client.get(path, headers=key).text
        for path in (
            *("/v1/shipments", "/v1/shipments/S1", "/v1/shipments/S1/scans", "/v1/shipments/S1/eta", "/v1/shipments/S1/journey"),
            *("/v1/shipments/S1/tokens", "/v1/shipments/S1/forecasts", "/v1/orders/O1/complete", "/v1/orders/O1/contact"),
            *("/metrics", "/ops", "/ops/at-risk.json", "/ops/at-risk.csv", "/ops/journey/S1"),
        )
    ]
    wrong = client.put("/v1/orders/O1/contact", json={"email": ADA + " "}, headers=key)
    told += [wrong.text, capsys.readouterr().err, client.post("/v1/shipments/S1/tokens", json={}, headers=key).text]

    assert wrong.status_code == 422
    assert client.get("/v1/orders/O1/contact", headers=key).status_code == 405
    for text in told:
        assert "lovelace" not in text.lower()


def test_only_writers_may(client, registered):
    """No key, no contact; nobody's order has none either."""
    assert client.put("/v1/orders/O1/contact", json={"email": ADA}).status_code == 401
    assert client.delete("/v1/orders/O1/contact").status_code == 401


def test_an_unknown_order_has_no_contact(client, key):
    """404 for both."""
    assert client.put("/v1/orders/nobody/contact", json={"email": ADA}, headers=key).status_code == 404
    assert client.delete("/v1/orders/nobody/contact", headers=key).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": None},
        {"email": ""},
        {"email": "nobody"},
        {"email": "a@b"},
        {"email": "a@b.example\r\nBcc: c@d.example"},
        {"email": "a..b@c.example"},
        {"email": '"quoted"@c.example'},
        {"email": "a@[127.0.0.1]"},
        {"email": "Ada <a@b.example>"},
        {"email": "a@b.example,c@d.example"},
        {"email": "a@-b.example"},
        {"email": "ä@b.example"},
        {"email": "a" * 250 + "@b.example"},
        {"email": 5},
        {"email": ["a@b.example"]},
        {"email": "a\u0000@b.example"},
        {"email": ADA, "language": "German"},
        {"email": ADA, "language": "../x"},
        {"email": ADA, "phone": "1"},
    ],
    ids=json.dumps,
)
def test_what_is_no_address_is_refused(client, key, registered, wiring, body):
    """422, and nothing is kept."""
    assert client.put("/v1/orders/O1/contact", json=body, headers=key).status_code == 422
    assert wiring.store.contacts.of("O1") is None
