"""A customer's link shows the journey, and only that."""

import re

import pytest

from maps.geojson import journey_geojson
from maps.page_words import page_words
from serving.journeys import journey_view
from tests.makers import after


def markup(html):
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


def test_the_page_answers_in_its_first_heading(world):
    """Without any script, the largest words say when the parcel comes."""
    answer = world.client.get(f"/track/{world.token}")
    heading = re.sub(r"<[^>]+>|\s+", " ", re.search(r"<h1.*?</h1>", answer.text, re.DOTALL).group()).replace("\N{NO-BREAK SPACE}", " ")

    assert answer.status_code == 200
    assert " ".join(heading.split()) == "Arriving Wednesday 3 June, 11 p.m. to Thursday 4 June, noon"
    assert "8 of 10 orders like this arrive in this window" in answer.text
    assert "11 hours later than we said before" in answer.text


def test_page_and_api_say_the_same(world):
    """The page's window is the one of the journey that the API gives."""
    view = journey_view(world.store, "S1", now=after(31))
    served = world.client.get("/v1/shipments/S1/journey").json()

    assert page_words(view).answer.split()[0] == "Arriving"
    assert served == journey_geojson(view)


def test_the_page_is_light(world):
    """The first view, compressed: page and styles within 100 KB, with the map's own script and library too."""
    html = world.client.get(f"/track/{world.token}", headers={"Accept-Encoding": "gzip"})
    needed = set(re.findall(r'/static/[^"]+', html.text))
    sizes = [
        int(world.client.get(address, headers={"Accept-Encoding": "gzip"}).headers["content-length"])
        for address in needed
        if "basemap" not in address
    ]

    assert int(html.headers["content-length"]) <= 40_000
    assert int(html.headers["content-length"]) + sum(sizes) <= 100_000


def test_every_script_carries_the_nonce_of_the_policy(world):
    """The policy allows scripts by nonce, each answer has a new one, and no inline handler exists."""
    first, second = (world.client.get(f"/track/{world.token}") for _ in range(2))
    nonces = [re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"]).group(1) for answer in (first, second)]

    assert nonces[0] != nonces[1]
    for tag in re.findall(r"<script\b[^>]*>", first.text):
        assert f'nonce="{nonces[0]}"' in tag or "application/json" in tag
    assert not re.findall(r"<[^>]*\son\w+\s*=", markup(first.text))


def test_the_page_keeps_its_secret(world):
    """Nothing is stored on the way, no address leaks, and the token stands only in the page's own addresses."""
    answer = world.client.get(f"/track/{world.token}")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert answer.text.count(world.token) == answer.text.count(f"/track/{world.token}")
    assert "40.6782" not in answer.text


@pytest.mark.parametrize("token", ["unknown", "a" * 500, "..%2f..%2fetc%2fpasswd", "%7B%7B7*7%7D%7D", "%00", "%ED%A0%80"])
def test_a_wrong_link_gets_a_friendly_page(world, token):
    """Whatever stands in the address, the answer is the same page with 404."""
    answer = world.client.get(f"/track/{token}")

    assert answer.status_code == 404
    assert "This link does not open a journey" in answer.text


def test_expired_and_revoked_links_look_like_unknown_ones(world):
    """Nobody can tell whether a link ever existed."""
    expired = world.store.tokens.issue("S1", expires_at=after(30))
    revoked = world.store.tokens.issue("S1")
    world.store.tokens.revoke(revoked)
    pages = {re.sub(r'nonce="[^"]*"', "", world.client.get(f"/track/{token}").text) for token in (expired, revoked, "never")}

    assert len(pages) == 1


def test_a_status_link_shows_no_numbers(world):
    """A link of the lesser scope shows the journey without order, tracking number and the carrier's words."""
    html = world.client.get(f"/track/{world.store.tokens.issue('S1', scope='status')}").text

    assert "Arriving" in html
    assert not [secret for secret in ("O-S1", "TN-S1", "Left location") if secret in html]
