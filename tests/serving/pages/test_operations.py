"""The operations room opens to a key and shows what is at risk."""

import csv
import io
import re

import pytest

from tests.makers import after
from tests.serving.pages.stored import application


def enter(world):
    world.client.post("/ops/login", data={"key": world.key})


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)).split())


@pytest.mark.parametrize("address", ["/ops", "/ops/at-risk.csv", "/ops/at-risk.json", "/ops/journey/S1"])
def test_nothing_is_shown_without_a_key(world, address):
    """Every door of the room gives the sign-in form, with 401 and no browser prompt over it."""
    answer = world.client.get(address)

    assert answer.status_code == 401
    assert "Sign in" in answer.text
    assert "www-authenticate" not in answer.headers
    assert "10000" not in answer.text


@pytest.mark.parametrize("key", ["", "wrong", "x" * 10_000, "{{7*7}}", "\x00", "%ff"])
def test_a_wrong_key_opens_nothing(world, key):
    """The form comes back with a word of help and sets no cookie."""
    answer = world.client.post("/ops/login", data={"key": key})

    assert answer.status_code == 401
    assert "does not open" in answer.text
    assert "set-cookie" not in answer.headers


def test_the_right_key_opens_the_room_for_this_browser_only(world):
    """The cookie is out of reach of scripts and of other sites, and only sent to the room."""
    answer = world.client.post("/ops/login", data={"key": world.key}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()

    assert answer.status_code == 303
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/ops"))
    assert world.key not in cookie
    assert world.client.get("/ops").status_code == 200


def test_signing_out_closes_the_room(world):
    """After signing out the form is back."""
    enter(world)
    world.client.post("/ops/logout")

    assert world.client.get("/ops").status_code == 401


def test_the_queue_is_ordered_by_risk_and_says_why(world):
    """The likeliest late comes first, each line with its reason in hours."""
    enter(world)
    html = world.client.get("/ops").text

    assert re.findall(r"<bdi>(1000\d)</bdi>", html) == ["10000", "10001", "10002"]
    assert "Weather on the way: 4 hours later" in html
    assert '<a href="/ops/journey/P0">' in html


def test_the_strip_counts_the_store(world):
    """Active, at risk, kept promises and coverage are those of the facts."""
    enter(world)
    said = text_of(world.client.get("/ops").text)

    assert "Active 5 shipments on their way" in said
    assert "At risk 2 more likely late than not" in said
    assert "Promises kept 100% of the last 3 deliveries" in said
    assert "In the window 33% of 3; target 80%" in said


def test_filters_stand_in_the_address(world):
    """A filtered view can be kept as a link; what cannot be read counts as not given."""
    enter(world)

    def orders(query):
        return re.findall(r"<bdi>(1000\d)</bdi>", world.client.get(f"/ops?{query}").text)

    assert orders("carrier=meridian") == ["10001"]
    assert orders("least=0") == ["10000", "10001", "10002", "10003"]
    assert orders("search=P2") == ["10002"]
    assert orders("status=out_for_delivery") == []
    assert orders("least=abc&rows=-1&status=nonsense&least=%F0%9F") == ["10000", "10001", "10002"]


def test_the_table_can_be_taken_away(world):
    """CSV and JSON hold the same rows as the table, by the same filters."""
    enter(world)
    rows = list(csv.DictReader(io.StringIO(world.client.get("/ops/at-risk.csv?least=50").text)))
    same = world.client.get("/ops/at-risk.json?least=50").json()

    assert [row["order"] for row in rows] == [row["order"] for row in same["shipments"]] == ["10000", "10001"]
    assert same["found"] == 2


def test_each_line_leads_to_the_customers_view(world):
    """The link of a line shows the page as the customer sees it, with a way back."""
    enter(world)
    html = world.client.get("/ops/journey/P0").text

    assert "What happened" in html
    assert 'href="/ops"' in html
    assert world.client.get("/ops/journey/none").status_code == 404


def test_an_empty_room_says_so(tmp_path):
    """A new installation shows no error but what will come."""
    from starlette.testclient import TestClient

    app = application(tmp_path, after(0))
    with TestClient(app, headers={"X-API-Key": app.state.wiring.keyring.first_key}) as client:
        answer = client.get("/ops")

    assert answer.status_code == 200
    assert "Nothing is at risk" in answer.text
