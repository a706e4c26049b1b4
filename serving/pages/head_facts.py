"""Gather what a journey's page tells beside what it shows: addresses of its outputs, link preview, schema.org."""

from typing import Any
from urllib.parse import urlsplit

from maps.calendar_entry import has_entry
from maps.journey_page import JourneyPage
from maps.link_preview import link_preview
from maps.parcel_delivery import parcel_delivery
from maps.view import JourneyView
from serving.pages.reader import in_language

__all__ = ["head_facts"]


def head_facts(view: JourneyView, page: JourneyPage, address: str | None) -> dict[str, Any]:
    """Give ``links`` (name to address on this server), ``preview`` and ``delivery`` for the template.

    ``address`` is the customer's link, absolute; without one (the operations room shows the same page) nothing is told. Outputs are asked for
    in the page's language; the journey's own address stays bare, so that whoever it is sent to reads it in theirs.
    """
    if address is None:
        return {"links": {}, "preview": (), "delivery": None}
    here = urlsplit(address).path
    names = {"picture": "map.png", "drawing": "map.svg"} | ({"calendar": "arrival.ics"} if has_entry(view) else {})
    links = {name: in_language(f"{here}/{file}", page.language) for name, file in names.items()}
    return {
        "links": links,
        "preview": link_preview(page, address=address, picture=in_language(f"{address}/map.png", page.language)),
        "delivery": parcel_delivery(view, page, address=address),
    }
