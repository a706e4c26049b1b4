"""Write a journey as GeoJSON (RFC 7946): the only place where lat, lon becomes lon, lat."""

from datetime import datetime
from typing import Any

from maps.geometry import split_antimeridian
from maps.safe_text import clean
from maps.view import JourneyView, LegView, Line, StopView
from maps.words import PLACE_WORDS

__all__ = ["journey_geojson"]


def journey_geojson(view: JourneyView) -> dict[str, Any]:
    """Give a FeatureCollection: legs, then stops in journey order, the bands of the probable position (the widest first) and the door's area.

    ``properties.role`` of a feature is ``leg``, ``stop``, ``position`` or ``door``. Stops without coordinates have a null geometry.
    Times are RFC 3339 in UTC beside the zone of their place.
    """
    features = [leg_feature(leg, view) for leg in view.legs]
    features += [stop_feature(number, stop) for number, stop in enumerate(view.stops)]
    for band in view.position.bands if view.position else ():
        features.append(feature(line_geometry(band.line), {"role": "position", "level": band.level, "chance": round(band.chance, 3)}))
    if view.door:
        point = {"type": "Point", "coordinates": [view.door.lon, view.door.lat]}
        features.append(feature(point, {"role": "door", "radius_km": view.door.radius_km, **window(view)}))
    return {"type": "FeatureCollection", "features": features}


def feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def line_geometry(line: Line) -> dict[str, Any] | None:
    """Give a LineString, a MultiLineString where the line crosses the 180th meridian, or null for a line of no length."""
    parts = [[[lon, lat] for lat, lon in part] for part in split_antimeridian(line) if len(part) > 1]
    if not parts:
        return None
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def leg_feature(leg: LegView, view: JourneyView) -> dict[str, Any]:
    properties = {"role": "leg", "state": leg.state.value, "mode": clean(leg.mode), "from_stop": leg.from_stop, "to_stop": leg.to_stop}
    start, end = view.stops[leg.from_stop], view.stops[leg.to_stop]
    return feature(line_geometry(leg.line), {**properties, "departed_at": stamp(start.departed_at), "arrived_at": stamp(end.arrived_at)})


def stop_feature(number: int, stop: StopView) -> dict[str, Any]:
    geometry = None if stop.lat is None else {"type": "Point", "coordinates": [stop.lon, stop.lat]}
    return feature(
        geometry,
        {
            "role": "stop",
            "stop": number,
            "kind": stop.kind if stop.kind in PLACE_WORDS else "stop",
            "state": stop.state.value,
            "city": clean(stop.city),
            "region": clean(stop.region),
            "timezone": clean(stop.timezone),
            "planned_at": stamp(stop.planned_at),
            "estimated_at": stamp(stop.estimated_at),
            "arrived_at": stamp(stop.arrived_at),
            "departed_at": stamp(stop.departed_at),
        },
    )


def window(view: JourneyView) -> dict[str, Any]:
    if view.arrival is None:
        return {"window_start": None, "window_end": None, "window_level": None}
    return {"window_start": stamp(view.arrival.start), "window_end": stamp(view.arrival.end), "window_level": view.arrival.level}


def stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
