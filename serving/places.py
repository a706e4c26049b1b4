"""Complete places: a US postal code knows its city, point and zone; a point knows its zone."""

from dataclasses import replace
from functools import cache

from data.domain.places import Place

__all__ = ["by_postal_code", "located", "zone_at"]


@cache
def by_postal_code() -> dict[str, tuple[str, str, float, float, str]]:
    """Give city, region, lat, lon and zone of every US postal code; read on first use (0.6 s), not at import."""
    from data.reference.destinations import destinations

    return {
        code: (city, region, lat, lon, zone)
        for code, city, region, lat, lon, zone in destinations()
        .select("postal_code", "city", "region", "lat", "lon", "timezone")
        .iter_rows()
    }


def zone_at(lat: float, lon: float) -> str | None:
    """Give the IANA zone of a point; ``None`` at sea."""
    import tzfpy

    zone: str = tzfpy.get_tz(lon, lat)
    return zone if zone and not zone.startswith("Etc/") else None


def located(place: Place) -> Place:
    """Fill what is missing and can be known; what was given stands. A country other than the US, or none known code, changes nothing.

    Postal codes lose leading zeros in many exports; a code is looked up as it was given, never guessed.
    """
    found = by_postal_code().get((place.postal_code or "")[:5]) if place.country in {None, "US"} and place.postal_code else None
    if found is not None:
        city, region, lat, lon, zone = found
        here = place if place.lat is not None else replace(place, lat=lat, lon=lon)
        place = replace(here, city=place.city or city, region=place.region or region, timezone=place.timezone or zone, country="US")
    if place.timezone is None and place.lat is not None and place.lon is not None:
        place = replace(place, timezone=zone_at(place.lat, place.lon))
    return place
