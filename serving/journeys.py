"""Read one journey from the store and give it as it is shown; page, map, file and GeoJSON all start here."""

from dataclasses import replace
from datetime import datetime, timedelta

from data.domain.errors import NotFound
from data.domain.forecasts import Forecast
from data.domain.orders import Order, PromiseKind
from data.facts.passage_habits import PassageHabits
from data.reference.roads import route
from data.storage.store import Store
from maps.assemble import assemble
from maps.journey_facts import JourneyFacts
from maps.view import JourneyView, Line
from serving.arrivals import newest
from serving.still_open import still_open

__all__ = ["by_road", "journey_facts", "journey_view"]

HOUR = timedelta(hours=1)
AHEAD = timedelta(days=7)
"""How far ahead weather is read for the map: a week, beyond which a forecast for one hour at one place says little."""


def journey_view(
    store: Store, shipment_id: str, *, now: datetime, scope: str = "status", habits: PassageHabits | None = None
) -> JourneyView:
    """Give the journey of one shipment as seen at ``now`` (UTC) by who may see ``scope``; raises `NotFound` for an unknown shipment.

    ``habits`` are what is usual between two scans (`serving.habits`); without them the probable position is a wide guess.
    """
    facts = journey_facts(store, shipment_id, now=now)
    return assemble(facts if habits is None else replace(facts, habits=habits), now=now, router=by_road, scope=scope)


def journey_facts(store: Store, shipment_id: str, *, now: datetime) -> JourneyFacts:
    """Read everything that is known of one shipment, and the weather that was forecast by ``now`` (UTC) for the places ahead."""
    shipment = store.shipments.get(shipment_id)
    promises = store.shipments.promises(shipment_id)
    promised_at = newest(promises, PromiseKind.SHOP)

    def read_now(forecast: Forecast, seen_at: datetime) -> Forecast:
        # The same reading as GET /v1/shipments/{id}/eta: the shown window is folded from what the API says.
        shown = still_open(forecast, seen_at, promised_at=promised_at)
        return replace(forecast, quantiles=shown.quantiles, window=shown.window, late_probability=shown.late_probability)

    legs = store.shipments.legs(shipment_id)
    places = sorted({leg.to_facility_id for leg in legs if leg.to_facility_id})
    return JourneyFacts(
        shipment=shipment,
        order=order_of(store, shipment.order_id),
        scans=store.scans.of(shipment_id),
        legs=legs,
        promises=promises,
        facilities=store.shipments.facilities(),
        forecasts=store.forecasts.history(shipment_id),
        read_now=read_now,
        weather=store.weather.expected(places, since=now - HOUR, until=now + AHEAD, known_by=now),
    )


def order_of(store: Store, order_id: str) -> Order | None:
    """Give an order, or ``None``: a shipment may be known before its order is."""
    try:
        return store.shipments.order(order_id)
    except NotFound:
        return None


def by_road(start: tuple[float, float], end: tuple[float, float]) -> Line:
    """Give the way over the bundled road graph; only the two ends where it knows no road."""
    return route(*start, *end).points
