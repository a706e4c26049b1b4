"""Gather what a journey's page tells beside what it shows: addresses of its outputs, link preview, schema.org."""

from typing import Any
from urllib.parse import urlsplit

from maps.calendar_entry import has_entry
from maps.link_preview import link_preview
from maps.page_words import JourneyPage
from maps.parcel_delivery import parcel_delivery
from maps.view import JourneyView

__all__ = ["head_facts"]


def head_facts(view: JourneyView, page: JourneyPage, address: str | None) -> dict[str, Any]:
    """Give ``links`` (name to address on this server), ``preview`` and ``delivery`` for the template.

    ``address`` is the customer's link, absolute; without one (the operations room shows the same page) nothing is told.
    """
    if address is None:
        return {"links": {}, "preview": (), "delivery": None}
    here = urlsplit(address).path
    links = {"picture": f"{here}/map.png", "drawing": f"{here}/map.svg"}
    if has_entry(view):
        links["calendar"] = f"{here}/arrival.ics"
    return {
        "links": links,
        "preview": link_preview(page, address=address, picture=f"{address}/map.png"),
        "delivery": parcel_delivery(view, page, address=address),
    }
