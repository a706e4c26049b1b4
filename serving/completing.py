"""Say when a whole order has come: the last of its shipments, from the forecasts that their pages show."""

from datetime import datetime, timedelta

from data.domain.forecasts import Window
from data.domain.journeys import outcome_of
from data.domain.orders import Shipment
from data.domain.statuses import PROGRESS, TERMINAL, Status
from data.storage.shipments import ShipmentSummary
from maps.forecast_shown import NO_ARRIVAL
from maps.times import zone as known_zone
from serving.arrivals import window_of
from serving.forecasting import current_forecast
from serving.schemas.checkout import PercentileOut
from serving.schemas.orders import OrderComplete, OrderPart
from serving.still_open import Shown
from serving.wiring import Wiring
from training.checkout.complete import Part, complete, phases_of, standing_at
from training.checkout.dates import percentiles
from training.checkout.dependence import Dependence
from training.checkout.together import MOST_PARCELS

__all__ = ["COMPLETE_LEVEL", "order_complete"]

COMPLETE_LEVEL = 0.9
"""Probability that the window of an order holds."""


def order_complete(wiring: Wiring, order_id: str) -> OrderComplete:
    """Say when an order is complete; raises `NotFound` for an unknown order and `NotTrained` when shipments are open and no model serves."""
    wiring.store.shipments.order(order_id)
    summaries = wiring.store.shipments.of_order(order_id)
    coming = [one for one in summaries if one.status not in TERMINAL]
    shown = {
        one.shipment_id: found
        for one in coming
        if one.status not in NO_ARRIVAL and (found := current_forecast(wiring, one, promised_at=None))
    }
    now = wiring.now()
    delivered = {one.shipment_id: at for one in summaries if (at := delivered_at(wiring, one, now))}
    common = {
        "order_id": order_id,
        "seen_at": now,
        "shipments": [part_of(one, shown.get(one.shipment_id), delivered.get(one.shipment_id)) for one in summaries],
        "window": None,
        "percentiles": [],
        "completed_at": None,
        "dependence": "none",
        "model_version": None,
    }
    if not summaries:
        return OrderComplete.model_validate({**common, "state": "empty"})
    if len(delivered) == len(summaries):
        return OrderComplete.model_validate({**common, "state": "complete", "completed_at": max(delivered.values())})
    if len(delivered) + len(shown) < len(summaries):
        return OrderComplete.model_validate({**common, "state": "no_arrival"})
    return OrderComplete.model_validate(
        {**common, "state": "open", **last_fields(wiring, [one for one in coming if one.shipment_id in shown], shown)}
    )


def last_fields(wiring: Wiring, coming: list[ShipmentSummary], shown: dict[str, Shown]) -> dict[str, object]:
    """Give the window and the percentiles of the last open shipment."""
    checkout = wiring.model.current().checkout
    dependence = checkout.dependence if checkout else Dependence.nothing()
    # Those that come first have no say in when the last one comes.
    coming = sorted(coming, key=lambda one: (shown[one.shipment_id].p90, one.shipment_id))[-MOST_PARCELS:]
    at = max(found.seen_at for found in shown.values())
    each = standing_at([shown[one.shipment_id].forecast for one in coming], at)
    parts = [together(wiring.store.shipments.get(one.shipment_id), one.status) for one in coming]
    last = complete(each, parts, at, dependence)
    side = (1 - COMPLETE_LEVEL) / 2
    start, end = (at + timedelta(seconds=round(float(hours) * 3600)) for hours in last.quantile((side, 1 - side))[0])
    zone = coming[-1].destination_timezone if known_zone(coming[-1].destination_timezone) else None
    return {
        "window": window_of(Window(start, end, COMPLETE_LEVEL), zone, at),
        "percentiles": [PercentileOut(level=one.level, at=one.at, date=one.date) for one in percentiles(last, at, zone or "UTC")],
        "dependence": "learnt" if all(dependence.learnt_from(phase) for phase in phases_of(parts)) else "none",
        "model_version": shown[coming[-1].shipment_id].forecast.model_version,
    }


def together(shipment: Shipment, status: Status) -> Part:
    """Name what a shipment shares with others, in the words that the dependence was learnt in (`training.models.gather`)."""
    start, end = shipment.origin, shipment.destination
    return Part(
        origin=shipment.origin_facility_id or start.city or start.region or "",
        destination=shipment.destination_facility_id or end.city or end.region or "",
        destination_region=end.region or "",
        country=end.country or start.country or "",
        service=f"{shipment.carrier}|{shipment.service}",
        held=PROGRESS[status] >= PROGRESS[Status.ACCEPTED],
    )


def delivered_at(wiring: Wiring, summary: ShipmentSummary, now: datetime) -> datetime | None:
    if summary.status is not Status.DELIVERED:
        return None
    outcome = outcome_of(summary.shipment_id, wiring.store.scans.of(summary.shipment_id), now)
    return outcome.occurred_at if outcome is not None else None


def part_of(summary: ShipmentSummary, shown: Shown | None, delivered: datetime | None) -> OrderPart:
    return OrderPart(shipment_id=summary.shipment_id, status=summary.status, p50=shown.p50 if shown else None, delivered_at=delivered)
