"""Put questions to Valhalla into JSON and read its answers: pure functions.

Documentation: valhalla.github.io/valhalla/api, turn-by-turn and matrix; read in November 2026. Kilometres and seconds.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import orjson

from data.domain.errors import DoorcastError, InvalidFact, NotFound, Unavailable
from data.sources.http.door import Answer
from data.sources.routing.plausible import LONGEST_KM, LONGEST_MINUTES, as_list, as_object, check_way, matrix, non_negative
from data.sources.routing.polyline import decode
from data.sources.routing.port import Point, Table, Way

__all__ = ["matrix_params", "parse_matrix", "parse_route", "refusal", "route_params"]

NO_WAY = frozenset({170, 171, 441, 442, 443})
"""Unconnected regions, no suitable edges near a location, location unreachable, no path, exact route match failed."""


def places(points: Sequence[Point]) -> list[dict[str, float]]:
    return [{"lat": round(lat, 6), "lon": round(lon, 6)} for lat, lon in points]


def asked(question: Mapping[str, object]) -> dict[str, str]:
    return {"json": orjson.dumps(question, option=orjson.OPT_SORT_KEYS).decode()}


def route_params(costing: str, points: Sequence[Point]) -> dict[str, str]:
    """Ask for a way without directions."""
    return asked({"locations": places(points), "costing": costing, "units": "kilometers", "directions_type": "none"})


def matrix_params(costing: str, sources: Sequence[Point], targets: Sequence[Point]) -> dict[str, str]:
    """Ask for a time-distance matrix."""
    return asked({"sources": places(sources), "targets": places(targets), "costing": costing, "units": "kilometers", "verbose": True})


def parse_route(body: object, points: Sequence[Point], *, name: str) -> Way:
    """Read an answer of the route service: one leg between any two points."""
    trip = as_object(as_object(body, "the answer").get("trip"), "trip")
    if trip.get("status") != 0 or trip.get("units") != "kilometers":
        raise InvalidFact(f"its status is {str(trip.get('status'))[:20]!r} and its units {str(trip.get('units'))[:20]!r}.")
    summary = as_object(trip.get("summary"), "the summary")
    distance_km, minutes = non_negative(summary.get("length"), "length"), non_negative(summary.get("time"), "time") / 60
    shape: list[Point] = []
    for item in as_list(trip.get("legs"), len(points) - 1, "legs"):
        text = as_object(item, "a leg").get("shape")
        if not isinstance(text, str):
            raise InvalidFact("the shape of a leg is no polyline.")
        leg = decode(text)
        shape += leg[1:] if shape and leg[:1] == (shape[-1],) else leg
    check_way(points, distance_km, minutes, shape)
    return Way(distance_km, minutes, tuple(shape), name)


def parse_matrix(body: object, sources: int, targets: int, *, name: str) -> Table:
    """Read an answer of the matrix service, verbose or not; null is no way."""
    found = as_object(body, "the answer")
    if found.get("units") != "kilometers":
        raise InvalidFact(f"its units are {str(found.get('units'))[:20]!r}, not kilometers.")
    cells = found.get("sources_to_targets")
    if isinstance(cells, dict):
        distances, durations = cells.get("distances"), cells.get("durations")
    else:
        rows = [[as_object(c, "a cell") for c in as_list(r, targets, "a row")] for r in as_list(cells, sources, "sources_to_targets")]
        misplaced = [(i, j) for i, r in enumerate(rows) for j, c in enumerate(r) if (c.get("from_index"), c.get("to_index")) != (i, j)]
        if misplaced:
            raise InvalidFact(f"the cell at {misplaced[0]} is that of another pair.")
        distances, durations = ([[c.get(key) for c in r] for r in rows] for key in ("distance", "time"))
    km = matrix(distances, sources, targets, 1.0, LONGEST_KM)
    minutes = matrix(durations, sources, targets, 1 / 60, LONGEST_MINUTES)
    return Table(np.where(np.isnan(minutes), np.nan, km), minutes, name)


def refusal(answer: Answer, *, name: str) -> DoorcastError:
    """Turn a refusal, ``{"error_code": 442, "error": "…", "status_code": 400, "status": "Bad Request"}``, into an error."""
    found = answer.body if isinstance(answer.body, dict) else {}
    code = found.get("error_code")
    said = "".join(c if c.isprintable() else " " for c in f"{code}: {found.get('error')}"[:200])
    if code in NO_WAY:
        return NotFound(f"{name} knows no way ({said}).")
    return Unavailable(f"{name} refused (HTTP {answer.status}, {said}).")
