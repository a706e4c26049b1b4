import base64
import hashlib
import re
import stat

import pytest
from starlette.testclient import TestClient

from data.domain.errors import InvalidFact
from serving.app import create_app
from serving.logs import configure_logs
from serving.security import Keyring
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeModels

KEYED = [
    ("GET", "/v1/shipments"),
    ("GET", "/v1/operations/summary"),
    ("GET", "/v1/shipments/S1"),
    ("GET", "/v1/shipments/S1/scans"),
    ("GET", "/v1/shipments/S1/forecasts"),
    ("POST", "/v1/shipments"),
    ("POST", "/v1/orders"),
    ("POST", "/v1/scans"),
    ("POST", "/v1/shipments/S1/tokens"),
    ("GET", "/v1/shipments/S1/tokens"),
    ("DELETE", f"/v1/shipments/S1/tokens/{'0' * 64}"),
    ("PUT", "/v1/orders/O1/contact"),
    ("DELETE", "/v1/orders/O1/contact"),
]
OPEN = ["/v1/shipments/S1/eta", "/v1/shipments/S1/journey", "/v1/models/serving", "/livez", "/readyz", "/metrics", "/openapi.json"]
READER, WRITER = "dc_" + "r" * 40, "dc_" + "w" * 40


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """A client without a key, of an app that nothing can change."""
    settings = Settings(state_folder=tmp_path_factory.mktemp("state"))
    with open_wiring(settings, models=FakeModels()) as wiring:
        yield TestClient(create_app(settings, wiring=wiring))


@pytest.mark.parametrize(("method", "path"), KEYED, ids=str)
@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer wrong"}, {"Authorization": "nonsense"}], ids=str)
def test_a_key_is_needed(stranger, method, path, headers):
    """401 with a challenge, without a key and with one that is not known."""
    answer = stranger.request(method, path, headers=headers, json={} if method in {"POST", "PUT"} else None)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", OPEN)
def test_these_doors_are_open(client, registered, path):
    """One shipment's ETA and journey, estimates, the model's name and health need no key."""
    assert client.get(path).status_code == 200


def test_one_shipments_reads_can_be_closed(tmp_path):
    """With private_reads an ETA needs a key: for ids that can be guessed."""
    settings = Settings(state_folder=tmp_path, private_reads=True)
    with open_wiring(settings, models=FakeModels()) as wiring:
        client = TestClient(create_app(settings, wiring=wiring))

        assert client.get("/v1/shipments/S1/eta").status_code == 401
        assert client.get("/v1/shipments/S1/eta", headers={"X-API-Key": wiring.keyring.first_key}).status_code == 404


def test_a_scope_is_not_another(tmp_path):
    """A key for reading cannot write, a key for writing cannot list; both are known by their hash alone."""
    keys = {digest(READER): frozenset({"operations"}), digest(WRITER): frozenset({"write"})}
    settings = Settings(state_folder=tmp_path, api_keys=keys)
    with open_wiring(settings, models=FakeModels()) as wiring:
        client = TestClient(create_app(settings, wiring=wiring))
        order = {"order_id": "O1", "ordered_at": "2026-06-01T11:00:00Z"}

        assert client.get("/v1/shipments", headers={"X-API-Key": READER}).status_code == 200
        assert client.post("/v1/orders", json=order, headers={"X-API-Key": READER}).status_code == 403
        assert client.get("/v1/shipments", headers={"Authorization": f"Bearer {WRITER}"}).status_code == 403
        assert client.post("/v1/orders", json=order, headers={"Authorization": f"bearer {WRITER}"}).status_code == 201


def test_basic_carries_the_key_as_password(client, wiring):
    """What a browser's prompt or `curl -u` sends."""
    value = base64.b64encode(f"anyone:{wiring.keyring.first_key}".encode()).decode()

    assert client.get("/v1/shipments", headers={"Authorization": f"Basic {value}"}).status_code == 200
    assert client.get("/v1/shipments", headers={"Authorization": "Basic %%%"}).status_code == 401


def test_wrong_credentials_are_not_looked_past(client, key):
    """A wrong Authorization header is refused although a right key stands beside it."""
    assert client.get("/v1/shipments", headers={**key, "Authorization": "Bearer wrong"}).status_code == 401


def test_secrets_are_made_once_and_for_the_owner_alone(settings):
    """256 random bits with the mode 0600; the second start reads the same."""
    first, second = Keyring.open(settings), Keyring.open(settings)

    assert first.first_key == second.first_key
    assert len(first.first_key) >= 43
    for name in ("api_key", "session_secret"):
        assert stat.S_IMODE((settings.state_folder / name).stat().st_mode) == 0o600
    assert first.first_key not in repr(first)


def test_a_made_up_scope_is_refused(tmp_path):
    """At the start, with the scopes that exist."""
    with pytest.raises(InvalidFact, match="operations"):
        Keyring.open(Settings(state_folder=tmp_path, api_keys={digest("x"): frozenset({"root"})}))


def test_every_answer_has_security_headers(client):
    """No sniffing, no referrer, no index; data may run nothing; each page has a nonce of its own."""
    for path in ("/livez", "/nowhere", "/v1/shipments"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert "default-src 'none'" in headers["content-security-policy"]
    nonces = {re.search(r"'nonce-([\w-]+)'", client.get("/nowhere").headers["content-security-policy"])[1] for _ in range(3)}

    assert len(nonces) == 3


def test_a_sign_in_link_opens_the_operations_pages(client, wiring):
    """The signed ticket becomes a cookie that scripts cannot read; a forged one is refused."""
    answer = client.get(f"/ops/enter/{wiring.keyring.ticket()}", follow_redirects=False)
    forged = client.get("/ops/enter/forged", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/ops")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert forged.status_code == 403
    assert client.get("/ops").status_code == 200


def test_logs_hold_no_keys_and_no_tokens(client, key, registered, capsys):
    """One JSON line for each request, with the template of its address."""
    configure_logs("INFO")
    token = client.post("/v1/shipments/S1/tokens", json={}, headers=key).json()["token"]
    client.get(f"/track/{token}")
    client.get("/v1/shipments", headers={"Authorization": f"Bearer {key['X-API-Key']}"})
    written = capsys.readouterr().err

    assert '"route": "/track/{token}"' in written
    assert token not in written
    assert key["X-API-Key"] not in written
