"""Forecast a shipment that does not exist: the same call of the same model, on a shipment without scans."""

from datetime import datetime

from data.domain.errors import NotFound
from data.domain.orders import PromiseKind
from data.domain.places import Facility, Place
from data.facts.facts import Facts
from data.facts.moments import moment_of
from serving.arrivals import reasons_of, window_of
from serving.places import located
from serving.registering import attribute_columns, place_columns, table
from serving.schemas.eta import Estimate, EstimateIn, QuantileOut
from serving.wiring import Wiring

__all__ = ["estimate"]

ID = "estimate"


def estimate(wiring: Wiring, body: EstimateIn) -> Estimate:
    """Give the distribution; raises `NotTrained` when no model serves and `NotFound` for an unknown facility."""
    model = wiring.model.current()
    created_at = body.created_at or wiring.now()
    at = max(created_at, wiring.now())  # what is asked today is answered with what is known today
    facility = facility_of(wiring, body.origin_facility_id)
    origin = located(body.origin.to_place()) if body.origin else facility.place if facility else Place()
    destination = located(body.destination.to_place())
    facts = facts_of(body, created_at=created_at, facility=facility, origin=origin, destination=destination)
    (forecast,) = model.forecast(facts, moment_of(ID, at), made_at=wiring.now())
    p10, p50, p90 = (forecast.quantile(level) for level in (0.1, 0.5, 0.9))
    return Estimate(
        target=forecast.target,
        as_of=forecast.as_of,
        p10=p10,
        p50=p50,
        p90=p90,
        quantiles=[QuantileOut(level=level, at=instant) for level, instant in forecast.quantiles],
        window=window_of(forecast.window, destination.timezone, at),
        late_probability=forecast.late_probability,
        reasons=reasons_of(forecast.reasons),
        model_version=forecast.model_version,
        input_digest=forecast.input_digest,
    )


def facility_of(wiring: Wiring, facility_id: str | None) -> Facility | None:
    if facility_id is None:
        return None
    facility = wiring.store.shipments.facilities().get(facility_id)
    if facility is None:
        raise NotFound(f"no facility {facility_id!r} is known; import facilities with `doorcast data import`, or send `origin` instead")
    return facility


def facts_of(body: EstimateIn, *, created_at: datetime, facility: Facility | None, origin: Place, destination: Place) -> Facts:
    """Make the facts of the imagined shipment."""
    shipment = {
        "shipment_id": ID,
        "order_id": ID,
        "carrier": body.carrier,
        "service": body.service,
        "created_at": created_at,
        "origin_facility_id": body.origin_facility_id,
        "distance_km": body.distance_km,
        "planned_minutes": body.planned_minutes,
        **place_columns("origin_", origin),
        **place_columns("destination_", destination),
        **attribute_columns(body.attributes),
    }
    promise = {"promise_id": ID, "shipment_id": ID, "kind": str(PromiseKind.SHOP), "promised_at": body.promised_at, "known_at": created_at}
    tables = {"orders": table("orders", [{"order_id": ID, "ordered_at": created_at}]), "shipments": table("shipments", [shipment])}
    if body.promised_at is not None:
        tables["promises"] = table("promises", [promise])
    if facility is not None:
        row = {"facility_id": facility.facility_id, "name": facility.name, "kind": str(facility.kind), **place_columns("", facility.place)}
        tables["facilities"] = table("facilities", [row])
    return Facts.of(tables)
