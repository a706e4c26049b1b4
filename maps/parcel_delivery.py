"""Say the facts of a journey in schema.org's words (`ParcelDelivery`), for mail programs and assistants that read them.

Fields and types: https://schema.org/ParcelDelivery, /DeliveryEvent, /Order, /OrderStatus. Words are those of the page.
"""

from datetime import UTC, datetime
from typing import Any

from data.domain.statuses import Status
from maps.journey_page import JourneyPage
from maps.view import JourneyView
from maps.words import STATUS_WORDS

__all__ = ["parcel_delivery"]

CONTEXT = "https://schema.org"

ORDER_STATUS: dict[Status, str] = {
    Status.PRE_TRANSIT: "OrderProcessing",
    Status.ACCEPTED: "OrderInTransit",
    Status.IN_TRANSIT: "OrderInTransit",
    Status.OUT_FOR_DELIVERY: "OrderInTransit",
    Status.ATTEMPT_FAILED: "OrderProblem",
    Status.AVAILABLE_FOR_PICKUP: "OrderPickupAvailable",
    Status.ON_HOLD: "OrderProblem",
    Status.DELIVERED: "OrderDelivered",
    Status.RETURNING: "OrderReturned",
    Status.RETURNED: "OrderReturned",
    Status.LOST_OR_DESTROYED: "OrderProblem",
    Status.CANCELLED: "OrderCancelled",
    Status.EXPIRED: "OrderProblem",
}
"""schema.org's status of the order; an unknown stage has none, because nothing plausible may be said for it."""


def parcel_delivery(view: JourneyView, page: JourneyPage, *, address: str | None = None) -> dict[str, Any]:
    """Give the delivery as a JSON-LD value. ``address`` is the page's own, absolute, where the link may be told.

    What the view leaves out for its scope (order number, tracking number) is left out here; places are cities, never a street.
    """
    expected = view.arrival is not None and page.mood == "moving"
    start = max(view.arrival.start, view.seen_at) if view.arrival else None
    merchant = {"@type": "Organization", "name": page.merchant} if page.merchant else None
    return filled(
        {
            "@context": CONTEXT,
            "@type": "ParcelDelivery",
            "name": page.title,
            "description": page.detail or None,
            "provider": {"@type": "Organization", "name": page.carrier} if page.carrier else None,
            "trackingNumber": page.tracking_number,
            "trackingUrl": address,
            "expectedArrivalFrom": instant(start) if expected else None,
            "expectedArrivalUntil": instant(view.arrival.end) if expected and view.arrival else None,
            "deliveryAddress": delivery_address(page),
            "deliveryStatus": filled(
                {"@type": "DeliveryEvent", "name": page.language.say(STATUS_WORDS[view.status]), "startDate": instant(view.status_since)}
            ),
            "partOfOrder": filled(
                {
                    "@type": "Order",
                    "orderNumber": page.order if view.order_id else None,
                    "orderStatus": f"{CONTEXT}/{ORDER_STATUS[view.status]}" if view.status in ORDER_STATUS else None,
                    "seller": merchant,
                }
            ),
        }
    )


def delivery_address(page: JourneyPage) -> dict[str, str] | None:
    """Give the destination at city level, from the words of the door's stop; the whole destination where there is no such stop."""
    if page.destination is None:
        return None
    city = page.stops[-1].city if page.stops and page.stops[-1].kind == "door" else ""
    region = page.destination.removeprefix(f"{city}, ") if city and page.destination.startswith(f"{city}, ") else None
    locality = city if city and (region or page.destination == city) else page.destination
    return filled({"@type": "PostalAddress", "addressLocality": locality, "addressRegion": region})


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def filled(value: dict[str, Any]) -> dict[str, Any]:
    """Give a value without what is not known."""
    return {name: part for name, part in value.items() if part is not None}
