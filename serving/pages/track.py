"""The customer's page: one journey behind a secret link."""

from dataclasses import replace

import structlog
from fastapi import APIRouter, Request, Response

from data.domain.errors import DoorcastError, NotFound
from data.domain.orders import PromiseKind
from data.domain.statuses import TERMINAL
from maps.brand import NO_BRAND, Brand
from maps.order_view import OrderView
from maps.page import JourneyContext, journey_context
from maps.view import JourneyView
from serving.api.wired import Wired
from serving.arrivals import newest
from serving.forecasting import current_forecast
from serving.journeys import journey_view
from serving.ordered_together import ordered_together
from serving.pages.assets import address_of
from serving.pages.head_facts import head_facts
from serving.pages.lasting import lasting
from serving.pages.reader import reader_language, speaking
from serving.pages.rendering import render
from serving.wiring import Wiring

__all__ = ["RENEW_SECONDS", "STATUS", "for_scope", "fresh_view", "journey_page", "router"]

RENEW_SECONDS = 20
"""How often an open page asks for news where it is not told; where it is told, six times as seldom (maps/static/journey-live.js)."""
ASK_SECONDS = RENEW_SECONDS * 6

FULL, STATUS = "full", "status"

MAP_ASSETS = {
    "leaflet-js": "maps/vendor/leaflet/leaflet.js",
    "leaflet-css": "maps/vendor/leaflet/leaflet.css",
    "map-js": "maps/journey-map.js",
    "playback-js": "maps/journey-playback.js",
    "map-css": "maps/map.css",
    "basemap": "basemap/basemap.json",
}

router = APIRouter(include_in_schema=False)


@router.get("/track/{token}")
def track(token: str, request: Request, wiring: Wired) -> Response:
    """Show the journey that a token opens; the same friendly page for a wrong, an expired and a revoked one."""
    try:
        grant = wiring.store.tokens.resolve(token, now=wiring.now())
    except NotFound:
        brand = wiring.brands.default
        return render(request, "unknown.html.jinja", speaking(reader_language(request, brand), brand), status=404)
    freshen(wiring, grant.shipment_id)
    seen = wiring.store.updates.newest()  # before the facts are read: what comes in between is told again rather than missed
    view = journey_view(wiring.store, grant.shipment_id, now=wiring.now(), scope=grant.scope, habits=wiring.habits.known)
    order = ordered_together(wiring, view.order_id, view.shipment_id) if grant.scope == FULL else None
    return journey_page(
        request,
        for_scope(view, grant.scope),
        address=f"{wiring.settings.address}/track/{token}",
        seen=seen,
        brand=wiring.brands.of(view.merchant),
        order_complete=order,
    )


def fresh_view(wiring: Wiring, shipment_id: str, *, scope: str = FULL) -> JourneyView:
    """Give the journey with a forecast as fresh as the API's."""
    freshen(wiring, shipment_id)
    return journey_view(wiring.store, shipment_id, now=wiring.now(), scope=scope, habits=wiring.habits.known)


def freshen(wiring: Wiring, shipment_id: str) -> None:
    """See that an open shipment has a forecast as fresh as the API's; the stored one, or none, stays where no model can be asked."""
    summary = wiring.store.shipments.summary(shipment_id)
    if summary.status not in TERMINAL:
        promised_at = newest(wiring.store.shipments.promises(shipment_id), PromiseKind.SHOP)
        try:
            current_forecast(wiring, summary, promised_at=promised_at)
        except DoorcastError as error:  # the page shows what is known; the API names the reason with a 503
            structlog.get_logger("doorcast.pages").info("page without a fresh forecast", reason=str(error))


def for_scope(view: JourneyView, scope: str) -> JourneyView:
    """Give what a link of this scope may show: only ``full`` ones show numbers of the order and the carrier's own words."""
    if scope == FULL:
        return view
    wordless = tuple(replace(event, carrier_words=None, carrier_code=None) for event in view.timeline)
    return replace(view, order_id="", tracking_number=None, timeline=wordless)


def journey_page(
    request: Request,
    view: JourneyView,
    *,
    back: str | None = None,
    address: str | None = None,
    seen: int | None = None,
    brand: Brand = NO_BRAND,
    order_complete: OrderView | None = None,
) -> Response:
    """Give the page of a journey in the reader's language; ``back`` is an address of ours that the reader came from, ``address`` the customer's own link.

    ``seen`` is the newest update that the page knows: it follows what comes after, at its own address with ``/events``.
    """
    language = reader_language(request, brand)
    context: JourneyContext = journey_context(view, language=language, brand=brand, order_complete=order_complete)
    addresses = {name: address_of(asset) for name, asset in MAP_ASSETS.items()}
    live = {"renew_seconds": RENEW_SECONDS, "asks_every": lasting(ASK_SECONDS, language), "seen": seen}
    told = head_facts(view, context.page, address)
    return render(
        request,
        "track.html.jinja",
        {**context.as_dict(), **told, "map_assets": addresses, **live, "back": back},
    )
