"""Decode Google's polyline, at six digits as OSRM (``polyline6``) and Valhalla write it."""

from typing import Final

from data.domain.errors import InvalidFact

__all__ = ["decode"]

MOST_POINTS: Final = 1_000_000
SHIFTS: Final = 35
"""No coordinate needs more bits."""


def decode(text: str, *, digits: int = 6) -> tuple[tuple[float, float], ...]:
    """Give the points as (lat, lon); raises `InvalidFact` for text that is no polyline, or that leaves the earth.

    The algorithm: developers.google.com/maps/documentation/utilities/polylinealgorithm.
    """
    numbers: list[int] = []
    value = shift = 0
    for character in text:
        part = ord(character) - 63
        if not 0 <= part < 64 or shift > SHIFTS:
            raise InvalidFact(f"the geometry holds {character!r}, which no polyline does.")
        value |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(numbers) % 2 or len(numbers) > 2 * MOST_POINTS:
        raise InvalidFact("the geometry breaks off in the middle of a point, or has no end.")
    points, lat, lon, scale = [], 0, 0, 10**digits
    for north, east in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + north, lon + east
        if abs(lat) > 90 * scale or abs(lon) > 180 * scale:
            raise InvalidFact(f"the geometry leaves the earth at {lat / scale}, {lon / scale}.")
        points.append((lat / scale, lon / scale))
    return tuple(points)
