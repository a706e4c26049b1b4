"""Give the dates that customers are told: the shop's once and padded, the carrier's exact and revised on the way."""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.simulator.capacity import Stations
from data.simulator.clock import MINUTES_PER_DAY, SimulatorClock
from data.simulator.demand import MERCHANTS, Demand
from data.simulator.network import Network
from data.simulator.parcels import released
from data.simulator.state import ATTEMPTS, NOBODY_HOME
from data.simulator.tables import numbered
from data.simulator.world import World

__all__ = ["promises"]

REVISED_BEYOND_MINUTES = 480.0
"""Lateness at a departure from which on a carrier changes its date (our choice)."""
TELLS_AFTER_MINUTES = 30.0


def end_of_day(clock: SimulatorClock, facility: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Give the last second of a local day."""
    return np.asarray((day + 1) * MINUTES_PER_DAY - 1 / 60 - clock.offset_minutes[facility, day])


def local_day(clock: SimulatorClock, facility: npt.NDArray[np.int64], minute: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    day = np.clip(minute // MINUTES_PER_DAY, 0, clock.days - 1).astype(np.int64)
    return np.clip((minute + clock.offset_minutes[facility, day]) // MINUTES_PER_DAY, 0, clock.days - 1).astype(np.int64)


def delivery_day(
    stations: Stations, service: npt.NDArray[np.int64], day: npt.NDArray[np.int64], count: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Give the ``count``-th delivery day after ``day``; with count 0 the first one not before it."""
    out = np.zeros(len(day), dtype=np.int64)
    for s in range(stations.delivers.shape[0]):
        rows = np.flatnonzero(service == s)
        open_days = np.flatnonzero(stations.delivers[s])
        after = np.searchsorted(open_days, day[rows], side="right")
        not_before = np.searchsorted(open_days, day[rows], side="left")
        place = np.where(count[rows] > 0, after + count[rows] - 1, not_before)
        out[rows] = open_days[np.minimum(place, len(open_days) - 1)]
    return out


def published_days(network: Network, demand: Demand, row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    km = network.road_km[demand.warehouse[row], demand.station[row]] + demand.local_km[row]
    out = np.zeros(len(row), dtype=np.int64)
    for s, (_, service) in enumerate(network.services):
        mine = demand.service[row] == s
        edges = np.array([up_to for up_to, _ in service.published_days])
        out[mine] = np.array([days for _, days in service.published_days])[np.searchsorted(edges, km[mine])]
    return out


def promises(world: World) -> pl.DataFrame:
    """Give all promises.

    The shop counts published working days from the day of handling and adds its pad; its promise is known at order time. The carrier
    promises the planned day when the label is made, and a new one after a late departure or a failed visit.
    """
    clock, demand, row, parcels = world.clock, world.demand, world.row, world.parcels
    history, planned, stations = world.history, world.planned, world.stations
    shipment_id, handled = numbered("S", row), released(world.network, clock, demand)[row]
    station, warehouse = demand.station[row], demand.warehouse[row]
    created, ordered = world.created, demand.ordered[demand.order[row]]
    pads = np.array([m.pad_days for m in MERCHANTS])[demand.merchant[demand.order[row]]]
    days = published_days(world.network, demand, row) + pads + parcels.extra_days
    shop_day = delivery_day(stations, parcels.service, local_day(clock, warehouse, handled), days)

    known = np.isfinite(planned.door)
    first_day = local_day(clock, station, np.where(known, planned.door, 0.0))
    late = history.depart - planned.depart
    slips = np.flatnonzero((late > REVISED_BEYOND_MINUTES) & (parcels.lane >= 0))
    revised, first_slip = np.unique(world.owner[slips], return_index=True)
    at = slips[first_slip]
    revised_day = delivery_day(
        stations, parcels.service[revised], local_day(clock, station[revised], planned.door[revised] + late[at]), np.zeros_like(revised)
    )
    changed = revised_day != first_day[revised]
    revised, revised_day, at = revised[changed], revised_day[changed], at[changed]
    parts = [
        (np.arange(len(row)), "shop", end_of_day(clock, station, shop_day), ordered, "P"),
        (np.flatnonzero(known), "carrier", end_of_day(clock, station, first_day)[known], created[known], "C1"),
        (revised, "carrier", end_of_day(clock, station[revised], revised_day), history.depart[at] + TELLS_AFTER_MINUTES, "C2"),
    ]
    for a in range(ATTEMPTS - 1):
        missed = np.flatnonzero(history.result[:, a] == NOBODY_HOME)
        again = delivery_day(
            stations, parcels.service[missed], local_day(clock, station[missed], history.door[missed, a]), np.ones_like(missed)
        )
        parts.append(
            (missed, "carrier", end_of_day(clock, station[missed], again), history.door[missed, a] + TELLS_AFTER_MINUTES, f"C{3 + a}")
        )
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "promise_id": shipment_id.gather(rows) + f"-{suffix}",
                    "shipment_id": shipment_id.gather(rows),
                    "kind": pl.Series([kind]).new_from_index(0, len(rows)),
                    "promised_at": clock.instants(promised),
                    "known_at": clock.instants(known_at),
                }
            )
            for rows, kind, promised, known_at, suffix in parts
        ]
    )
