"""Behind a customer's link: pictures, a calendar entry and what programs read of the page."""

import html as entities
import io
import json
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from icalendar import Calendar
from PIL import Image

from maps.page_words import page_words
from serving.journeys import journey_view
from serving.pages.kept_pictures import KeptPictures
from serving.pages.outputs import opened
from tests.makers import after, make_order, make_shipment
from tests.maps.hostile import HOSTILE, RUN, SUMS
from tests.maps.journeys import CHANGED, FACILITIES, NARROW, SCANS
from tests.serving.pages.stored import application, keep
from tests.serving.pages.test_hostile import STORABLE

SECRETS = ("O-S1", "TN-S1", "Left location")


def link_of(world, **issued):
    return f"/track/{world.store.tokens.issue('S1', **issued)}"


def test_the_picture_is_sent_once(world):
    """A PNG that other hosts' pages may show, kept for two minutes by its reader alone; asked again it is not sent again."""
    answer = world.client.get(f"/track/{world.token}/map.png")
    again = world.client.get(f"/track/{world.token}/map.png", headers={"If-None-Match": answer.headers["etag"]})

    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert answer.headers["cache-control"] == "private, max-age=120"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (again.status_code, again.content) == (304, b"")


def test_a_kept_picture_comes_at_once(world):
    """The second reader of the same journey does not wait for a drawing."""
    world.client.get(f"/track/{world.token}/map.png")
    started = time.perf_counter()
    world.client.get(f"{link_of(world)}/map.png")

    assert time.perf_counter() - started < 0.25


@pytest.mark.parametrize("choice", ["?size=mail", "?size=large&theme=dark", "?theme=dark"])
def test_sizes_and_themes_differ(world, choice):
    """Each choice is another picture with another mark."""
    usual, other = (world.client.get(f"/track/{world.token}/map.png{query}") for query in ("", choice))

    assert usual.headers["etag"] != other.headers["etag"]
    assert usual.content != other.content


@pytest.mark.parametrize("query", ["?size=9999", "?size=", "?theme=%24%7B7*7%7D", "?size=link&size=x", "?size=%00", "?theme=%ED%A0%80"])
def test_an_unknown_choice_is_refused(world, query):
    """422 names what there is; nothing is drawn."""
    answer = world.client.get(f"/track/{world.token}/map.png{query}", headers={"Accept": "application/json"})

    assert answer.status_code == 422
    assert "sizes are link, mail, large" in answer.json()["detail"]


def test_the_drawing_may_run_nothing(world):
    """The SVG parses, and its policy allows nothing when it is opened by itself."""
    answer = world.client.get(f"/track/{world.token}/map.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert ET.fromstring(answer.content).get("role") == "img"


def test_the_entry_says_what_the_page_says(world):
    """The calendar's summary is the page's answer; the same link gives the same name again."""
    answer = world.client.get(f"/track/{world.token}/arrival.ics")
    entry = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    other = Calendar.from_ical(world.client.get(f"{link_of(world, scope='status')}/arrival.ics").content).walk("VEVENT")[0]

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert page_words(journey_view(world.store, "S1", now=after(31))).answer in str(entry["summary"])
    assert str(entry["uid"]) == str(other["uid"])
    assert world.token.encode() not in answer.content


def test_before_a_forecast_there_is_no_entry(world):
    """A person gets a page that says why, a calendar a problem document; the journey's page offers no entry."""
    keep(world.store, shipment_id="Q1", order=make_order("O-Q1"), scans=SCANS[:2])
    link = f"/track/{world.store.tokens.issue('Q1')}"
    page = world.client.get(f"{link}/arrival.ics")
    problem = world.client.get(f"{link}/arrival.ics", headers={"Accept": "text/calendar"})

    assert (page.status_code, problem.status_code) == (404, 404)
    assert "nothing to put into a calendar yet" in page.text
    assert f'href="{link}"' in page.text
    assert "needs a forecast" in problem.json()["detail"]


@pytest.mark.parametrize("output", ["map.png", "map.svg", "arrival.ics"])
def test_wrong_expired_and_revoked_links_are_the_same(world, output):
    """Nobody can tell whether a link ever existed."""
    expired, revoked = world.store.tokens.issue("S1", expires_at=after(30)), world.store.tokens.issue("S1")
    world.store.tokens.revoke(revoked)
    answers = [world.client.get(f"/track/{token}/{output}") for token in (expired, revoked, "never", "%00", "a" * 3000)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]*"', "", answer.text) for answer in answers}) == 1


def test_a_lesser_link_gives_no_number_away(world):
    """No output of a status link holds order, tracking number or the carrier's words, and no coordinate of the door."""
    link = link_of(world, scope="status")
    outputs = [world.client.get(f"{link}{end}").content for end in ("", "/map.svg", "/arrival.ics", "/map.png")]
    outputs.append(world.client.get(link.replace("/track/", "/embed/")).content)

    assert not [secret for secret in (*SECRETS, "40.6782", "73.9442") for output in outputs if secret.encode() in output]


def test_no_output_comes_near_the_door(tmp_path):
    """Out for delivery a full link's page may come nearer than a status link's; its pictures never do."""
    app = application(tmp_path, after(51))
    with app.state.wiring as wiring:
        keep(wiring.store, shipment_id="S1", scans=SCANS, forecasts=NARROW)
        view = opened(wiring, wiring.store.tokens.issue("S1"))
        public, near = (journey_view(wiring.store, "S1", now=after(51), scope=scope) for scope in ("status", "full"))

    assert view.order_id == "O-S1"
    assert (view.door, view.legs) == (public.door, public.legs)
    assert view.door.radius_km >= near.door.radius_km


def delivery(page):
    return json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL).group(1))


def metas(page):
    return {
        name: entities.unescape(content)
        for name, content in re.findall(r'<meta (?:name|property)="((?:og|twitter):[^"]*)" content="([^"]*)">', page)
    }


def test_programs_read_the_same_facts(world):
    """schema.org's block and the preview stand in the head, with absolute addresses of this server."""
    page = world.client.get(f"/track/{world.token}").text
    head = page[: page.index("</head>")]
    settings = world.client.app.state.wiring.settings

    assert delivery(head)["trackingNumber"] == "TN-S1" or delivery(head)["name"].startswith("On the way")
    assert delivery(head)["trackingUrl"] == f"{settings.address}/track/{world.token}"
    assert metas(head)["og:image"] == f"{settings.address}/track/{world.token}/map.png?lang=en"
    assert metas(head)["og:title"] == page_words(journey_view(world.store, "S1", now=after(31))).answer
    assert "//" not in re.sub(r"<style.*?</style>", "", head, flags=re.DOTALL)


def test_the_operations_room_tells_no_program(world):
    """The same page inside the operations room has no customer's link to tell of."""
    page = world.client.get("/ops/journey/S1", headers={"X-API-Key": world.key}).text

    assert "og:image" not in page
    assert "ld+json" not in page


@pytest.mark.parametrize("text", STORABLE, ids=lambda text: repr(text[:24]))
def test_hostile_facts_hurt_no_output(world, text):
    """Poison in merchant, carrier, place and scan: each output stays readable by its reader, and nothing is obeyed."""
    name = f"Y{HOSTILE.index(text)}"
    short = text[:400]
    hub = FACILITIES["HUB-CMH"]
    poisoned_hub = replace(hub, facility_id=f"HUB-{name}", name=short, place=replace(hub.place, city=short, region=short))
    shipment = replace(make_shipment(), carrier=short, service=short, tracking_number=short)
    keep(
        world.store,
        shipment_id=name,
        order=replace(make_order(f"O-{name}"), merchant=short),
        shipment=shipment,
        scans=(*SCANS[:3], replace(SCANS[3], facility_id=f"HUB-{name}", raw_text=short, raw_code=short[:40])),
        forecasts=tuple(replace(one, model_version=short) for one in CHANGED),
        facilities=(*FACILITIES.values(), poisoned_hub),
    )
    token = world.store.tokens.issue(name)
    page, drawing, entry, frame = (
        world.client.get(address).text
        for address in (f"/track/{token}", f"/track/{token}/map.svg", f"/track/{token}/arrival.ics", f"/embed/{token}")
    )
    Image.open(io.BytesIO(world.client.get(f"/track/{token}/map.png").content)).load()

    assert delivery(page)["@type"] == "ParcelDelivery"
    assert metas(page)["og:title"]
    assert not [element for element in ET.fromstring(drawing).iter() if element.tag.endswith(("script", "style", "image", "foreignObject"))]
    assert len(Calendar.from_ical(entry).walk()) == 2
    assert len(re.findall(r"<script\b", frame)) == 2
    assert not re.findall(r"<(?:img|iframe|base|object|embed)\b", page + frame)
    for output in (page, drawing, entry, frame):
        assert not [result for result in SUMS if result in output]
    for output in (frame, re.sub(r"<(script|style)\b.*?</\1>|<meta[^>]*>", "", page, flags=re.DOTALL)):
        assert RUN not in "".join(re.findall(r"<[^>]*>", re.sub(r"<(script|style)\b.*?</\1>", "", output, flags=re.DOTALL)))


def test_few_pictures_are_kept():
    """The pictures asked for last stay within their room; what was dropped is drawn again."""
    drawn = []
    kept = KeptPictures(most_bytes=250)

    def picture(name):
        return kept.get(name, lambda: drawn.append(name) or b"x" * 100)

    for name in "ababcab":
        picture(name)

    assert drawn == ["a", "b", "c", "a", "b"]
