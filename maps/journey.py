"""Make the interactive map of a journey with folium, under the safe-text rule."""

from functools import cache
from typing import Any

import geopandas
from shapely.geometry import LineString, Point

from maps.geometry import length_km
from maps.map_data import CONTINENT, bounds_of
from maps.safe_folium import MapParts, OurLayer, SafeMap
from maps.view import JourneyView

__all__ = ["JOURNEY_BLOCK", "journey_frame", "journey_map", "journey_map_parts"]

JOURNEY_BLOCK = "journey-data"
"""The id of the JSON block that holds what is drawn."""


def journey_frame(view: JourneyView) -> geopandas.GeoDataFrame:
    """Give the journey as a geo table (EPSG:4326): one row for each leg, then for each stop with known coordinates.

    Columns: ``role`` (``leg`` or ``stop``), ``state``, ``kind`` (the mode of a leg is not taken over: it may be any text), ``position`` in
    its list, ``length_km`` of legs over the ellipsoid, ``geometry``.
    """
    rows: list[dict[str, Any]] = [
        {"role": "leg", "state": leg.state.value, "kind": "leg", "position": number, "length_km": length_km(leg.line), "geometry": line}
        for number, leg in enumerate(view.legs)
        if len(leg.line) > 1 and (line := LineString([(lon, lat) for lat, lon in leg.line]))
    ]
    rows += [
        {
            "role": "stop",
            "state": stop.state.value,
            "kind": stop.kind,
            "position": number,
            "length_km": None,
            "geometry": Point(stop.lon, stop.lat),
        }
        for number, stop in enumerate(view.stops)
        if stop.lat is not None and stop.lon is not None
    ]
    columns = ["role", "state", "kind", "position", "length_km", "geometry"]
    return geopandas.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")


def journey_map(view: JourneyView) -> SafeMap:
    """Give the journey's folium map. It draws what stands in the page's block `JOURNEY_BLOCK`; text never enters folium."""
    made = SafeMap(bounds_of(view), name="journey", label="journey")
    made.add_child(OurLayer("doorcast.drawJourney", JOURNEY_BLOCK))
    return made


@cache
def journey_map_parts() -> MapParts:
    """Give the rendered frame that every journey page shares: what differs between journeys stands in their JSON blocks."""
    made = SafeMap(CONTINENT, name="journey", label="journey")
    made.add_child(OurLayer("doorcast.drawJourney", JOURNEY_BLOCK))
    return made.parts()
