"""Describe places on the wire."""

from pydantic import Field

from data.domain.places import Place
from serving.schemas.wire import Body, Country, Lat, Lon, ShortStr, Timezone

__all__ = ["PlaceIn", "PointIn"]


class PointIn(Body):
    """Hold a point on earth."""

    lat: Lat
    lon: Lon


class PlaceIn(Body):
    """Hold what is known of a place. A US postal code alone is enough: city, zone and point are looked up."""

    postal_code: ShortStr | None = None
    country: Country | None = None
    region: ShortStr | None = None
    city: ShortStr | None = None
    point: PointIn | None = Field(default=None, description="Where it is, when it is known better than by postal code.")
    timezone: Timezone | None = Field(default=None, description="By default the zone of the point.")

    def to_place(self) -> Place:
        """Give the place as it was sent."""
        lat, lon = (self.point.lat, self.point.lon) if self.point else (None, None)
        return Place(lat, lon, self.timezone, self.city, self.region, self.postal_code, self.country)
