"""Fill a store with the journeys of tests/maps/journeys.py, so that pages can be asked over HTTP."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import polars as pl
from fastapi import FastAPI

from data.domain.forecasts import Forecast
from data.domain.orders import Order, Promise, Shipment
from data.domain.places import Facility, Place
from data.domain.routes import Leg
from data.domain.scans import Scan
from data.facts.facts import Facts
from data.facts.schema import TABLES
from data.storage.store import Store
from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.makers import make_order, make_promise, make_shipment
from tests.maps.journeys import FACILITIES, legs


class NoModel:
    """Be a registry in which no model serves."""

    def serving(self) -> str | None:
        return None

    def load(self, version: str | None = None) -> object:
        raise AssertionError("nothing serves, so nothing may be loaded")


def frame(table: str, rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    schema = TABLES[table].schema
    return pl.DataFrame([{name: row[name] for name in schema if name in row} for row in rows], schema=schema)


def placed(prefix: str, place: Place) -> dict[str, object]:
    return {f"{prefix}{name}": value for name, value in asdict(place).items()}


def shipment_row(shipment: Shipment) -> dict[str, object]:
    return {**asdict(shipment), **placed("origin_", shipment.origin), **placed("destination_", shipment.destination)}


def facility_row(facility: Facility) -> dict[str, object]:
    return {**asdict(facility), "kind": facility.kind.value, **placed("", facility.place)}


def keep(
    store: Store,
    *,
    shipment_id: str = "S1",
    order: Order | None = None,
    shipment: Shipment | None = None,
    scans: tuple[Scan, ...] = (),
    forecasts: tuple[Forecast, ...] = (),
    planned: tuple[Leg, ...] | None = None,
    promise: Promise | None = None,
    facilities: Iterable[Facility] = FACILITIES.values(),
) -> None:
    """Store one shipment with everything around it; ids of scans and forecasts get the shipment's id in front."""
    order = order or make_order(f"O-{shipment_id}")
    shipment = replace(shipment or make_shipment(), shipment_id=shipment_id, order_id=order.order_id, origin_facility_id="WH-MEM")
    promise = promise or make_promise(shipment_id)
    plan = [replace(leg, leg_id=f"{shipment_id}-{leg.leg_id}", shipment_id=shipment_id) for leg in (legs() if planned is None else planned)]
    facts = Facts.of(
        {
            "facilities": frame("facilities", map(facility_row, facilities)),
            "orders": frame("orders", [asdict(order)]),
            "shipments": frame("shipments", [shipment_row(shipment)]),
            "promises": frame("promises", [{**asdict(promise), "kind": promise.kind.value}]),
            "legs": frame("legs", map(asdict, plan)),
        }
    )
    store.facts.add(facts, source="test")
    if scans:
        store.scans.append([replace(scan, scan_id=f"{shipment_id}-{scan.scan_id}", shipment_id=shipment_id) for scan in scans])
    if forecasts:
        store.forecasts.append([replace(one, forecast_id=f"{shipment_id}-{one.forecast_id}", shipment_id=shipment_id) for one in forecasts])


def application(folder: Path, now: datetime, **settings_of_its_own: object) -> FastAPI:
    """Give the whole application on a new store in ``folder``, with a clock that stands still and no model."""
    settings = Settings(state_folder=folder, **settings_of_its_own)
    return create_app(settings, wiring=open_wiring(settings, clock=lambda: now, models=NoModel()))
