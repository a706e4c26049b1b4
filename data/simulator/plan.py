"""Plan every shipment on an undisturbed network: usual handling, empty queues, vehicles on time, somebody at home."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.simulator.capacity import Stations
from data.simulator.compiled import outer
from data.simulator.state import LOADING_MINUTES, ROUTE_MINUTES, VAN_LOADING_MINUTES, Parcels
from data.simulator.timetable import Trips

__all__ = ["Plan", "plan"]

DAY = 1440.0


class Plan(NamedTuple):
    """Hold planned minutes: by visit ``arrive`` and ``depart`` (the station's ``depart`` is the van's), by shipment ``door``."""

    arrive: npt.NDArray[np.float64]
    depart: npt.NDArray[np.float64]
    door: npt.NDArray[np.float64]


@outer
def plan(
    parcels: Parcels, trips: Trips, stations: Stations, offset_minutes: npt.NDArray[np.float64], allowance_minutes: float
) -> Plan:  # pragma: no cover - compiled
    """Give the `Plan`. ``allowance_minutes`` is what planners add at every facility for ordinary queues."""
    n, visits, days = parcels.release.shape[0], parcels.facility.shape[0], stations.delivers.shape[1]
    arrive, depart, door = np.full(visits, np.nan), np.full(visits, np.nan), np.full(n, np.nan)
    for i in range(n):
        now = parcels.release[i]
        if np.isnan(now):
            continue
        for v in range(parcels.visit[i], parcels.visit[i + 1]):
            arrive[v] = now
            out = now + parcels.usual_minutes[v] + allowance_minutes
            lane = parcels.lane[v]
            if lane >= 0:
                low, high = trips.first[lane], trips.first[lane + 1]
                low += np.searchsorted(trips.planned_departs[low:high], out + LOADING_MINUTES)
                if low == high:
                    break
                depart[v] = trips.planned_departs[low]
                now = trips.planned_arrives[low]
                continue
            f, c = parcels.facility[v], parcels.carrier[i]
            waits = parcels.extra_days[i]
            for day in range(max(int((out + offset_minutes[f, min(int(out // DAY), days - 1)]) // DAY), 0), days):
                if stations.delivers[parcels.service[i], day] and stations.dispatch[c, f, day] >= out + VAN_LOADING_MINUTES:
                    if waits == 0:
                        depart[v] = stations.dispatch[c, f, day]
                        door[i] = depart[v] + parcels.stem_minutes[i] + parcels.place_in_route[i] * ROUTE_MINUTES
                        break
                    waits -= 1
    return Plan(arrive, depart, door)
