"""Put questions to OSRM into addresses and read its answers: pure functions.

Documentation: project-osrm.org/docs, HTTP server, services route and table (v1); read in November 2026. Metres and seconds; longitude first.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from data.domain.errors import DoorcastError, InvalidFact, NotFound, Unavailable
from data.sources.http.door import Answer
from data.sources.routing.plausible import LONGEST_KM, LONGEST_MINUTES, as_object, check_way, matrix, non_negative
from data.sources.routing.polyline import decode
from data.sources.routing.port import Point, Table, Way

__all__ = ["ROUTE_OPTIONS", "parse_route", "parse_table", "refusal", "route_path", "table_options", "table_path"]

ROUTE_OPTIONS: Mapping[str, str] = {"overview": "full", "geometries": "polyline6", "alternatives": "false", "steps": "false"}
NO_WAY = frozenset({"NoRoute", "NoSegment", "NoTable"})


def coordinates(points: Sequence[Point]) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in points)


def route_path(profile: str, points: Sequence[Point]) -> str:
    """Give the path of the route service."""
    return f"/route/v1/{profile}/{coordinates(points)}"


def table_path(profile: str, points: Sequence[Point]) -> str:
    """Give the path of the table service; sources first, then targets."""
    return f"/table/v1/{profile}/{coordinates(points)}"


def table_options(sources: int, targets: int) -> dict[str, str]:
    """Say which points are sources and which are targets."""
    return {
        "sources": ";".join(str(i) for i in range(sources)),
        "destinations": ";".join(str(sources + i) for i in range(targets)),
        "annotations": "duration,distance",
    }


def parse_route(body: object, asked: Sequence[Point], *, name: str) -> Way:
    """Read an answer of the route service; the first route is the recommended one."""
    found = accepted(body)
    routes = found.get("routes")
    if not isinstance(routes, list) or not routes:
        raise InvalidFact("it holds no route.")
    best = as_object(routes[0], "the route")
    distance_km = non_negative(best.get("distance"), "distance") / 1000
    minutes = non_negative(best.get("duration"), "duration") / 60
    geometry = best.get("geometry")
    if not isinstance(geometry, str):
        raise InvalidFact("the geometry is no polyline.")
    points = decode(geometry)
    check_way(asked, distance_km, minutes, points)
    return Way(distance_km, minutes, points, name)


def parse_table(body: object, sources: int, targets: int, *, name: str) -> Table:
    """Read an answer of the table service; a server that was told to keep no distances gives none (NaN)."""
    found = accepted(body)
    minutes = matrix(found.get("durations"), sources, targets, 1 / 60, LONGEST_MINUTES)
    if "distances" not in found:
        return Table(np.full((sources, targets), np.nan), minutes, name)
    return Table(matrix(found["distances"], sources, targets, 1 / 1000, LONGEST_KM), minutes, name)


def accepted(body: object) -> Mapping[str, object]:
    found = as_object(body, "the answer")
    if found.get("code") != "Ok":
        raise InvalidFact(f"its code is {str(found.get('code'))[:40]!r}, although its status is 200.")
    return found


def refusal(answer: Answer, *, name: str) -> DoorcastError:
    """Turn a refusal, ``{"code": "NoRoute", "message": "…"}``, into an error."""
    found = answer.body if isinstance(answer.body, dict) else {}
    code = found.get("code")
    said = "".join(c if c.isprintable() else " " for c in f"{code}: {found.get('message')}"[:200])
    if code in NO_WAY:
        return NotFound(f"{name} knows no way ({said}).")
    return Unavailable(f"{name} refused (HTTP {answer.status}, {said}).")
