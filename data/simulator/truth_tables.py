"""Write the true history as the tables of `data.simulator.truth.Truth`."""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.simulator.blame import CAUSES, Charges, blame
from data.simulator.state import ATTEMPTS, NOBODY_HOME, REFUSED
from data.simulator.tables import numbered, words
from data.simulator.truth import Truth
from data.simulator.weather import KM_PER_DEGREE
from data.simulator.world import PLANNED_QUEUE_MINUTES, World

__all__ = ["truth_of"]

OUTCOMES = ("open", "delivered", "lost", "damaged", "returned", "cancelled")
BACK_AFTER_MINUTES = 240.0
Floats = npt.NDArray[np.float64]


def true_shipments(world: World, causes: Floats) -> pl.DataFrame:
    clock, demand, row, history = world.clock, world.demand, world.row, world.history
    zips = demand.served[demand.zip_row[row]]
    hours = {f"{cause}_hours": pl.Series(causes[:, k] / 60).fill_nan(None) for k, cause in enumerate(CAUSES)}
    return pl.DataFrame(
        {
            "shipment_id": numbered("S", row),
            "outcome": words(OUTCOMES, history.outcome),
            "planned_delivered_at": clock.instants(world.planned.door),
            "ended_at": clock.instants(history.end),
            "delay_hours": pl.Series(causes.sum(axis=1) / 60).fill_nan(None),
            **hours,
            "origin_facility_id": world.facility_names(demand.warehouse[row]),
            "door_lat": zips["lat"],
            "door_lon": zips["lon"],
        }
    )


def true_stops(world: World) -> pl.DataFrame:
    clock, row, parcels, history, planned, owner = world.clock, world.row, world.parcels, world.history, world.planned, world.owner
    at = np.flatnonzero(np.isfinite(history.arrive))
    left = np.where(parcels.lane[at] >= 0, history.depart[at], history.dispatch[owner[at], 0])
    return pl.DataFrame(
        {
            "shipment_id": numbered("S", row[owner[at]]),
            "sequence": at - parcels.visit[owner[at]],
            "facility_id": world.facility_names(parcels.facility[at]),
            "arrived_at": clock.instants(history.arrive[at]),
            "taken_at": clock.instants(history.start[at]),
            "sorted_at": clock.instants(history.sorted[at]),
            "departed_at": clock.instants(left),
            "planned_arrival_at": clock.instants(planned.arrive[at]),
            "planned_departure_at": clock.instants(planned.depart[at]),
        }
    )


def true_moves(world: World) -> pl.DataFrame:
    network, row, parcels, history = world.network, world.row, world.parcels, world.history
    station, warehouse = parcels.facility[parcels.visit[1:] - 1], parcels.facility[parcels.visit[:-1]]
    driven = np.flatnonzero(history.trip >= 0)
    air = np.array([lane.mode == "air" for lane in network.lanes])[parcels.lane[driven]]
    trip = history.trip[driven]
    parts = [
        (
            world.owner[driven],
            parcels.facility[driven],
            parcels.facility[driven + 1],
            air.astype(np.int64),
            history.depart[driven],
            world.trips.arrives[trip],
        )
    ]
    for a in range(ATTEMPTS):
        out = np.flatnonzero(np.isfinite(history.dispatch[:, a]))
        nowhere = np.full(len(out), -1)
        parts.append((out, station[out], nowhere, np.full(len(out), 2), history.dispatch[out, a], history.door[out, a]))
        back = np.flatnonzero(np.isin(history.result[:, a], (NOBODY_HOME, REFUSED)))
        at_door = history.door[back, a]
        parts.append((back, np.full(len(back), -1), station[back], np.full(len(back), 2), at_door, at_door + BACK_AFTER_MINUTES))
    home = np.flatnonzero(np.isfinite(history.returning_at))
    parts.append((home, station[home], warehouse[home], np.zeros(len(home), dtype=np.int64), history.returning_at[home], history.end[home]))
    who, origin, goal, mode, left, came = (np.concatenate([part[k] for part in parts]) for k in range(6))
    order = np.lexsort((left, row[who]))
    shipment = row[who][order]
    return pl.DataFrame(
        {
            "shipment_id": numbered("S", shipment),
            "sequence": np.arange(len(shipment)) - np.searchsorted(shipment, shipment),
            "from_facility_id": world.facility_names(origin[order]),
            "to_facility_id": world.facility_names(goal[order]),
            "mode": words(("truck", "air", "van"), mode[order]),
            "departed_at": world.clock.instants(left[order]),
            "arrived_at": world.clock.instants(came[order]),
        }
    )


def true_charges(world: World, charges: Charges) -> pl.DataFrame:
    row, parcels, history, owner = world.row, world.parcels, world.history, world.owner
    first = np.zeros(len(owner), dtype=bool)
    first[parcels.visit[:-1]] = True
    left = np.where(parcels.lane >= 0, history.depart, history.dispatch[owner, 0])
    parts = [
        ("reached", owner, parcels.facility, history.arrive, charges.reached, ~first),
        ("left", owner, parcels.facility, left, charges.left, True),
    ]
    everybody, door = np.arange(len(row)), np.full(len(row), -1)
    parts += [("door", everybody, door, history.door[:, a], charges.knocked[:, a], True) for a in range(ATTEMPTS)]
    frames = []
    for event, shipment, facility, at, minutes, wanted in parts:
        known = np.flatnonzero(np.isfinite(at) & np.isfinite(minutes[:, 0]) & wanted)
        frames.append(
            pl.DataFrame(
                {
                    "shipment_id": numbered("S", row[shipment[known]]),
                    "event": pl.Series([event]).new_from_index(0, len(known)),
                    "facility_id": world.facility_names(facility[known]),
                    "at": world.clock.instants(at[known]),
                    **{f"{cause}_hours": minutes[known, k] / 60 for k, cause in enumerate(CAUSES)},
                }
            )
        )
    return pl.concat(frames).sort("shipment_id", "at", maintain_order=True)


def true_queues(world: World) -> pl.DataFrame:
    parcels, history, clock = world.parcels, world.history, world.clock
    shape = (len(world.network.facilities), clock.hours)
    arrived, taken = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for counts, times in ((arrived, history.arrive), (taken, history.start)):
        known = np.isfinite(times)
        hour = np.clip(times[known] // 60, 0, clock.hours - 1).astype(np.int64)
        np.add.at(counts, (parcels.facility[known], hour), 1)
    facility, hour = np.indices(shape).reshape(2, -1)
    return pl.DataFrame(
        {
            "facility_id": world.facility_names(facility),
            "hour_at": clock.instants((hour * 60).astype(np.float64)),
            "arrived": arrived.ravel(),
            "taken": taken.ravel(),
            "waiting": (arrived.cumsum(axis=1) - taken.cumsum(axis=1)).ravel(),
        }
    )


def true_storms(world: World) -> pl.DataFrame:
    clock, storms = world.clock, world.storms
    return pl.DataFrame(
        {
            "begins_at": clock.instants(storms.begins),
            "ends_at": clock.instants(storms.begins + storms.lasts),
            "lat": storms.lat,
            "lon": storms.lon,
            "north_kph": storms.lat_speed * 60 * KM_PER_DEGREE,
            "east_degrees_per_hour": storms.lon_speed * 60,
            "radius_km": storms.radius_km,
            "peak_severity": storms.peak,
        }
    )


def truth_of(world: World) -> Truth:
    """Write all tables of the truth."""
    charges = blame(world.parcels, world.history, world.planned, world.trips, world.capacity, world.stations, PLANNED_QUEUE_MINUTES)
    return Truth(
        shipments=true_shipments(world, charges.whole),
        stops=true_stops(world),
        moves=true_moves(world),
        queues=true_queues(world),
        storms=true_storms(world),
        charges=true_charges(world, charges),
    )
