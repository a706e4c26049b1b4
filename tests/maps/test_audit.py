"""No output tells more of the door than its grade, and the audit would notice."""

import json
from dataclasses import replace
from functools import cache

import pytest

from data.domain.statuses import Status
from maps.assemble import assemble
from maps.audit import audit, coordinates, declared_door
from maps.calendar_entry import calendar_entry
from maps.geojson import journey_geojson
from maps.geometry import distance_km, part_of
from maps.grades import GRADES, Grade, grade_for
from maps.page import standalone
from maps.page_words import page_words
from tests.makers import BROOKLYN, after
from tests.maps.journeys import CHANGED, NARROW, SCANS, by_road, facts, moments, stages

HOME = (BROOKLYN.lat, BROOKLYN.lon)
TURNED = (BROOKLYN.lon, BROOKLYN.lat)


def documents(view):
    return {"page": standalone(view), "geojson": json.dumps(journey_geojson(view))}


@pytest.mark.parametrize("stage", stages())
@pytest.mark.parametrize("kind", ["page", "geojson"])
def test_no_stage_tells_too_much(stage, kind):
    """Every page and GeoJSON names its area, holds dozens of coordinates (a shipment cancelled before its way only its door), and none too near."""
    document = documents(stages()[stage])[kind]
    door = declared_door(document)

    assert door is not None
    assert len(coordinates(document)) > (20 if stage != "cancelled" else 0)
    assert audit(document, door, home=HOME) == []


@cache
def views_of(stage, scope):
    hours, scans, forecasts = moments()[stage]
    return assemble(facts(scans, forecasts), now=after(hours), router=by_road, scope=scope)


def entry(view):
    return (calendar_entry(view, page_words(view), key=b"k") or b"").decode()


OUTPUTS = {"page": standalone, "geojson": lambda view: json.dumps(journey_geojson(view)), "calendar": entry}


@pytest.mark.parametrize("scope", ["full", "status"])
@pytest.mark.parametrize("stage", moments())
def test_every_output_of_every_stage_keeps_its_grade(stage, scope):
    """File (with the page's picture, map data and words), GeoJSON and calendar entry, for both kinds of link: nothing inside the door's area."""
    view = views_of(stage, scope)

    assert view.door is not None
    for name, write in OUTPUTS.items():
        assert audit(write(view), view.door, home=HOME) == [], name


@pytest.mark.parametrize("scope", ["full", "status"])
@pytest.mark.parametrize("stage", moments())
def test_no_band_enters_the_area_of_the_door(stage, scope):
    """Also between two of its points no band, nor the most probable place, comes nearer to the door's centre than its radius."""
    view = views_of(stage, scope)
    centre = (view.door.lat, view.door.lon)
    bands = view.position.bands if view.position else ()
    places = [part_of(band.line, 0, share / 50)[-1] for band in bands for share in range(1, 51)]

    assert all(distance_km(place, centre) >= view.door.radius_km for place in places)
    assert view.position is None or distance_km(view.position.point, centre) >= view.door.radius_km


@pytest.mark.parametrize(("grade", "status", "scans", "now"), [(Grade.AREA, "status", SCANS, 51), (Grade.NEIGHBOURHOOD, "full", SCANS, 51)])
def test_neighbours_get_the_same_answer(grade, status, scans, now):
    """Two doors of one cell give the same coordinates everywhere: nothing depends on where in its cell a door lies."""
    here = facts(scans, NARROW)
    size = GRADES[grade].cell_degrees
    near = replace(here.shipment.destination, lat=HOME[0] // size * size + 0.1 * size, lon=HOME[1] // size * size + 0.8 * size)
    there = replace(here, shipment=replace(here.shipment, destination=near))
    views = [assemble(one, now=after(now), router=by_road, scope=status) for one in (here, there)]

    assert views[0].door == views[1].door
    assert views[0].door.radius_km == GRADES[grade].radius_km
    assert journey_geojson(views[0]) == journey_geojson(views[1])


LEAKS = {
    "a stop": lambda text: text.replace('"moves":', f'"home":{{"lat":{HOME[0]},"lon":{HOME[1]}}},"moves":'),
    "a turned pair": lambda text: text.replace('"moves":', f'"home":[{TURNED[0]},{TURNED[1]}],"moves":'),
    "an attribute": lambda text: text.replace("<main ", f'<main data-home="{HOME[0]},{HOME[1]}" '),
    "a sentence": lambda text: text.replace("</main>", f"<p>{HOME[0]}; {HOME[1]}</p></main>"),
    "a script": lambda text: text.replace("</body>", f"<script>var home=[{HOME[0]}, {HOME[1]}];</script></body>"),
    "a calendar line": lambda text: f"{text}\nGEO:{HOME[0]};{HOME[1]}\n",
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(leak):
    """The door's own coordinates are found wherever they slip in."""
    document = standalone(stages()["moving"])
    bent = LEAKS[leak](document)

    assert bent != document
    assert audit(bent, declared_door(document)) != []


def test_a_drawn_line_that_goes_on_to_the_door_is_found():
    """The still picture holds no degrees, and yet a line of it that enters the area is read."""
    document = standalone(stages()["moving"])
    _, _, shapes = document.partition('<path class="dc-leg dc-forecast" d="')
    line = shapes.partition('"')[0]
    last = line.rfind("l")
    bent = document.replace(line, f"{line[:last]}l0 0{line[last + 1 :]}0.6 0.6" if line[last + 1].isdigit() else f"{line}0.7 0.7")

    assert audit(document, declared_door(document)) == []
    assert audit(bent, replace(declared_door(document), radius_km=30.0)) != []


@pytest.mark.parametrize(
    ("scope", "status", "grade"),
    [
        ("status", Status.OUT_FOR_DELIVERY, Grade.AREA),
        ("full", Status.IN_TRANSIT, Grade.AREA),
        ("full", Status.OUT_FOR_DELIVERY, Grade.NEIGHBOURHOOD),
        ("full", Status.RETURNING, Grade.AREA),
        ("anything else", Status.DELIVERED, Grade.AREA),
    ],
)
def test_only_a_full_link_on_the_last_day_comes_nearer(scope, status, grade):
    """Unknown scopes see least."""
    assert grade_for(scope, status) is grade


def test_nothing_is_told_of_a_door_nobody_knows():
    """Without coordinates there is no area and nothing to audit."""
    here = facts(SCANS[:5], CHANGED)
    view = assemble(
        replace(here, shipment=replace(here.shipment, destination=replace(BROOKLYN, lat=None, lon=None))), now=after(31), router=by_road
    )

    assert declared_door(standalone(view)) is None
