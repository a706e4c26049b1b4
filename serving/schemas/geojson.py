"""Describe the journey's GeoJSON for the API's schema."""

from typing import Any

__all__ = ["JourneyGeoJSON"]

POSITION = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number", "minimum": -180, "maximum": 180}}
LINE = {"type": "array", "minItems": 2, "items": POSITION}


def geometry(kind: str, coordinates: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": ["type", "coordinates"], "properties": {"type": {"const": kind}, "coordinates": coordinates}}


FEATURE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "geometry": {
            "oneOf": [
                {"type": "null"},
                geometry("Point", POSITION),
                geometry("LineString", LINE),
                geometry("MultiLineString", {"type": "array", "items": LINE}),
            ]
        },
        "properties": {
            "type": "object",
            "required": ["role"],
            "properties": {"role": {"enum": ["leg", "stop", "position", "door"]}},
        },
    },
}

JourneyGeoJSON: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": FEATURE}},
}
"""JSON schema of a journey: a FeatureCollection whose features have the roles leg, stop, position and door."""
