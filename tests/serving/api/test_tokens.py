"""Links are listed by their ids and revoked by them; a token is told once and never again."""

import hashlib

import pytest

from tests.makers import after


def test_links_are_listed_and_revoked(client, key, registered, clock):
    """Each with its scope, its moments and its state; the newest first."""
    tokens = []
    for body in ({}, {"scope": "status", "expires_at": "2026-06-01T14:00:00Z"}, {"scope": "status"}):
        tokens.append(client.post("/v1/shipments/S1/tokens", json=body, headers=key).json()["token"])
        clock.turn(minutes=1)
    ids = [hashlib.sha256(token.encode()).hexdigest() for token in tokens]
    revoked = [client.delete(f"/v1/shipments/S1/tokens/{ids[0]}", headers=key).status_code for _ in range(2)]
    clock.turn(hours=2)
    told = client.get("/v1/shipments/S1/tokens", headers=key)
    links = told.json()["links"]

    assert revoked == [204, 204]
    assert [link["token_id"] for link in links] == ids[::-1]
    assert [link["state"] for link in links] == ["open", "expired", "revoked"]
    assert [link["scope"] for link in links] == ["status", "status", "full"]
    assert links[0]["expires_at"] == (after(24 * 180 + 1).replace(minute=2)).isoformat().replace("+00:00", "Z")
    assert not [token for token in tokens if token in told.text]
    assert client.get(f"/track/{tokens[0]}").status_code == 404
    assert client.get(f"/track/{tokens[2]}").status_code == 200


@pytest.mark.parametrize(("path", "status"), [("0" * 64, 404), ("x", 422), ("F" * 64, 422)])
def test_an_unknown_link_cannot_be_revoked(client, key, registered, path, status):
    """404 for an id that names nothing, 422 for what is no id."""
    assert client.delete(f"/v1/shipments/S1/tokens/{path}", headers=key).status_code == status


def test_a_link_of_another_shipment_is_not_revoked(client, key, registered, wiring):
    """The shipment in the address must be the one of the link."""
    token = wiring.store.tokens.issue("S1")
    token_id = hashlib.sha256(token.encode()).hexdigest()

    assert client.delete(f"/v1/shipments/other/tokens/{token_id}", headers=key).status_code == 404
    assert client.get(f"/track/{token}").status_code == 200


def test_keys_are_needed(client, registered):
    """To list and to revoke."""
    assert client.get("/v1/shipments/S1/tokens").status_code == 401
    assert client.delete(f"/v1/shipments/S1/tokens/{'0' * 64}").status_code == 401
    assert client.get("/v1/shipments/nobody/tokens").status_code == 401
