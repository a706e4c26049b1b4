import socket
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.errors import InvalidFact, NotFound
from data.reference import roads
from data.reference.roads import great_circle_km, local_km, route

LA, NEW_YORK, CHICAGO, SEATTLE = (34.0522, -118.2437), (40.7128, -74.0060), (41.8781, -87.6298), (47.6062, -122.3321)
ATLANTA, PHOENIX, DALLAS, HOUSTON = (33.7490, -84.3880), (33.4484, -112.0740), (32.7767, -96.7970), (29.7604, -95.3698)
HONOLULU = (21.3069, -157.8583)

IN_THE_STATES = st.tuples(st.floats(30, 46), st.floats(-118, -76))


@pytest.fixture
def no_network(monkeypatch):
    """Refuse every socket and forget what was loaded."""

    def refuse(*args, **kwargs):
        raise AssertionError("the road graph must never reach for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    roads.freeways.cache_clear()
    route.cache_clear()


@pytest.mark.parametrize(
    ("start", "end", "driven_km", "within"),
    [
        (LA, NEW_YORK, 4490, 0.03),
        (ATLANTA, NEW_YORK, 1400, 0.03),
        (LA, PHOENIX, 600, 0.03),
        (DALLAS, HOUSTON, 385, 0.03),
        (SEATTLE, CHICAGO, 3330, 0.03),
        (CHICAGO, HOUSTON, 1740, 0.12),
    ],
    ids=["LA-NY", "ATL-NY", "LA-PHX", "DAL-HOU", "SEA-CHI", "CHI-HOU: highways that are no freeways are missing"],
)
def test_known_distances(no_network, start, end, driven_km, within):
    """Routes are as long as the known driving distances, without any network."""
    assert route(*start, *end).distance_km == pytest.approx(driven_km, rel=within)


def test_points_lead_from_end_to_end():
    """The points of a route begin and end where it was asked for, with no gap longer than a freeway leg."""
    points = route(*LA, *NEW_YORK).points

    assert (points[0], points[-1]) == (LA, NEW_YORK)
    assert max(great_circle_km(*a, *b) for a, b in pairwise(points)) < 120


def test_a_missing_graph_is_refused_at_once(no_network, monkeypatch, tmp_path):
    """Without its file the graph is refused; scgraph is not asked to download it."""
    monkeypatch.setattr(roads, "GRAPH_FOLDER", tmp_path)

    with pytest.raises(NotFound, match=r"us_freeway.graphjson is missing"):
        roads.freeways()
    roads.freeways.cache_clear()


def test_islands_have_no_road():
    """From Hawaii no road is claimed: great circle times circuity between the two ends."""
    found = route(*HONOLULU, *LA)

    assert not found.by_road
    assert found.points == (HONOLULU, LA)
    assert found.distance_km == pytest.approx(local_km(*HONOLULU, *LA))


def test_short_trips_stay_local():
    """Across town nobody detours over a freeway: great circle times the circuity of local streets."""
    assert route(40.7128, -74.0060, 40.7306, -73.9866).distance_km == pytest.approx(
        roads.LOCAL_CIRCUITY * great_circle_km(40.7128, -74.0060, 40.7306, -73.9866)
    )


def test_coordinates_outside_the_earth_are_refused():
    """A latitude of 91 is refused by name."""
    with pytest.raises(InvalidFact, match="lat 91"):
        route(91.0, 0.0, *LA)


@settings(max_examples=60, deadline=None)
@given(start=IN_THE_STATES, end=IN_THE_STATES)
def test_no_road_beats_the_great_circle(start, end):
    """A route is never shorter than the great circle, never longer than local streets, and the same both ways."""
    there, back = route(*start, *end), route(*end, *start)

    assert great_circle_km(*start, *end) * 0.999 <= there.distance_km <= local_km(*start, *end) * 1.001
    assert there.distance_km == pytest.approx(back.distance_km, rel=1e-6, abs=0.01)
