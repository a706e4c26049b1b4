"""The basemap is small, whole, and can be cut."""

import json
from itertools import pairwise

import pytest

from data.reference.basemap.basemap import BASEMAP_FILE, read_basemap
from data.reference.basemap.build import build
from data.reference.basemap.seam import cut_at_the_seam
from maps.basemap import clip

NORTHEAST = ((38.0, -80.0), (45.0, -70.0))
SQUARE = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]


def test_the_file_is_small_and_says_where_it_is_from():
    """Under 400 KB, public domain."""
    assert BASEMAP_FILE.stat().st_size < 400_000
    assert "public domain" in json.loads(BASEMAP_FILE.read_text())["source"]


def test_every_point_lies_on_earth_and_land_is_closed():
    """Rings end where they begin; no longitude or latitude runs off the globe."""
    basemap = read_basemap()

    assert all(ring[0] == ring[-1] for ring in basemap.land)
    assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for layer in (basemap.land, basemap.states) for line in layer for lat, lon in line)


def test_a_piece_holds_only_what_lies_inside():
    """Clipping keeps the towns and borders of the piece, and no point beyond its edge."""
    piece = clip(NORTHEAST)
    names = {place[0] for place in piece["places"]}

    assert {"New York", "Boston"} <= names
    assert not {"Los Angeles", "London"} & names
    for line in piece["land"] + piece["states"]:
        lon, lat = line[0] / 100, line[1] / 100
        assert 38 <= lat <= 45
        assert -80 <= lon <= -70


def test_a_piece_of_open_sea_is_empty():
    """Where there is no land there is none."""
    assert clip(((-40.0, -140.0), (-35.0, -130.0)))["land"] == []


def topology(objects):
    return {"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": [SQUARE], "objects": objects}


def test_building_merges_near_and_far_and_keeps_one_border():
    """The fine country replaces the coarse one of the same code; borders are the arcs that two polygons share."""
    near_country = {"type": "Polygon", "id": "USA", "arcs": [[0]]}
    states = [{"type": "Polygon", "arcs": [[0]]}, {"type": "Polygon", "arcs": [[~0]]}]
    near = topology({"countries": {"geometries": [near_country]}, "lakes": {"geometries": []}, "subunits": {"geometries": states}})
    far = topology(
        {"countries": {"geometries": [near_country, {"type": "Polygon", "id": "BRA", "arcs": [[0]]}, {"type": "Polygon", "arcs": []}]}}
    )
    town = {"properties": {"name": "Here", "scalerank": 9, "adm0_a3": "USA"}, "geometry": {"coordinates": [1.234, 5.678]}}
    made = build(near, far, {"features": [town, {**town, "properties": {**town["properties"], "adm0_a3": "BRA"}}]})

    assert (len(made["land"]), len(made["states"]), made["places"]) == (2, 1, [["Here", 5.68, 1.23, 9]])


def test_no_land_runs_around_the_globe():
    """No ring jumps over the 180th meridian: drawn flat it would be a stripe across the whole map."""
    assert not [ring for ring in read_basemap().land if any(abs(a[1] - b[1]) > 180 for a, b in pairwise(ring)) and ring[0][0] > -80]


@pytest.mark.parametrize(
    ("ring", "spans"),
    [
        ([(170.0, 60.0), (-170.0, 60.0), (-170.0, 70.0), (170.0, 70.0), (170.0, 60.0)], [(-180.0, -170.0), (170.0, 180.0)]),
        ([(-180.0, -80.0), (0.0, -70.0), (180.0, -80.0), (-180.0, -80.0)], [(-180.0, 180.0)]),
        ([(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)], [(1.0, 2.0)]),
    ],
    ids=["over the meridian", "around the pole", "nothing to cut"],
)
def test_rings_are_cut_at_the_meridian(ring, spans):
    """Each piece lies on one side; land around a pole is closed over it."""
    pieces = cut_at_the_seam(ring)

    assert sorted((min(lon for lon, _ in piece), max(lon for lon, _ in piece)) for piece in pieces) == spans
    assert all(piece[0] == piece[-1] for piece in pieces)
