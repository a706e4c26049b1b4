"""Lines on the globe are cut, split and coarsened without inventing places."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.geometry import (
    clear_of_door,
    distance_km,
    door_cell,
    great_circle,
    length_km,
    outside_door,
    part_of,
    simplify,
    split_antimeridian,
)
from maps.grades import GRADES, Grade

POINTS = st.tuples(st.floats(-80, 80), st.floats(-180, 180))
MEMPHIS, BROOKLYN, TOKYO, SEATTLE = (35.1, -89.9), (40.68, -73.94), (35.68, 139.69), (47.6, -122.3)


@pytest.mark.parametrize("grade", Grade)
@given(point=POINTS)
def test_a_door_is_only_known_as_its_cell(grade, point):
    """Every door of a cell gives the same area; the area contains the door and leaves the promised distance to its edge."""
    door, rule = door_cell(*point, grade), GRADES[grade]

    assert abs(point[0] - door.lat) <= rule.cell_degrees / 2 + 1e-3
    assert abs(point[1] - door.lon) <= rule.cell_degrees / 2 + 1e-3
    assert distance_km(point, (door.lat, door.lon)) <= door.radius_km - rule.clear_km + 0.15


@given(POINTS)
def test_a_way_between_facilities_keeps_clear_of_the_door(point):
    """Points of a road inside the area are left out; the facilities at its ends are public and stay."""
    door = door_cell(*point)
    inside = (door.lat, door.lon + 0.001)
    line = ((point[0] - 1, point[1]), inside, inside, (point[0] - 0.01, point[1]))

    assert clear_of_door(line, door) == (line[0], line[-1])


def test_neighbours_share_an_area():
    """Two doors of one street can not be told apart."""
    assert door_cell(40.6712, -73.9442) == door_cell(40.6755, -73.9401)


@given(POINTS)
def test_the_way_to_a_door_ends_at_its_area(point):
    """No point of the line lies within the area, save the area's own centre."""
    door = door_cell(*point)
    line = outside_door(((point[0] - 1, point[1]), (point[0] - 0.02, point[1]), point), door)

    assert line[-1] == (door.lat, door.lon)
    assert all(distance_km(other, (door.lat, door.lon)) > door.radius_km for other in line[:-1])


def test_a_line_over_the_date_line_is_split():
    """Tokyo to Seattle becomes two parts that meet on the 180th meridian, none of which crosses it."""
    parts = split_antimeridian(great_circle(TOKYO, SEATTLE))

    assert len(parts) == 2
    assert parts[0][-1][1] == 180.0
    assert parts[1][0][1] == -180.0
    assert parts[0][-1][0] == parts[1][0][0]
    assert all(abs(b[1] - a[1]) < 180 for part in parts for a, b in itertools.pairwise(part))


@given(st.lists(POINTS, min_size=2, max_size=8))
def test_splitting_keeps_every_point(line):
    """Splitting adds crossings and loses nothing; 180 degrees east and west are one meridian."""
    whole = [point for part in split_antimeridian(tuple(line)) for point in part]

    def places(points):
        return {(lat, 180.0 if lon == -180.0 else lon) for lat, lon in points}

    assert places(line) <= places(whole)


def test_half_of_a_line_is_half_as_long():
    """Parts are measured along the line."""
    line = great_circle(MEMPHIS, BROOKLYN)

    assert length_km(part_of(line, 0.25, 0.75)) == pytest.approx(length_km(line) / 2, rel=0.01)


def test_a_part_of_nothing_is_nothing():
    """A part without length has no points."""
    assert part_of((MEMPHIS, BROOKLYN), 0.7, 0.7) == ()
    assert part_of((MEMPHIS,), 0, 1) == ()


def test_simplifying_over_the_date_line_stays_there():
    """A line over the Pacific does not turn round the world when it is made lighter."""
    line = simplify(great_circle(TOKYO, SEATTLE), 0.5)

    assert line[0] == pytest.approx(TOKYO, abs=1e-3)
    assert line[-1] == pytest.approx(SEATTLE, abs=1e-3)
    assert all(abs(lon) >= 120 for _, lon in line)
    assert length_km(line) == pytest.approx(length_km(great_circle(TOKYO, SEATTLE)), rel=0.02)
