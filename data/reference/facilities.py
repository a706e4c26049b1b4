"""Read the parcel facilities of the simulated network: real cities known as carrier hubs."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.domain.places import Facility, FacilityKind, Place

__all__ = ["ReferenceFacility", "reference_facilities"]

FILE = Path(__file__).with_name("facilities.json")

WORDS = {
    FacilityKind.WAREHOUSE: "warehouse",
    FacilityKind.HUB: "hub",
    FacilityKind.DELIVERY_STATION: "delivery station",
}


@dataclass(frozen=True, slots=True)
class ReferenceFacility:
    """Hold a facility, why it is on the list, and how many thousand people live in the area that it delivers to (0 for others)."""

    facility: Facility
    known_for: str
    served_population_thousands: float


@cache
def reference_facilities() -> tuple[ReferenceFacility, ...]:
    """Give all facilities, in the order of the file: warehouses, hubs, delivery stations."""
    return tuple(
        ReferenceFacility(
            Facility(
                row["facility_id"],
                f"{row['city']} {WORDS[FacilityKind(row['kind'])]}",
                FacilityKind(row["kind"]),
                Place(row["lat"], row["lon"], row["timezone"], row["city"], row["region"], row["postal_code"], "US"),
            ),
            row["known_for"],
            float(row.get("served_population_thousands", 0)),
        )
        for row in json.loads(FILE.read_text(encoding="utf-8"))["facilities"]
    )
