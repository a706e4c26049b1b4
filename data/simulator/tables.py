"""Write what happened as canonical tables."""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.scans import ZoneBasis
from data.reference.status_codes import coded_events
from data.simulator.demand import CATEGORIES, CHANNELS, MERCHANTS
from data.simulator.network import TRUCK_KPH
from data.simulator.noise import HeardScans
from data.simulator.parcels import LOCAL_KPH
from data.simulator.scans import Event
from data.simulator.world import World

__all__ = ["boxes", "facilities", "legs", "numbered", "orders", "scans", "shipments"]


def numbered(prefix: str, rows: npt.NDArray[np.int64]) -> pl.Series:
    """Name rows by their number, such as O0000001."""
    return prefix + pl.Series(rows + 1).cast(pl.String).str.zfill(7)


def words(choices: tuple[str, ...], index: npt.NDArray[np.int64]) -> pl.Series:
    return pl.Series(choices).gather(index)


def facilities(world: World) -> pl.DataFrame:
    """Give the facilities table."""
    return pl.DataFrame(
        [
            {
                "facility_id": f.facility_id,
                "name": f.name,
                "kind": str(f.kind),
                "lat": f.place.lat,
                "lon": f.place.lon,
                "timezone": f.place.timezone,
                "city": f.place.city,
                "region": f.place.region,
                "postal_code": f.place.postal_code,
                "country": f.place.country,
            }
            for f in world.network.facilities
        ]
    )


def orders(world: World) -> pl.DataFrame:
    """Give the orders table with the declared attribute ``attr_channel``."""
    clock, demand = world.clock, world.demand
    return pl.DataFrame(
        {
            "order_id": numbered("O", np.arange(len(demand.ordered))),
            "ordered_at": clock.instants(demand.ordered),
            "merchant": words(tuple(m.name for m in MERCHANTS), demand.merchant),
            "attr_channel": words(CHANNELS, demand.channel),
        }
    )


def shipments(world: World) -> pl.DataFrame:
    """Give the shipments table in the order of ``demand``, with six declared attributes."""
    network, clock, demand = world.network, world.clock, world.demand
    n = len(demand.order)
    places = facilities(world)
    carrier = np.array([c for c, _ in network.services])[demand.service]
    ids = places["facility_id"]
    zips = demand.served[demand.zip_row]
    road = network.road_km[demand.warehouse, demand.station]
    digits = pl.Series((np.arange(n, dtype=np.int64) + 1) * 7_368_787 % 10**10).cast(pl.String).str.zfill(10)
    origin = {
        f"origin_{c}": places[c].gather(demand.warehouse) for c in ("lat", "lon", "timezone", "city", "region", "postal_code", "country")
    }
    return pl.DataFrame(
        {
            "shipment_id": numbered("S", np.arange(n)),
            "order_id": numbered("O", demand.order),
            "carrier": words(tuple(c.carrier for c in network.carriers), carrier),
            "service": words(tuple(s.service for _, s in network.services), demand.service),
            "created_at": clock.instants(demand.created),
            "tracking_number": words(tuple(c.prefix for c in network.carriers), carrier) + digits,
            "origin_facility_id": ids.gather(demand.warehouse),
            "destination_facility_id": ids.gather(demand.station),
            **origin,
            **{f"destination_{c}": zips[c] for c in ("lat", "lon", "timezone", "city", "region", "postal_code")},
            "destination_country": pl.Series(["US"]).new_from_index(0, n),
            "distance_km": np.round(road + demand.local_km, 1),
            "planned_minutes": np.round(road / TRUCK_KPH * 60 + demand.local_km / LOCAL_KPH * 60, 0),
            "attr_category": words(CATEGORIES, np.array([CATEGORIES.index(m.category) for m in MERCHANTS])[demand.merchant[demand.order]]),
            "attr_destination": words(("residential", "business"), demand.business.astype(np.int64)),
            "attr_fragile": words(("no", "yes"), demand.fragile.astype(np.int64)),
            "attr_signature": words(("none", "required"), demand.signature.astype(np.int64)),
            "attr_value_usd": demand.value_usd,
            "attr_weight_kg": demand.weight_kg,
        }
    )


def boxes(world: World, rng: np.random.Generator) -> pl.DataFrame:
    """Give the parcels table: the weight of a shipment divided over its boxes, sizes at about 180 kg per cubic metre."""
    demand = world.demand
    owner = np.repeat(np.arange(len(demand.order)), demand.parcels)
    number = np.arange(len(owner)) - np.searchsorted(owner, owner) + 1
    weight_g = np.round(demand.weight_kg[owner] / demand.parcels[owner] * 1000)
    side = np.cbrt(weight_g / 0.18)
    stretch = rng.uniform(0.8, 1.5, (3, len(owner)))
    length, width, height = np.round(np.sort(side * stretch / np.cbrt(stretch.prod(axis=0)), axis=0)[::-1], 1)
    shipment_id = numbered("S", owner)
    return pl.DataFrame(
        {
            "parcel_id": shipment_id + "-B" + pl.Series(number).cast(pl.String),
            "shipment_id": shipment_id,
            "weight_g": weight_g,
            "length_cm": length,
            "width_cm": width,
            "height_cm": height,
        }
    )


def legs(world: World) -> pl.DataFrame:
    """Give the planned legs, the last one to the door; known when the label is made. Cancelled shipments have none."""
    network, clock, demand, row = world.network, world.clock, world.demand, world.row
    parcels, planned = world.parcels, world.planned
    at = np.flatnonzero(np.isfinite(planned.depart))
    owner, lane = world.owner[at], parcels.lane[at]
    door = lane < 0
    sequence = at - parcels.visit[owner]
    arrives = planned.door[owner]
    arrives[~door] = planned.arrive[at[~door] + 1]
    lane_km = np.array([a.distance_km for a in network.lanes])
    following = np.where(door, -1, parcels.facility[np.minimum(at + 1, len(parcels.facility) - 1)])
    shipment_id = numbered("S", row[owner])
    mode = np.where(door, 2, np.array([lane.mode == "air" for lane in network.lanes]).astype(np.int64)[lane])
    return pl.DataFrame(
        {
            "leg_id": shipment_id + "-L" + pl.Series(sequence).cast(pl.String),
            "shipment_id": shipment_id,
            "sequence": sequence,
            "from_facility_id": world.facility_names(parcels.facility[at]),
            "to_facility_id": world.facility_names(following),
            "mode": words(("truck", "air", "van"), mode),
            "planned_departure_at": clock.instants(planned.depart[at]),
            "planned_arrival_at": clock.instants(arrives),
            "distance_km": np.round(np.where(door, demand.local_km[row[owner]], lane_km[lane]), 1),
            "known_at": clock.instants(demand.created[row[owner]]),
        }
    )


def scans(world: World, heard: HeardScans) -> pl.DataFrame:
    """Give the scans table. Shipments of one box name it; shipments of several boxes travel and are scanned together."""
    network, clock, demand, row = world.network, world.clock, world.demand, world.row
    shipment_id = numbered("S", row[heard.shipment])
    scan_id = shipment_id + "-" + pl.Series(heard.number).cast(pl.String).str.zfill(2)
    carrier = np.array([c for c, _ in network.services])[demand.service][row[heard.shipment]]
    by_name = {coded.event: coded for coded in coded_events()}
    coded = [by_name[event.name.lower()] for event in Event]
    said = [e.said[c.carrier] for c in network.carriers for e in coded]
    spoken = carrier * len(coded) + heard.event
    single = demand.parcels[row[heard.shipment]] == 1
    basis = (str(ZoneBasis.EXPLICIT), str(ZoneBasis.FACILITY), str(ZoneBasis.CARRIER_DEFAULT))
    frame = pl.DataFrame(
        {
            "scan_id": scan_id,
            "shipment_id": shipment_id,
            "status": words(tuple(str(e.status) for e in coded), heard.event),
            "occurred_at": clock.instants(heard.occurred),
            "received_at": clock.instants(heard.received),
            "facility_id": world.facility_names(heard.facility),
            "raw_code": words(tuple(code for code, _ in said), spoken),
            "raw_text": words(tuple(text for _, text in said), spoken),
            "source": words(tuple(c.carrier for c in network.carriers), carrier),
            "zone_basis": words(basis, heard.basis),
            "parcel_id": (shipment_id + "-B1").set(pl.Series(~single), None),
            "corrects_scan_id": scan_id.gather(np.maximum(heard.corrects, 0)).set(pl.Series(heard.corrects < 0), None),
            "voids": heard.voids,
        }
    )
    return frame[np.argsort(row[heard.shipment], kind="stable")]
