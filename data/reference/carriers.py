"""Read the carriers, services and timetables of the simulated network."""

import json
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path

from data.domain.errors import NotFound

__all__ = ["Carrier", "Service", "carrier_named", "carriers"]

FILE = Path(__file__).with_name("carriers.json")


@dataclass(frozen=True, slots=True)
class Service:
    """Hold one service: when it delivers, until when an order leaves the same day, and what the service guide says.

    ``published_days`` holds (up to road km, working days), ascending. Clock times are local to the facility.
    """

    service: str
    weight: float
    air: bool
    delivery_weekdays: frozenset[int]
    order_cutoff: time
    published_days: tuple[tuple[float, int], ...]

    def days_for(self, distance_km: float) -> int:
        """Give the working days that the service guide states for a road distance."""
        return next(days for up_to, days in self.published_days if distance_km <= up_to)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Hold one carrier: its hubs, the local times at which its vehicles leave by kind of leg, and its services."""

    carrier: str
    prefix: str
    weight: float
    hubs: tuple[str, ...]
    air_hub: str
    longest_leg_km: float
    linehaul_weekdays: frozenset[int]
    departures: dict[str, tuple[time, ...]]
    dispatch: time
    services: tuple[Service, ...]


@cache
def carriers() -> tuple[Carrier, ...]:
    """Give all carriers, in the order of the file."""
    return tuple(
        Carrier(
            carrier=row["carrier"],
            prefix=row["prefix"],
            weight=row["weight"],
            hubs=tuple(row["hubs"]),
            air_hub=row["air_hub"],
            longest_leg_km=row["longest_leg_km"],
            linehaul_weekdays=frozenset(row["linehaul_weekdays"]),
            departures={kind: tuple(time.fromisoformat(t) for t in times) for kind, times in row["departures"].items()},
            dispatch=time.fromisoformat(row["dispatch"]),
            services=tuple(
                Service(
                    service=service["service"],
                    weight=service["weight"],
                    air=service["air"],
                    delivery_weekdays=frozenset(service["delivery_weekdays"]),
                    order_cutoff=time.fromisoformat(service["order_cutoff"]),
                    published_days=tuple((float(km), int(days)) for km, days in service["published_days"]),
                )
                for service in row["services"]
            ),
        )
        for row in json.loads(FILE.read_text(encoding="utf-8"))["carriers"]
    )


def carrier_named(name: str) -> Carrier:
    """Give one carrier. Raises `NotFound` naming those that exist."""
    for carrier in carriers():
        if carrier.carrier == name:
            return carrier
    raise NotFound(f"carrier {name!r} is not in carriers.json; known are {[c.carrier for c in carriers()]}.")
