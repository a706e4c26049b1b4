"""Build ``basemap.json`` from Natural Earth in TopoJSON; run it again only when a newer Natural Earth is wanted.

``python -m data.reference.basemap.build NORTH_AMERICA.json WORLD.json PLACES.json.gz -o basemap.json``

The sources are named in this folder's README. Lines are simplified arc by arc, so that neighbours keep one common border.
"""

import argparse
import gzip
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Polygon

from data.reference.basemap.seam import cut_at_the_seam

__all__ = ["build"]

STEPS_PER_DEGREE = 100
"""Grid of the file: 0.01 degrees, about 1 km; the map stops zooming where that would show."""
FINE_DEGREES, COARSE_DEGREES = 0.02, 0.08
FAR_NORTH = 56.0
SMALLEST_ISLAND, SMALLEST_LAKE = 0.004, 0.01
"""Square degrees under which a ring is left out (about 40 and 100 km2)."""

Arc = list[tuple[float, float]]
Topology = dict[str, Any]


def decode_arcs(topology: Topology, tolerance_degrees: float) -> list[Arc]:
    """Give the arcs of a TopoJSON file as (lon, lat) pairs, each simplified on its own with its two ends kept.

    Arcs that lie wholly in the far north, where few parcels go, are simplified as coarsely as the world.
    """
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        tolerance = COARSE_DEGREES if min(lat for _, lat in points) > FAR_NORTH else tolerance_degrees
        arcs.append([(px, py) for px, py in LineString(points).simplify(tolerance).coords])
    return arcs


def stitch(indices: list[int], arcs: list[Arc]) -> Arc:
    """Join arcs to one line; a negative index ``~i`` is arc ``i`` read backwards."""
    line: Arc = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        line += arc[1:] if line else arc
    return line


def polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Give the polygons of a geometry as rings of arc indices; a country too small for its scale has none."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [part for part in parts if part]


def rings(geometries: Iterable[dict[str, Any]], arcs: list[Arc], smallest: float) -> Iterator[Arc]:
    """Give the outer rings of polygons that are large enough to be seen."""
    for geometry in geometries:
        for part in polygons(geometry):
            ring = stitch(part[0], arcs)
            if len(ring) > 3 and Polygon(ring).area >= smallest:
                yield from cut_at_the_seam(ring)


def shared(geometries: Iterable[dict[str, Any]], arcs: list[Arc]) -> Iterator[Arc]:
    """Give the arcs that two polygons have in common: the borders inside the land."""
    uses: Counter[int] = Counter()
    for geometry in geometries:
        uses.update(index if index >= 0 else ~index for part in polygons(geometry) for ring in part for index in ring)
    for index, count in sorted(uses.items()):
        if count > 1:
            yield arcs[index]


def pack(lines: Iterable[Arc]) -> list[list[int]]:
    """Give each line as whole steps of the grid: the first point, then differences; points that fall together are merged."""
    packed = []
    for line in lines:
        steps = [(round(lon * STEPS_PER_DEGREE), round(lat * STEPS_PER_DEGREE)) for lon, lat in line]
        kept = [steps[0]] + [b for a, b in itertools.pairwise(steps) if a != b]
        if len(kept) < 2:
            continue
        flat = list(kept[0])
        for (ax, ay), (bx, by) in itertools.pairwise(kept):
            flat += [bx - ax, by - ay]
        packed.append(flat)
    return packed


def labels(places: dict[str, Any], north_america: frozenset[str]) -> list[list[Any]]:
    """Give city labels as [name, lat, lon, rank]; rank 0 is the largest. Outside North America only the largest are kept."""
    found = []
    for feature in places["features"]:
        facts = feature["properties"]
        rank = int(facts["scalerank"])
        if rank <= 4 or facts["adm0_a3"] in north_america:
            lon, lat = feature["geometry"]["coordinates"]
            found.append([facts["name"], round(lat, 2), round(lon, 2), rank])
    return sorted(found, key=lambda place: (place[3], place[0]))


def build(near: Topology, far: Topology, places: dict[str, Any]) -> dict[str, Any]:
    """Make the basemap: ``near`` (North America, fine) over ``far`` (the world, coarse)."""
    near_arcs, far_arcs = decode_arcs(near, FINE_DEGREES), decode_arcs(far, COARSE_DEGREES)
    inside = frozenset(country["id"] for country in near["objects"]["countries"]["geometries"])
    near_countries = near["objects"]["countries"]["geometries"]
    far_countries = [country for country in far["objects"]["countries"]["geometries"] if country.get("id") not in inside]
    return {
        "source": "Natural Earth (public domain)",
        "steps_per_degree": STEPS_PER_DEGREE,
        "land": pack([*rings(near_countries, near_arcs, SMALLEST_ISLAND), *rings(far_countries, far_arcs, 0.0)]),
        "lakes": pack(rings(near["objects"]["lakes"]["geometries"], near_arcs, SMALLEST_LAKE)),
        "countries": pack([*shared(near_countries, near_arcs), *shared(far_countries, far_arcs)]),
        "states": pack(shared(near["objects"]["subunits"]["geometries"], near_arcs)),
        "places": labels(places, inside),
    }


def main() -> None:
    """Read the three sources and write the basemap."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("north_america", type=Path)
    parser.add_argument("world", type=Path)
    parser.add_argument("places", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    basemap = build(
        json.loads(asked.north_america.read_text(encoding="utf-8")),
        json.loads(asked.world.read_text(encoding="utf-8")),
        json.loads(gzip.decompress(asked.places.read_bytes())),
    )
    asked.output.write_text(json.dumps(basemap, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
