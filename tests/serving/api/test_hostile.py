"""Whatever comes in: a 4xx with a problem document, never a 5xx, and nothing is lost."""

import json

import pytest
from starlette.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeModels

HOSTILE_BODIES = {
    "nothing": b"",
    "not JSON": b"hello",
    "bad UTF-8": b'{"scan_id": "\xff\xfe"}',
    "NaN": b'{"lat": NaN}',
    "infinity": b'{"lat": 1e999}',
    "lone surrogate": b'{"scan_id": "\\ud800"}',
    "huge integer": b'{"scan_id": ' + b"9" * 5000 + b"}",
    "deep arrays": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "brackets in a text": json.dumps({"scan_id": "[" * 90_000}).encode(),
    "a list": b"[]",
    "null": b"null",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "duplicate keys": b'{"scan_id": 1, "scan_id": 2}',
    "a NUL": b'{"scan_id": "a\\u0000b"}',
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One app for all requests that must not change anything."""
    settings = Settings(state_folder=tmp_path_factory.mktemp("state"))
    with open_wiring(settings, models=FakeModels()) as wiring:
        wiring.model.refresh()
        yield TestClient(create_app(settings, wiring=wiring), headers={"X-API-Key": wiring.keyring.first_key})
        assert set(wiring.store.counts().values()) == {0}, "a refused request left something behind"


def is_problem(answer, *statuses):
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"].startswith("urn:doorcast:problem:")
    assert told["title"]
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    "path", ["/v1/scans", "/v1/shipments", "/v1/orders", "/v1/estimates", "/v1/estimates/complete", "/v1/shipments/S1/tokens"]
)
@pytest.mark.parametrize("body", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES.keys())
def test_a_hostile_body_is_refused(shared, path, body):
    """Every writing door refuses every hostile body with a problem document."""
    answer = shared.post(path, content=body, headers={"content-type": "application/json"})

    is_problem(answer, 400, 422)


@pytest.mark.parametrize("body", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES.keys())
def test_a_hostile_contact_is_refused(shared, body):
    """The same for the one door that is a PUT."""
    answer = shared.put("/v1/orders/O1/contact", content=body, headers={"content-type": "application/json"})

    is_problem(answer, 400, 422)


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"occurred_at": "9999-12-31T23:59:59-14:00"},
        {"occurred_at": "2026-06-01T12:00:00"},
        {"occurred_at": 1780315200},
        {"occurred_at": "2026-02-30T00:00:00Z"},
        {"occurred_at": "2026-06-01T12:00:60Z"},
        {"occurred_at": None},
        {"scan_id": ""},
        {"scan_id": "x" * 129},
        {"scan_id": "../../etc/passwd"},
        {"scan_id": "line\nbreak"},
        {"scan_id": 5},
        {"raw_text": "\x1b[31m"},
        {"status": "warp"},
        {"status": 3},
        {"voids": "yes"},
        {"surprise": 1},
    ],
    ids=str,
)
def test_a_scan_that_breaks_a_rule_is_refused(shared, scan, change):
    """422 naming the part, and nothing is stored."""
    told = is_problem(shared.post("/v1/scans", json={**scan(), **change}), 422)

    assert told["errors"][0]["pointer"] == f"#/{next(iter(change))}"


@pytest.mark.parametrize(
    "point",
    [
        {"lat": 91, "lon": 0},
        {"lat": 0, "lon": 181},
        {"lat": "1", "lon": 2},
        {"lat": True, "lon": 2},
        {"lat": 10**400, "lon": 2},
        {"lat": 1},
    ],
    ids=lambda point: str(point)[:30],
)
def test_a_point_off_the_earth_is_refused(shared, point):
    """Bounds, types and completeness of coordinates."""
    body = {"carrier": "a", "service": "b", "destination": {"point": point}}

    is_problem(shared.post("/v1/estimates", content=json.dumps(body), headers={"content-type": "application/json"}), 400, 422)


def test_ten_megabytes_are_too_large(shared):
    """413, whether or not the length is declared."""
    garbage = b"\x00" * 10_000_000
    headers = {"content-type": "application/json"}

    is_problem(shared.post("/v1/scans", content=garbage, headers=headers), 413)
    is_problem(shared.post("/v1/scans", content=iter([garbage]), headers=headers), 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": ""},
    ],
    ids=str,
)
def test_another_media_type_is_refused(shared, headers):
    """415: a form of another site can send nothing here."""
    is_problem(shared.post("/v1/scans", content=b"{}", headers={**headers}), 415)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/v1/shipments/%00/eta",
        "/v1/shipments/%ff%fe/eta",
        "/v1/shipments/%ED%A0%80/eta",
        "/v1/shipments/..%2f..%2fetc/eta",
        "/v1/shipments/" + "x" * 5000 + "/eta",
        "/v1/shipments/a\u202eb/eta",
        "/v1/shipments?limit=NaN",
        "/v1/shipments?limit=1e9",
        "/v1/shipments?limit=" + "9" * 5000,
        "/v1/shipments?cursor=%00",
        "/v1/shipments?cursor=99999999999999999999~x",
        "/v1/shipments?status=in%20transit",
        "/v1/shipments/S1/forecasts?limit=-1",
    ],
    ids=lambda path: path[:40],
)
def test_a_hostile_address_is_refused(shared, path):
    """404 or 422."""
    is_problem(shared.get(path), 404, 422)


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "BREW"])
def test_a_method_that_nobody_answers_lists_those_that_are(shared, method):
    """405 with Allow."""
    answer = shared.request(method, "/v1/shipments")

    is_problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"


def test_messages_show_values_safely(shared):
    """A value in a message is cut short and printable: no control, no bidi override, no kilobytes."""
    told = is_problem(shared.get("/v1/shipments/" + "%E2%80%AE" + "y" * 400 + "/eta"), 404)

    assert "\u202e" not in told["detail"]
    assert len(told["detail"]) < 800


def test_our_own_mistake_tells_nothing_of_the_inside(client, key, registered, wiring, monkeypatch):
    """500 as a problem document with a reference; headers are set as on every answer."""
    monkeypatch.setattr(wiring.store.shipments, "get", lambda _: 1 / 0)
    answer = client.get("/v1/shipments/S1", headers=key)
    told = is_problem(answer, 500)

    assert told["reference"] == answer.headers["x-request-id"]
    assert "division" not in answer.text
    assert "content-security-policy" in answer.headers
