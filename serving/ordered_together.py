"""Give the parcels of one order as the page of one of them shows them."""

import structlog

from data.domain.errors import DoorcastError
from maps.order_view import OrderPartView, OrderView
from serving.completing import COMPLETE_LEVEL, order_complete
from serving.wiring import Wiring

__all__ = ["ordered_together"]


def ordered_together(wiring: Wiring, order_id: str, shipment_id: str) -> OrderView | None:
    """Give the order of a shipment; ``None`` for an order of one shipment, and where no model can say when everything is here."""
    if len(wiring.store.shipments.of_order(order_id)) < 2:
        return None
    try:
        found = order_complete(wiring, order_id)
    except DoorcastError as error:  # the page of this parcel stands without the others; the API names the reason
        structlog.get_logger("doorcast.pages").info("page without its order", reason=str(error))
        return None
    return OrderView(
        parts=tuple(OrderPartView(part.status, part.p50, part.delivered_at, part.shipment_id == shipment_id) for part in found.shipments),
        window=(found.window.start, found.window.end) if found.window else None,
        level=found.window.level if found.window else COMPLETE_LEVEL,
        completed_at=found.completed_at,
    )
