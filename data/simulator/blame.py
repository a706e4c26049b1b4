"""Say what made every delivered shipment late, hour by hour, so that the hours add up to its delay.

Lateness is the true minus the planned time of the same milestone. It is followed from the warehouse to the door, and each change of
it is charged to what happened between two milestones. Where the timetable swallows lateness (the parcel still makes its
truck), all causes so far shrink in proportion; where it adds some (the parcel misses its truck), they grow in proportion, for they made it
miss. Without any cause so far the change is ordinary variation. What was charged so far is kept at every stop and door, so that an explanation
given on the way can be compared with what was true by then.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.simulator.capacity import Capacity, Stations
from data.simulator.compiled import inner, outer
from data.simulator.plan import Plan
from data.simulator.state import ATTEMPTS, DELIVERED, History, Parcels
from data.simulator.timetable import Trips

__all__ = ["CAUSES", "Charges", "blame"]

CAUSES = ("warehouse", "queue", "weather", "road", "truck", "missort", "station", "address", "recipient", "ordinary")
"""Backlog and packing at the warehouse; queues at hubs and stations; storms, wherever they act; rush hours; late, broken or full
vehicles; wrong sorts; no room on the vans; wrong addresses; nobody at home or late pick-up; small variation of everything."""

WAREHOUSE, QUEUE, WEATHER, ROAD, TRUCK, MISSORT, STATION, ADDRESS, RECIPIENT, ORDINARY = range(len(CAUSES))


class Charges(NamedTuple):
    """Hold minutes charged to each of `CAUSES`; rows of shipments that were not delivered, and of what never happened, are NaN.

    ``whole`` (shipments, causes) is the end. So far: ``reached`` and ``left`` (visits, causes) when a facility was reached and left (a
    station by the first van), ``knocked`` (shipments, visits to the door, causes) at the door.
    """

    whole: npt.NDArray[np.float64]
    reached: npt.NDArray[np.float64]
    left: npt.NDArray[np.float64]
    knocked: npt.NDArray[np.float64]


@inner
def total(causes: npt.NDArray[np.float64]) -> float:  # pragma: no cover - compiled
    out = 0.0
    for k in range(causes.shape[0]):
        out += causes[k]
    return out


@inner
def settle(causes: npt.NDArray[np.float64], lateness: float) -> None:  # pragma: no cover - compiled
    """Make the causes add up to a lateness: grow or shrink the positive ones in proportion, the rest is ordinary."""
    positive = 0.0
    for k in range(causes.shape[0]):
        if causes[k] > 0 and k != ORDINARY:
            positive += causes[k]
    rest = lateness - total(causes)
    if positive > 1e-9:
        factor = max(1 + rest / positive, 0.0)
        for k in range(causes.shape[0]):
            if causes[k] > 0 and k != ORDINARY:
                causes[k] *= factor
    causes[ORDINARY] += lateness - total(causes)


@outer
def blame(  # noqa: PLR0917 - compiled functions take no keywords  # pragma: no cover
    parcels: Parcels, history: History, planned: Plan, trips: Trips, capacity: Capacity, stations: Stations, allowance_minutes: float
) -> Charges:
    """Charge every minute of delay to a cause."""
    n, visits = parcels.release.shape[0], parcels.facility.shape[0]
    out, knocked = np.full((n, 10), np.nan), np.full((n, ATTEMPTS, 10), np.nan)
    reached, left = np.full((visits, 10), np.nan), np.full((visits, 10), np.nan)
    for i in range(n):
        if history.outcome[i] != DELIVERED or np.isnan(planned.door[i]):
            continue
        causes = np.zeros(10)
        for v in range(parcels.visit[i], parcels.visit[i + 1]):
            reached[v] = causes
            # planners allow for an ordinary queue; what is not used of it is ordinary variation
            wait = max(history.sorted[v] - history.arrive[v] - allowance_minutes, 0.0)
            hour = min(int(history.arrive[v] // 60), capacity.storm_share.shape[1] - 1)
            by_storm = wait * capacity.storm_share[parcels.facility[v], hour]
            causes[WEATHER] += by_storm
            causes[WAREHOUSE if v == parcels.visit[i] else QUEUE] += wait - by_storm
            causes[MISSORT] += history.missort[v]
            planned_ready = planned.arrive[v] + parcels.usual_minutes[v] + allowance_minutes
            lane = parcels.lane[v]
            if lane >= 0:
                causes[ORDINARY] += history.ready[v] - planned_ready - total(causes)
                causes[TRUCK] += history.bumped[v] + trips.truck[history.trip[v]]
                causes[WEATHER] += trips.storm_before[history.trip[v]]
                settle(causes, history.depart[v] - planned.depart[v])
                left[v] = causes
                trip = history.trip[v]
                causes[WEATHER] += trips.storm_on_way[trip]
                causes[ROAD] += trips.road[trip]
                causes[ORDINARY] += history.arrive[v + 1] - planned.arrive[v + 1] - total(causes)
            elif not np.isnan(history.held_at[i]):
                causes[ORDINARY] += history.held_at[i] - planned_ready - total(causes)
                causes[ADDRESS] += history.held_until[i] - history.held_at[i]
            else:
                # a failed visit overwrites the station's ready time, so it is rebuilt from the line
                causes[ORDINARY] += history.sorted[v] + parcels.usual_minutes[v] - planned_ready - total(causes)
        last = parcels.visit[i + 1] - 1
        causes[STATION] += history.no_room[i, 0]
        causes[WEATHER] += history.closed[i, 0]
        settle(causes, history.dispatch[i, 0] - planned.depart[last])
        left[last] = causes
        drive = planned.door[i] - planned.depart[last]
        day = min(int(history.dispatch[i, 0] // 1440), stations.storm_slow.shape[1] - 1)
        causes[WEATHER] += drive * (stations.storm_slow[parcels.facility[last], day] - 1)
        causes[ORDINARY] += history.door[i, 0] - planned.door[i] - total(causes)
        knocked[i, 0] = causes
        for a in range(1, ATTEMPTS):
            if not np.isnan(history.door[i, a]):
                causes[STATION] += history.no_room[i, a]
                causes[WEATHER] += history.closed[i, a]
                causes[RECIPIENT] += history.door[i, a] - history.door[i, a - 1] - history.no_room[i, a] - history.closed[i, a]
                knocked[i, a] = causes
        causes[RECIPIENT] += history.end[i] - planned.door[i] - total(causes)
        out[i] = causes
    return Charges(out, reached, left, knocked)
