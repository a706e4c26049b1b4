"""The journey as GeoJSON follows RFC 7946 and holds the view's own values."""

import json

import pytest

from maps.geojson import journey_geojson, line_geometry
from maps.geometry import great_circle
from tests.maps.hostile import HOSTILE, poisoned
from tests.maps.journeys import stages


def positions(geometry):
    found = geometry["coordinates"]
    while isinstance(found[0], list) and isinstance(found[0][0], list):
        found = [position for part in found for position in part]
    return found if isinstance(found[0], list) else [found]


@pytest.mark.parametrize("stage", stages())
def test_every_position_is_longitude_first(stage):
    """Longitudes of this journey are negative and latitudes positive, so an exchange would show."""
    collection = journey_geojson(stages()[stage])

    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert all(lon < 0 < lat for lon, lat in positions(feature["geometry"]))


def test_features_come_in_the_order_that_is_promised():
    """Legs first, then stops in journey order, the probable position, the door."""
    roles = [feature["properties"]["role"] for feature in journey_geojson(stages()["moving"])["features"]]

    assert roles == ["leg"] * 4 + ["stop"] * 5 + ["position"] * 2 + ["door"]


def test_both_bands_are_told_with_their_levels():
    """The wide band comes first, then the narrow one that lies within it; neither promises more than was laid out."""
    bands = [feature for feature in journey_geojson(stages()["moving"])["features"] if feature["properties"]["role"] == "position"]

    assert [band["properties"]["level"] for band in bands] == [0.9, 0.5]
    assert all(band["properties"]["chance"] >= band["properties"]["level"] for band in bands)


def test_the_window_stands_at_the_door():
    """The door's feature holds the window with its level."""
    properties = journey_geojson(stages()["moving"])["features"][-1]["properties"]

    assert (properties["window_start"], properties["window_end"], properties["window_level"]) == (
        "2026-06-04T03:00:00Z",
        "2026-06-04T16:00:00Z",
        0.8,
    )


def test_a_line_over_the_date_line_is_a_multi_line():
    """RFC 7946, 3.1.9: lines are cut at the 180th meridian."""
    geometry = line_geometry(great_circle((35.68, 139.69), (47.6, -122.3)))

    assert geometry["type"] == "MultiLineString"
    assert all(-180 <= lon <= 180 for lon, _ in positions(geometry))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_stays_text(text):
    """Whatever the facts say, the answer is valid UTF-8 JSON without control characters."""
    written = json.dumps(journey_geojson(poisoned(stages()["moving"], text)), ensure_ascii=False, allow_nan=False)

    assert written.encode("utf-8")
    assert not any(ord(character) < 32 or 0x202A <= ord(character) <= 0x202E for character in written)
