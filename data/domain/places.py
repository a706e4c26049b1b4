"""Describe where things are: points, addresses at postal-code level, facilities."""

from dataclasses import dataclass
from enum import StrEnum

from data.domain.errors import InvalidFact

__all__ = ["Facility", "FacilityKind", "Place"]


class FacilityKind(StrEnum):
    """Say what a facility does."""

    WAREHOUSE = "warehouse"
    ORIGIN = "origin"
    HUB = "hub"
    SORT_CENTRE = "sort_centre"
    DELIVERY_STATION = "delivery_station"
    PICKUP_POINT = "pickup_point"
    CUSTOMS = "customs"
    STATION = "station"
    """A weather station or airport: a place of measurement, not of parcels."""


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a point on earth and the little of its address that forecasting needs.

    Latitude and longitude are WGS84 degrees, in that order; both are ``None`` when unknown (never 0, 0). ``timezone`` is an IANA name.
    """

    lat: float | None = None
    lon: float | None = None
    timezone: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        if (self.lat is None) != (self.lon is None):
            raise InvalidFact(f"lat {self.lat!r} and lon {self.lon!r}: give both or neither.")
        if self.lat is not None and not -90 <= self.lat <= 90:
            raise InvalidFact(f"lat {self.lat!r} must lie in -90..90 degrees; check whether lat and lon are swapped.")
        if self.lon is not None and not -180 <= self.lon <= 180:
            raise InvalidFact(f"lon {self.lon!r} must lie in -180..180 degrees.")


@dataclass(frozen=True, slots=True)
class Facility:
    """Hold a place where parcels are handled."""

    facility_id: str
    name: str
    kind: FacilityKind
    place: Place
