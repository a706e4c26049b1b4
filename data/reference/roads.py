"""Route over the bundled road graph of the US freeways, without any network.

Source: the ``us_freeway`` graph of scgraph 2.15.0 (MIT; after the USA Freeway System of the U.S. Department of Transportation),
largest connected part, distances in kilometres. The graph knows freeways only: the way from a point to its freeway and back is
great circle times `LOCAL_CIRCUITY`, and so is a trip that is too short to gain from a freeway.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from data.domain.errors import NotFound
from data.domain.places import Place

__all__ = ["LOCAL_CIRCUITY", "RoadRoute", "great_circle_km", "local_km", "route"]

LOCAL_CIRCUITY = 1.4
"""Road over straight-line distance off the freeways: 1.417 on average in the United States (Boscoe, Henry and Zdeb 2012)."""

FAR_FROM_FREEWAY_KM = 400.0
"""Beyond this distance from the graph (Alaska, Hawaii, Puerto Rico) no road is claimed."""

EARTH_RADIUS_KM = 6371.0
GRAPH_FOLDER = Path(__file__).parent
GRAPH_NAME = "us_freeway"


@dataclass(frozen=True, slots=True)
class RoadRoute:
    """Hold one way: its length and its points as (lat, lon), origin and destination included.

    ``by_road`` is false when an end lies off the mainland's roads; then the points are only the two ends.
    """

    distance_km: float
    points: tuple[tuple[float, float], ...]
    by_road: bool = True


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Give the distance over a spherical earth in kilometres."""
    half = sin(radians(lat2 - lat1) / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def local_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Give the length of a way over local streets: great circle times `LOCAL_CIRCUITY`."""
    return LOCAL_CIRCUITY * great_circle_km(lat1, lon1, lat2, lon2)


@cache
def freeways() -> Any:
    """Load the graph once (about 50 ms). Raises `NotFound` rather than let scgraph reach for the network."""
    path = GRAPH_FOLDER / f"{GRAPH_NAME}.graphjson"
    if not path.is_file():
        raise NotFound(f"the road graph {path.name} is missing from data/reference; install Doorcast again.")
    from scgraph import GeoGraph  # late: only drawing and simulating need roads

    return GeoGraph.load_geograph(GRAPH_NAME, cache_dir=str(GRAPH_FOLDER))


@lru_cache(maxsize=20_000)
def route(lat1: float, lon1: float, lat2: float, lon2: float) -> RoadRoute:
    """Route from one point to another (WGS84 degrees).

    Takes about 1 ms the first time and nothing when asked again. Raises `InvalidFact` for coordinates outside the earth.
    """
    Place(lat1, lon1), Place(lat2, lon2)
    ends = ((lat1, lon1), (lat2, lon2))
    graph = freeways()
    on = tuple(tuple(graph.nodes[graph.geokdtree.closest_idx(point=list(end))]) for end in ends)
    if any(great_circle_km(*end, *node) > FAR_FROM_FREEWAY_KM for end, node in zip(ends, on, strict=True)):
        return RoadRoute(local_km(lat1, lon1, lat2, lon2), ends, by_road=False)
    local = local_km(lat1, lon1, lat2, lon2)
    if on[0] == on[1]:
        return RoadRoute(local, ends)
    found = graph.get_shortest_path(
        {"latitude": lat1, "longitude": lon1},
        {"latitude": lat2, "longitude": lon2},
        off_graph_circuity=LOCAL_CIRCUITY,
        silent=True,
    )
    if not found["length"] < local:
        return RoadRoute(local, ends)
    return RoadRoute(float(found["length"]), tuple((float(lat), float(lon)) for lat, lon in found["coordinate_path"]))
