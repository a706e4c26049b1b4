"""Polylines are decoded exactly, and nonsense is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domain.errors import InvalidFact
from data.sources.routing.polyline import decode
from tests.fakes.outside_server import encoded

POINTS = st.lists(st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)), max_size=30)


def test_the_example_of_the_documentation():
    """Three points at five digits, from the page that defines the algorithm."""
    assert decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@", digits=5) == ((38.5, -120.2), (40.7, -120.95), (43.252, -126.453))


@given(POINTS)
def test_what_was_encoded_comes_back(points):
    """Six digits survive the way there and back, over the date line too."""
    there = [(lat / 1e6, lon / 1e6) for lat, lon in points]

    assert decode(encoded(there)) == tuple(there)


@given(st.text(max_size=40))
def test_any_text_is_a_line_on_earth_or_refused(text):
    """Nothing else can come out."""
    try:
        points = decode(text)
    except InvalidFact:
        return
    assert all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in points)


@pytest.mark.parametrize("text", ["_", "?", "~~~~~~~~~~~~", "é", "?? "])
def test_torn_lines_are_refused(text):
    """Half a point, half a number, strange characters."""
    with pytest.raises(InvalidFact):
        decode(text)
