"""Turn demand into what the flow needs: when each shipment may be handled, where it goes, what is usual for it."""

import numpy as np
import numpy.typing as npt

from data.domain.places import FacilityKind
from data.simulator.clock import MINUTES_PER_DAY, SimulatorClock
from data.simulator.demand import MERCHANTS, Demand
from data.simulator.network import Network
from data.simulator.state import Parcels

__all__ = ["CANCELLED_SHARE", "cancelled_of", "parcels_of", "released", "trip_room"]

CANCELLED_SHARE = 0.006
OPENS_MINUTE = 6 * 60.0
USUAL_SORT_MINUTES = {FacilityKind.HUB: 60.0, FacilityKind.DELIVERY_STATION: 40.0}
LOCAL_KPH = 55.0
LONGEST_STEM_MINUTES = 110.0
RURAL_KM = 130.0
"""Local road distance beyond which a parcel spends one more delivery day with a rural partner."""
TRUCK_HEADROOM = 2.6


def released(network: Network, clock: SimulatorClock, demand: Demand) -> npt.NDArray[np.float64]:
    """Give when each shipment may be handled: at once until the cut-off of a working day, else when the next one opens."""
    cutoff = np.array([s.order_cutoff.hour * 60.0 + s.order_cutoff.minute for _, s in network.services])[demand.service]
    day = np.minimum(demand.created // MINUTES_PER_DAY, clock.days - 1).astype(np.int64)
    local = demand.created + clock.offset_minutes[demand.warehouse, day]
    local_day = np.clip(local // MINUTES_PER_DAY, 0, clock.days - 1).astype(np.int64)
    working = (clock.weekday < 5) & ~clock.holiday
    following = np.zeros(clock.days, dtype=np.int64)
    upcoming = clock.days - 1
    for d in range(clock.days - 1, -1, -1):
        following[d] = upcoming
        if working[d]:
            upcoming = d
    today = working[local_day] & (local % MINUTES_PER_DAY < cutoff)
    handled_on = np.where(today, local_day, following[local_day])
    opens = handled_on * MINUTES_PER_DAY + OPENS_MINUTE - clock.offset_minutes[demand.warehouse, handled_on]
    return np.asarray(np.maximum(demand.created, opens))


def cancelled_of(demand: Demand, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Draw which shipments are cancelled before they are handled."""
    return np.asarray(rng.random(len(demand.created)) < CANCELLED_SHARE)


def parcels_of(
    network: Network, clock: SimulatorClock, demand: Demand, cancelled: npt.NDArray[np.bool_]
) -> tuple[Parcels, npt.NDArray[np.int64]]:
    """Give the shipments sorted by release, and their rows in ``demand``."""
    release = released(network, clock, demand)
    release[cancelled] = np.nan
    row = np.argsort(release, kind="stable")
    path = network.paths[demand.service, demand.warehouse, demand.station][row]
    legs = np.diff(network.path_start)[path]
    visit = np.concatenate([[0], np.cumsum(legs + 1)])
    lane = np.full(visit[-1], -1, dtype=np.int64)
    inside = np.ones(visit[-1], dtype=bool)
    inside[visit[1:] - 1] = False
    steps = np.arange(legs.sum()) - np.repeat(np.cumsum(legs) - legs, legs)
    lane[inside] = network.path_lanes[np.repeat(network.path_start[path], legs) + steps]
    facility = np.zeros(visit[-1], dtype=np.int64)
    facility[inside] = np.array([a.origin for a in network.lanes])[lane[inside]]
    facility[~inside] = demand.station[row]
    usual = np.array([USUAL_SORT_MINUTES.get(f.kind, 0.0) for f in network.facilities])[facility]
    packing = np.array([m.handling_minutes for m in MERCHANTS])[demand.merchant[demand.order]]
    usual[visit[:-1]] = (packing * np.where(demand.fragile, 1.25, 1.0))[row]
    place = np.random.default_rng(20261121).random(demand.served.height)  # where a postal code lies in its van's day: a fact of the town
    business = demand.business[row]
    parcels = Parcels(
        number=row.astype(np.int64),
        release=release[row],
        express=np.array([s.air for _, s in network.services]).astype(np.int64)[demand.service][row],
        carrier=np.array([c for c, _ in network.services])[demand.service][row],
        service=demand.service[row],
        visit=visit.astype(np.int64),
        facility=facility,
        lane=lane,
        usual_minutes=usual,
        stem_minutes=np.minimum(demand.local_km[row] / LOCAL_KPH * 60, LONGEST_STEM_MINUTES),
        place_in_route=np.where(business, 0.55, 1.0) * place[demand.zip_row[row]],
        extra_days=(demand.local_km[row] > RURAL_KM).astype(np.int64),
        absent=np.clip(0.035 + 0.09 * demand.signature[row] - 0.02 * business + 0.02 * (demand.weight_kg[row] > 20), 0.01, 0.5),
    )
    return parcels, row


def trip_room(network: Network, clock: SimulatorClock, parcels: Parcels) -> npt.NDArray[np.float64]:
    """Size the vehicles of each lane to its mean load, with headroom for ordinary swings."""
    load = np.bincount(parcels.lane[parcels.lane >= 0], minlength=len(network.lanes))
    weeks = (clock.until_minute - clock.start_minute) / MINUTES_PER_DAY / 7
    runs = np.array(
        [
            len(network.carriers[lane.carrier].departures[lane.wave]) * len(network.carriers[lane.carrier].linehaul_weekdays)
            for lane in network.lanes
        ]
    )
    return np.maximum(np.ceil(TRUCK_HEADROOM * load / (weeks * runs)), 6.0)
