"""The journey in schema.org's words, and the preview of its link: the page's facts, and no more than its scope."""

import json
import re
from dataclasses import replace

import pytest

from data.domain.statuses import Status
from maps.link_preview import link_preview
from maps.page_words import page_words
from maps.parcel_delivery import ORDER_STATUS, parcel_delivery
from maps.safe_text import script_json
from tests.maps.hostile import HOSTILE, SUMS, poisoned
from tests.maps.journeys import stages

FIELDS = {
    "ParcelDelivery": {
        "name", "description", "provider", "trackingNumber", "trackingUrl", "expectedArrivalFrom", "expectedArrivalUntil", "deliveryAddress",
        "deliveryStatus", "partOfOrder",
    },
    "DeliveryEvent": {"name", "startDate"},
    "Organization": {"name"},
    "PostalAddress": {"addressLocality", "addressRegion"},
    "Order": {"orderNumber", "orderStatus", "seller"},
}  # fmt: skip
"""Fields that schema.org gives these types (release 29), as far as we use them."""

ORDER_STATUSES = {
    "OrderCancelled", "OrderDelivered", "OrderInTransit", "OrderPaymentDue", "OrderPickupAvailable", "OrderProblem", "OrderProcessing", "OrderReturned",
}  # fmt: skip
LINK = "https://parcels.example/track/T"


def told(view):
    return parcel_delivery(view, page_words(view), address=LINK)


def parts(value):
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)


@pytest.mark.parametrize("stage", stages())
def test_only_fields_that_exist(stage):
    """Each part has a type of schema.org and fields of that type; instants are in UTC."""
    value = told(stages()[stage])

    assert value["@context"] == "https://schema.org"
    for part in parts(value):
        assert set(part) - {"@type", "@context"} <= FIELDS[part["@type"]]
    for name in ("expectedArrivalFrom", "expectedArrivalUntil"):
        assert re.fullmatch(r"2026-06-\d\dT\d\d:\d\d:\d\dZ", value.get(name, "2026-06-01T00:00:00Z"))


def test_the_statuses_of_an_order_exist():
    """Every stage but the unknown one has a status of schema.org."""
    assert set(ORDER_STATUS.values()) <= ORDER_STATUSES
    assert set(Status) - set(ORDER_STATUS) == {Status.UNKNOWN}


def test_the_facts_are_those_of_the_page():
    """The window of the view, the city of the door, the title of the page."""
    view = stages()["moving"]
    value = told(view)

    assert value["name"] == page_words(view).title
    assert value["expectedArrivalFrom"] == f"{view.arrival.start:%Y-%m-%dT%H:%M:%SZ}"
    assert value["deliveryAddress"] == {"@type": "PostalAddress", "addressLocality": "Brooklyn", "addressRegion": "NY"}
    assert value["trackingNumber"] == "7841 2209 5513"
    assert value["trackingUrl"] == LINK


@pytest.mark.parametrize("stage", ["delivered", "overdue", "lost", "returning", "no_forecast", "pickup"])
def test_nothing_is_expected_that_is_not_coming(stage):
    """After the end, without a forecast and once the window has passed no arrival is named."""
    assert not [name for name in told(stages()[stage]) if name.startswith("expected")]


def test_a_lesser_scope_has_no_numbers():
    """What the view leaves out is left out here, also the word that stands for it on the page."""
    value = told(replace(stages()["moving"], order_id="", tracking_number=None))

    assert "trackingNumber" not in value
    assert "orderNumber" not in value["partOfOrder"]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_stays_in_its_script(text):
    """The block reads back as JSON and nothing in it can end or open an element."""
    written = script_json(told(poisoned(stages()["moving"], text)))

    assert json.loads(written)["@type"] == "ParcelDelivery"
    assert not re.search(r"[<>&']", written)
    assert not [result for result in SUMS if result in written]


def test_a_preview_says_the_answer():
    """Title and picture of the link, once for Open Graph and once for Twitter's cards."""
    page = page_words(stages()["moving"])
    told_names = dict(link_preview(page, address=LINK, picture=f"{LINK}/map.png"))

    assert told_names["og:title"] == told_names["twitter:title"] == page.answer
    assert told_names["og:image"] == told_names["twitter:image"] == f"{LINK}/map.png"
    assert page.answer in told_names["og:image:alt"]
    assert (told_names["og:image:width"], told_names["og:image:height"]) == ("1200", "630")
    assert told_names["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("stage", stages())
def test_a_preview_has_no_empty_words(stage):
    """Every stage has a title, a sentence under it and a site."""
    assert all(content for _, content in link_preview(page_words(stages()[stage]), address=LINK, picture=LINK))
