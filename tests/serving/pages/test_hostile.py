"""Poison in the facts reaches no page alive."""

import re
from dataclasses import replace

import pytest

from tests.makers import make_order, make_shipment
from tests.maps.hostile import HOSTILE, RUN, SUMS
from tests.maps.journeys import CHANGED, FACILITIES, SCANS
from tests.serving.pages.stored import keep

STORABLE = [text for text in HOSTILE if "\ud800" not in text and "\x00" not in text]
"""The store itself refuses lone surrogates and NUL; maps are tested with them."""


def markup(html):
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("text", STORABLE, ids=lambda text: repr(text[:24]))
def test_hostile_facts_are_shown_and_never_obeyed(world, text):
    """Poison in merchant, carrier, facility, place and scan comes out as text, on the customer's page and in the operations room."""
    name = f"X{HOSTILE.index(text)}"
    short = text[:400]
    poisoned_hub = replace(
        FACILITIES["HUB-CMH"], facility_id=f"HUB-{name}", name=short, place=replace(FACILITIES["HUB-CMH"].place, city=short, region=short)
    )
    scans = (*SCANS[:3], replace(SCANS[3], facility_id=f"HUB-{name}", raw_text=short, raw_code=short[:40]))
    shipment = replace(make_shipment(), carrier=short, service=short, tracking_number=short)
    forecasts = tuple(replace(one, model_version=short, late_probability=0.95) for one in CHANGED)
    keep(
        world.store,
        shipment_id=name,
        order=replace(make_order(f"O-{name}"), merchant=short),
        shipment=shipment,
        scans=scans,
        forecasts=forecasts,
        facilities=(*FACILITIES.values(), poisoned_hub),
    )
    pages = [
        world.client.get(f"/track/{world.store.tokens.issue(name)}"),
        world.client.get("/ops", headers={"X-API-Key": world.key}),
        world.client.get("/ops", params={"search": short, "carrier": short}, headers={"X-API-Key": world.key}),
        world.client.get(f"/ops/journey/{name}", headers={"X-API-Key": world.key}),
    ]

    for page in pages:
        assert page.status_code == 200
        assert not [result for result in SUMS if result in page.text]
        assert RUN not in "".join(re.findall(r"<(?!input|option|meta)[^>]*>", markup(page.text)))
        assert len(re.findall(r"<script\b", page.text)) == len(re.findall(r"<script\b[^>]*(?:nonce|application/json)", page.text))
        assert not re.findall(r"<(?:img|iframe|base|object|embed)\b", page.text)
