"""Lay out the network: facilities, lanes between them, and the path of every service from every warehouse to every station."""

import heapq
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from data.domain.errors import NotFound
from data.domain.places import Facility, FacilityKind
from data.reference.carriers import Carrier, Service, carriers
from data.reference.facilities import reference_facilities
from data.reference.roads import great_circle_km, route

__all__ = ["Lane", "Network", "network"]

TRUCK_KPH = 80.0
"""Linehaul with two drivers, stops included; 50 mph is the planning figure of US ground carriers."""
TRUCK_MINUTES = 20.0
AIR_KPH = 700.0
AIR_MINUTES = 75.0
"""Taxi, climb, landing and unloading."""
SORT_PENALTY_MINUTES = 300.0
"""What one more hub costs when a path is chosen: a sort and the wait for the next truck."""
SHORT_ENOUGH_TO_DRIVE_KM = 650.0
"""Air services drive when the whole way is shorter than this: overnight trucks are the rule there."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Hold one connection of one carrier: ``wave`` names its departures in the timetable (pickup, linehaul, feeder, to_air_hub …)."""

    carrier: int
    origin: int
    destination: int
    wave: str
    distance_km: float
    minutes: float

    @property
    def mode(self) -> str:
        """Say how it moves: ``truck`` or ``air``."""
        return "air" if self.wave.endswith("air_hub") else "truck"


@dataclass(frozen=True, slots=True)
class Network:
    """Hold facilities and lanes as tables, and paths: ``paths[service, warehouse, station]`` points into ``path_lanes``.

    ``services`` lists (carrier index, service) pairs; a path is the slice ``path_start[p]:path_start[p + 1]`` of ``path_lanes``.
    """

    facilities: tuple[Facility, ...]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    warehouses: npt.NDArray[np.int64]
    hubs: npt.NDArray[np.int64]
    stations: npt.NDArray[np.int64]
    population: npt.NDArray[np.float64]
    carriers: tuple[Carrier, ...]
    services: tuple[tuple[int, Service], ...]
    lanes: tuple[Lane, ...]
    paths: npt.NDArray[np.int64]
    path_start: npt.NDArray[np.int64]
    path_lanes: npt.NDArray[np.int64]
    road_km: npt.NDArray[np.float64]


class Builder:
    """Collect lanes while paths are found."""

    def __init__(self, facilities: tuple[Facility, ...]) -> None:
        self.lat = np.array([f.place.lat for f in facilities], dtype=np.float64)
        self.lon = np.array([f.place.lon for f in facilities], dtype=np.float64)
        self.lanes: dict[tuple[int, int, int, str], int] = {}
        self.rows: list[Lane] = []

    def ends(self, a: int, b: int) -> tuple[float, float, float, float]:
        return float(self.lat[a]), float(self.lon[a]), float(self.lat[b]), float(self.lon[b])

    def road_km(self, a: int, b: int) -> float:
        return route(*self.ends(a, b)).distance_km

    def air_km(self, a: int, b: int) -> float:
        return great_circle_km(*self.ends(a, b))

    def lane(self, carrier: int, a: int, b: int, wave: str) -> int:
        key = (carrier, a, b, wave)
        if key not in self.lanes:
            air = wave.endswith("air_hub")
            km = self.air_km(a, b) if air else self.road_km(a, b)
            minutes = AIR_MINUTES + km / AIR_KPH * 60 if air else TRUCK_MINUTES + km / TRUCK_KPH * 60
            self.lanes[key] = len(self.rows)
            self.rows.append(Lane(carrier, a, b, wave, km, minutes))
        return self.lanes[key]

    def nearest(self, hubs: list[int], facility: int) -> int:
        return min(hubs, key=lambda hub: (self.road_km(hub, facility), hub))

    def between_hubs(self, carrier: Carrier, hubs: list[int], start: int, goal: int) -> list[int]:
        """Find the hubs on the way by Dijkstra: driving time plus `SORT_PENALTY_MINUTES` for each hub."""
        queue: list[tuple[float, int, tuple[int, ...]]] = [(0.0, start, (start,))]
        done: set[int] = set()
        while queue:
            cost, hub, way = heapq.heappop(queue)
            if hub == goal:
                return list(way)
            if hub in done:
                continue
            done.add(hub)
            for other in hubs:
                km = self.road_km(hub, other)
                if other not in done and km <= carrier.longest_leg_km:
                    heapq.heappush(queue, (cost + km / TRUCK_KPH * 60 + SORT_PENALTY_MINUTES, other, (*way, other)))
        raise NotFound(f"carrier {carrier.carrier} has no way from facility {start} to {goal}; raise longest_leg_km in carriers.json.")


def ground_path(build: Builder, c: int, hubs: list[int], ends: tuple[int, int]) -> list[int]:
    warehouse, station = ends
    first, last = build.nearest(hubs, warehouse), build.nearest(hubs, station)
    way = build.between_hubs(carriers()[c], hubs, first, last)
    middle = [build.lane(c, a, b, "linehaul") for a, b in pairwise(way)]
    return [build.lane(c, warehouse, first, "pickup"), *middle, build.lane(c, last, station, "feeder")]


def air_path(build: Builder, c: int, hubs: list[int], air_hub: int, ends: tuple[int, int]) -> list[int]:
    warehouse, station = ends
    first = build.nearest(hubs, warehouse)
    lanes = [build.lane(c, warehouse, first, "pickup")]
    if first != air_hub:
        lanes.append(build.lane(c, first, air_hub, "to_air_hub"))
    return [*lanes, build.lane(c, air_hub, station, "from_air_hub")]


@cache
def network() -> Network:
    """Lay out the network of the reference files. Takes about 0.3 s once; no randomness."""
    listed = reference_facilities()
    facilities = tuple(item.facility for item in listed)
    index = {facility.facility_id: f for f, facility in enumerate(facilities)}

    def of_kind(kind: FacilityKind) -> npt.NDArray[np.int64]:
        return np.array([f for f, facility in enumerate(facilities) if facility.kind is kind], dtype=np.int64)

    warehouses, stations = of_kind(FacilityKind.WAREHOUSE), of_kind(FacilityKind.DELIVERY_STATION)
    build = Builder(facilities)
    services = tuple((c, service) for c, carrier in enumerate(carriers()) for service in carrier.services)
    paths = np.zeros((len(services), len(facilities), len(facilities)), dtype=np.int64)
    found: list[list[int]] = []
    road_km = np.full((len(facilities), len(facilities)), np.nan)
    for w in warehouses.tolist():
        for d in stations.tolist():
            road_km[w, d] = build.road_km(w, d)
            for s, (c, service) in enumerate(services):
                carrier = carriers()[c]
                hubs = [index[hub] for hub in carrier.hubs]
                paths[s, w, d] = len(found)
                fly = service.air and road_km[w, d] > SHORT_ENOUGH_TO_DRIVE_KM
                by_air = air_path(build, c, hubs, index[carrier.air_hub], (w, d)) if fly else None
                found.append(by_air or ground_path(build, c, hubs, (w, d)))
    return Network(
        facilities=facilities,
        lat=build.lat,
        lon=build.lon,
        warehouses=warehouses,
        hubs=of_kind(FacilityKind.HUB),
        stations=stations,
        population=np.array([item.served_population_thousands for item in listed]),
        carriers=carriers(),
        services=services,
        lanes=tuple(build.rows),
        paths=paths,
        path_start=np.concatenate([[0], np.cumsum([len(path) for path in found])]).astype(np.int64),
        path_lanes=np.array([lane for path in found for lane in path], dtype=np.int64),
        road_km=road_km,
    )
