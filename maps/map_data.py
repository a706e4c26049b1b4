"""Gather what the script draws: geometry, enumerated values and ready words, as one JSON value."""

from typing import Any

from maps.basemap import Bounds
from maps.geometry import split_antimeridian
from maps.journey_page import JourneyPage
from maps.map_words import MapWords, map_words
from maps.playback import moves
from maps.view import JourneyView

__all__ = ["bounds_of", "map_data"]

LEAST_SPAN_DEGREES = 1.2
"""Least height and width of the shown part: the basemap is too coarse for less."""

CONTINENT: Bounds = ((24.0, -125.0), (50.0, -66.0))
"""What is shown of a journey without any known place."""


def bounds_of(view: JourneyView, *, margin: float = 0.12) -> Bounds:
    """Give the part of the globe that holds every stop, leg and the door, with a margin on each side (a share of its size)."""
    points = [(stop.lat, stop.lon) for stop in view.stops if stop.lat is not None and stop.lon is not None]
    points += [point for leg in view.legs for point in leg.line]
    if view.door:
        points.append((view.door.lat, view.door.lon))
    if not points:
        return CONTINENT
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    south, north = widened(min(lats), max(lats), margin, 85.0)
    west, east = widened(min(lons), max(lons), margin, 180.0)
    return (south, west), (north, east)


def widened(low: float, high: float, margin: float, limit: float) -> tuple[float, float]:
    half = max((high - low) * (0.5 + margin), LEAST_SPAN_DEGREES / 2)
    middle = (low + high) / 2
    return max(-limit, middle - half), min(limit, middle + half)


def map_data(view: JourneyView, page: JourneyPage, words: MapWords | None = None, *, bounds: Bounds | None = None) -> dict[str, Any]:
    """Give the value of the JSON block that our script draws; its words are those of the page, already cleaned.

    What the journey does not have is left out. Instants of ``moves`` and ``now`` are seconds since 1970 UTC; ``leg`` points into ``legs``, ``from`` and ``to`` into the journey's stops.
    """
    words = words or map_words(view)
    drawn = [number for number, leg in enumerate(view.legs) if len(leg.line) > 1]
    found: dict[str, Any] = {
        "bounds": bounds or bounds_of(view),
        "legs": [
            {"state": leg.state.value, "from": leg.from_stop, "to": leg.to_stop, "parts": split_antimeridian(leg.line)}
            for leg in (view.legs[number] for number in drawn)
        ],
        "stops": [
            {
                "lat": stop.lat,
                "lon": stop.lon,
                "kind": said.kind,
                "state": stop.state.value,
                "city": said.city,
                "title": said.title,
                "lines": [*said.lines, said.zone],
            }
            for stop, said in zip(view.stops, page.stops, strict=True)
            if stop.lat is not None
        ],
        "position": None
        if view.position is None
        else {
            "bands": [{"level": band.level, "parts": split_antimeridian(band.line)} for band in view.position.bands],
            "point": view.position.point,
        },
        "door": None
        if view.door is None
        else {
            "lat": view.door.lat,
            "lon": view.door.lon,
            "radius_km": view.door.radius_km,
            "title": page.door,
            "lines": [page.answer],
            "window": f"{page.bar.first} \N{EN DASH} {page.bar.last}" if page.bar else "",
        },
        "weather": [
            {"kind": said.kind, "lat": one.lat, "lon": one.lon, "title": said.title, "lines": [said.line]}
            for one, said in zip(view.weather, words.weather, strict=True)
        ],
        "moves": [
            {"leg": drawn.index(move.leg), "start": round(move.start.timestamp()), "end": round(move.end.timestamp())}
            for move in moves(view)
            if move.leg in drawn
        ],
        "cities": [said.city for said in page.stops],
        "now": round(view.seen_at.timestamp()),
        "words": words.for_script(),
    }
    return {name: value for name, value in found.items() if value is not None}
