"""Read every coordinate out of a page or file of ours and check that none lies nearer to the door than its grade allows.

Read are: every block of JSON (map data, JSON-LD, GeoJSON), every drawn SVG that names its frame, ``GEO:`` lines of calendar entries, and, in the
rest of the text, every pair of decimal numbers that could be a place. A pair is judged in both orders, because a mistake may have turned it
round. The basemap is left out: it is the same for every journey.
"""

import json
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from maps.geometry import distance_km
from maps.view import DoorView

__all__ = ["Finding", "Seen", "audit", "coordinates", "declared_door"]

Point = tuple[float, float]

BASEMAP_BLOCK = "basemap-data"
SAME_KM = 0.02
"""Two ways of writing one place differ by at most so much: four digits are 11 metres."""

PAIR = re.compile(r"(-?\d{1,3}\.\d{3,})\s*[,; ]\s*(-?\d{1,3}\.\d{3,})")
GEO = re.compile(r"^GEO:(-?\d+(?:\.\d+)?);(-?\d+(?:\.\d+)?)", re.MULTILINE)
STEPS = re.compile(r"-?\d*\.?\d+")


@dataclass(frozen=True, slots=True)
class Seen:
    """Hold one coordinate of a document: as (lat, lon), where it stands, and by how many kilometres it may be rounded."""

    point: Point
    where: str
    tolerance_km: float = SAME_KM


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold a coordinate that lies too near, its distance to the centre of the door's area in kilometres, and the least that is allowed."""

    seen: Seen
    distance_km: float
    least_km: float


class Reader(HTMLParser):
    """Take scripts, drawn shapes and all other text out of a document."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.drawn: list[Seen] = []
        self._script: tuple[str, bool] | None = None
        self._frame: tuple[float, float, float] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read one element: its attributes, and its shape where a frame says what its numbers mean."""
        values = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._script = values.get("id", "script"), "json" in values.get("type", "")
        if tag == "svg":
            frame = values.get("data-frame", "").split()
            self._frame = (float(frame[0]), float(frame[1]), float(frame[2])) if len(frame) == 3 else None
        ground = values.get("class", "").startswith(("dc-land", "dc-lake", "dc-state", "dc-country"))
        if self._frame and not ground:
            self.drawn += shapes(tag, values, self._frame)
        elif not ground:
            self.text += values.values()

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == "script":
            self._script = None
        if tag == "svg":
            self._frame = None

    def handle_data(self, data: str) -> None:
        """Keep a block of JSON apart from all other text."""
        if self._script and self._script[1]:
            self.blocks.append((self._script[0], data))
        else:
            self.text.append(data)


def shapes(tag: str, values: dict[str, str], frame: tuple[float, float, float]) -> Iterator[Seen]:
    """Give the places of a path, circle, text or moved shape; ``frame`` is units per degree, western edge, Mercator ordinate of the top."""
    scale, west, top = frame
    tolerance = 0.15 / scale * 111.2

    def seen(x: float, y: float, where: str) -> Seen:
        lat = math.degrees(2 * math.atan(math.exp(math.radians(top - y / scale)))) - 90
        return Seen((lat, west + x / scale), where, tolerance)

    if tag == "path" and not values.get("transform"):
        for line in values.get("d", "").split("M")[1:]:
            numbers = [float(part) for part in STEPS.findall(line)]
            x = y = 0.0
            for dx, dy in zip(numbers[::2], numbers[1::2], strict=False):
                x, y = x + dx, y + dy
                yield seen(x, y, "drawn line")
    elif values.get("transform", "").startswith("translate("):
        x, y = (float(part) for part in STEPS.findall(values["transform"])[:2])
        yield seen(x, y, "drawn mark")
    elif tag == "circle" and "cx" in values:
        yield seen(float(values["cx"]), float(values["cy"]), "drawn mark")


def in_json(value: Any, where: str) -> Iterator[Seen]:
    """Give every pair of numbers of a JSON value that could be a place, by its names or as a list of two."""
    if isinstance(value, dict):
        for lat, lon in (("lat", "lon"), ("latitude", "longitude"), ("lat", "lng")):
            if number(value.get(lat)) and number(value.get(lon)):
                yield from both(float(value[lat]), float(value[lon]), where)
        for name, part in value.items():
            yield from in_json(part, f"{where}.{name}")
    elif isinstance(value, list):
        if len(value) in {2, 3} and all(number(part) for part in value):
            yield from both(float(value[0]), float(value[1]), where)
        for part in value:
            yield from in_json(part, where)
    elif isinstance(value, str):
        yield from in_text(value, where)


def in_text(text: str, where: str) -> Iterator[Seen]:
    for pattern in (PAIR, GEO):
        for first, second in pattern.findall(text):
            yield from both(float(first), float(second), where)


def both(first: float, second: float, where: str) -> Iterator[Seen]:
    if abs(first) <= 90 and abs(second) <= 180:
        yield Seen((first, second), where)
    if abs(second) <= 90 and abs(first) <= 180:
        yield Seen((second, first), where)


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def read(document: str) -> tuple[list[tuple[str, Any]], Reader]:
    """Give the JSON values of a document with their names, and everything else that was read."""
    reader = Reader()
    if document.lstrip().startswith(("{", "[")):
        return [("file", json.loads(document))], reader
    reader.feed(document)
    reader.close()
    if reader.cdata_elem is not None:  # the parser drops what stands in it
        raise ValueError(f"the element {reader.cdata_elem} is not closed")
    return [(name, json.loads(text)) for name, text in reader.blocks if name != BASEMAP_BLOCK], reader


def coordinates(document: str) -> list[Seen]:
    """Give every coordinate of a page, an SVG, a GeoJSON or a calendar entry. Raises `ValueError` for a broken block of JSON."""
    blocks, reader = read(document)
    found = [seen for name, value in blocks for seen in in_json(value, name)]
    return [*found, *reader.drawn, *in_text("\n".join(reader.text), "text")]


def declared_door(document: str) -> DoorView | None:
    """Give the door's area that a document names, or ``None``."""
    blocks, _ = read(document)
    for _, value in blocks:
        if not isinstance(value, dict):
            continue
        if isinstance(door := value.get("door"), dict):
            return DoorView(door["lat"], door["lon"], door["radius_km"])
        for feature in value.get("features", []):
            if feature.get("properties", {}).get("role") == "door":
                lon, lat = feature["geometry"]["coordinates"]
                return DoorView(lat, lon, feature["properties"]["radius_km"])
    return None


def declared_facilities(document: str) -> list[Point]:
    """Give the places of the stops that a document names as the carrier's facilities."""
    found: list[Point] = []
    for _, value in read(document)[0]:
        if isinstance(value, dict):
            found += [(stop["lat"], stop["lon"]) for stop in value.get("stops", []) if stop["kind"] != "door"]
            for feature in value.get("features", []):
                if feature["properties"].get("role") == "stop" and feature["properties"]["kind"] != "door" and feature["geometry"]:
                    lon, lat = feature["geometry"]["coordinates"]
                    found.append((lat, lon))
    return found


def audit(document: str, door: DoorView, *, facilities: Collection[Point] | None = None, home: Point | None = None) -> list[Finding]:
    """Give every coordinate that lies inside the door's area and is neither its centre nor a facility; with ``home`` also what lies too near to it.

    ``facilities`` are the known places of the carrier; without them the document's own word is taken for what is a facility.
    """
    centre = (door.lat, door.lon)
    public = [centre, *(declared_facilities(document) if facilities is None else facilities)]
    found = []
    for seen in coordinates(document):
        if any(distance_km(seen.point, place) <= seen.tolerance_km + SAME_KM for place in public if near(seen.point, place)):
            continue
        away = distance_km(seen.point, centre) if near(seen.point, centre) else math.inf
        if away + seen.tolerance_km <= door.radius_km:
            found.append(Finding(seen, away, door.radius_km))
        elif home is not None and near(seen.point, home) and distance_km(seen.point, home) <= SAME_KM:
            found.append(Finding(seen, distance_km(seen.point, home), SAME_KM))
    return found


def near(first: Point, second: Point) -> bool:
    """Say whether two places can be within some kilometres: computing every distance over the ellipsoid would take seconds."""
    return abs(first[0] - second[0]) < 0.3
