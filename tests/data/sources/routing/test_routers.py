"""OSRM, Valhalla and the bundled roads answer alike; nonsense ends in the bundled roads."""

import numpy as np
import pytest

from data.domain.errors import InvalidFact, NotFound, Unavailable
from data.reference.roads import great_circle_km, route
from data.sources.http.door import Patience
from data.sources.http.kept import Kept
from data.sources.routing.bundled import Bundled
from data.sources.routing.fallback import FirstOf
from data.sources.routing.open_router import open_router
from tests.fakes.outside_server import Reply, encoded, line_km, said

HASTE = Patience(connect_seconds=0.5, read_seconds=0.5, answer_seconds=0.6, all_seconds=1.5, tries=2, pause_seconds=0.01)
HOME, STATION, SHOP = (40.7128, -74.0060), (40.6782, -73.9442), (40.7306, -73.9866)
POLE = (-75.0, 20.0)


@pytest.fixture(params=["osrm", "valhalla"])
def engine(request):
    return request.param


@pytest.fixture
def router(outside, clock, engine):
    with Kept() as kept:
        yield open_router(kept, now=clock, base_url=outside.url, engine=engine, patience=HASTE)


def test_a_way_is_read(router, engine):
    """Kilometres, minutes and points from the first to the last, by the server that was asked."""
    way = router.route([STATION, SHOP, HOME])

    assert way.answered_by == engine
    assert way.distance_km == pytest.approx(line_km([STATION, SHOP, HOME]))
    assert way.minutes == pytest.approx(line_km([STATION, SHOP, HOME]))
    assert way.points == (STATION, SHOP, HOME)
    assert way.instead_of == ()


def test_a_table_is_read(router, engine):
    """Sources are rows, targets columns; no way is NaN."""
    table = router.table([STATION, SHOP], [HOME, POLE, STATION])

    assert table.answered_by == engine
    expected = np.array([[line_km([a, b]) for b in (HOME, POLE, STATION)] for a in (STATION, SHOP)])
    expected[:, 1] = np.nan
    np.testing.assert_allclose(table.distance_km, expected, atol=1e-3)
    np.testing.assert_allclose(table.minutes, expected, atol=0.02)


def test_the_same_way_is_asked_once(router, outside):
    """The second time it comes from the cache."""
    assert router.route([STATION, HOME]) == router.route([STATION, HOME])
    assert len(outside.requests) == 1


def test_where_the_server_knows_no_way_the_bundled_roads_estimate(router, engine):
    """A point off the roads is not the server's failure; the estimate says why it answered."""
    way = router.route([POLE, (-76.0, 21.0)])

    assert way.answered_by == "bundled roads"
    assert "knows no way" in way.instead_of[0]


def osrm_saying(distance=20_000.0, duration=1_800.0, geometry=None, **more):
    route = {"distance": distance, "duration": duration, "geometry": geometry or encoded([STATION, HOME])}
    return said({"code": "Ok", "routes": [route], **more})


def valhalla_saying(length=20.0, time=1_800.0, shape=None, units="kilometers", status=0):
    leg = {"shape": shape or encoded([STATION, HOME])}
    return said({"trip": {"legs": [leg], "summary": {"length": length, "time": time}, "units": units, "status": status}})


FAR = encoded([(10.0, 10.0), (11.0, 11.0)])
HOSTILE = [
    ("osrm", osrm_saying(distance=-1.0), "not a number from 0 up"),
    ("osrm", osrm_saying(distance="20000"), "not a number from 0 up"),
    ("osrm", osrm_saying(distance=None), "not a number from 0 up"),
    ("osrm", osrm_saying(duration=True), "not a number from 0 up"),
    ("osrm", osrm_saying(distance=1e12, duration=1e12), "is none"),
    ("osrm", osrm_saying(distance=2e6), "faster than any road"),
    ("osrm", osrm_saying(geometry=FAR), "far from"),
    ("osrm", osrm_saying(geometry="\x7f\x00"), "no polyline does"),
    ("osrm", osrm_saying(geometry="_"), "breaks off"),
    ("osrm", osrm_saying(geometry="~" * 30), "no polyline does"),
    ("osrm", osrm_saying(geometry=["a"]), "no polyline"),
    ("osrm", said({"code": "Ok", "routes": []}), "no route"),
    ("osrm", said({"code": "NoRoute", "routes": []}), "although its status is 200"),
    ("osrm", said([1]), "not an object"),
    ("osrm", said({"message": "Not Found"}, 404), "refused"),
    ("valhalla", valhalla_saying(length=float(2**70)), "is none"),
    ("valhalla", valhalla_saying(units="miles"), "its units 'miles'"),
    ("valhalla", valhalla_saying(status=442), "status is '442'"),
    ("valhalla", valhalla_saying(shape=FAR), "far from"),
    ("valhalla", said({"trip": {"status": 0, "units": "kilometers", "summary": {"length": 1, "time": 1}, "legs": []}}), "not a list of 1"),
    ("valhalla", said({"trip": None}), "trip is not an object"),
    ("valhalla", Reply(b'{"trip": {"summary": {"length": NaN}}}'), "not JSON"),
    ("valhalla", Reply(b"", 302, {"Location": "http://elsewhere.example/"}), "redirects to elsewhere.example"),
    ("valhalla", Reply(b"{" + b" " * 60, drip_seconds=0.1), "took longer"),
]


@pytest.mark.parametrize(("engine", "reply", "why"), HOSTILE, indirect=["engine"])
def test_nonsense_ends_in_the_bundled_roads(router, outside, engine, reply, why):
    """A way that cannot be is not passed on; the bundled roads answer, and say why."""
    outside.always = lambda path, query: reply
    way = router.route([STATION, HOME])

    assert way.answered_by == "bundled roads"
    assert way.distance_km == pytest.approx(route(*STATION, *HOME).distance_km)
    assert why in way.instead_of[0]


@pytest.mark.parametrize(
    ("engine", "body"),
    [
        ("osrm", {"code": "Ok", "durations": [[1.0]]}),
        ("osrm", {"code": "Ok", "durations": [[1.0, -2.0]]}),
        ("osrm", {"code": "Ok", "durations": None}),
        ("osrm", {"code": "Ok", "durations": [[1.0, 2.0]], "distances": [[1.0, "x"]]}),
        ("osrm", {"code": "Ok", "durations": [[1.0, 1e99]]}),
        ("valhalla", {"units": "kilometers", "sources_to_targets": [[{"time": 1, "distance": 1, "from_index": 0, "to_index": 0}]]}),
        ("valhalla", {"units": "kilometers", "sources_to_targets": [[{"time": 1, "distance": 1, "from_index": 0, "to_index": 1}] * 2]}),
        ("valhalla", {"units": "miles", "sources_to_targets": []}),
        ("valhalla", {"units": "kilometers", "sources_to_targets": 7}),
    ],
    indirect=["engine"],
)
def test_a_table_of_wrong_shape_ends_in_the_bundled_roads(router, outside, engine, body):
    """Short rows, negative times, cells of other pairs: the whole table is estimated instead."""
    outside.always = lambda path, query: said(body)
    table = router.table([STATION], [HOME, SHOP])

    assert table.answered_by == "bundled roads"
    assert np.isfinite(table.minutes).all()


def test_short_answers_of_valhalla_and_old_osrm_are_read(outside, clock):
    """Valhalla without verbose cells, OSRM without distances: what is there counts, the rest is NaN."""
    with Kept() as kept:
        cells = {"distances": [[1.5, None]], "durations": [[120, None]]}
        outside.instead = [said({"units": "kilometers", "sources_to_targets": cells}), said({"code": "Ok", "durations": [[60.0, None]]})]
        dense = open_router(kept, now=clock, base_url=outside.url, engine="valhalla", patience=HASTE).table([STATION], [HOME, SHOP])
        bare = open_router(kept, now=clock, base_url=outside.url, engine="osrm", patience=HASTE).table([STATION], [HOME, SHOP])

    np.testing.assert_array_equal(dense.minutes, [[2.0, np.nan]])
    np.testing.assert_array_equal(bare.minutes, [[1.0, np.nan]])
    assert np.isnan(bare.distance_km).all()


def test_an_outage_costs_little_time(router, outside):
    """After five failures the server is not asked any more, and the bundled roads answer at once."""
    outside.always = lambda path, query: Reply(b"", 503)
    for n in range(6):
        assert router.route([STATION, (40.7, -74.0 - n / 100)]).answered_by == "bundled roads"
    assert len(outside.requests) == 5


def test_without_an_address_the_bundled_roads_answer(clock):
    """Freeways between cities, streets across town, an estimate to an island; nothing is fetched."""
    with Kept() as kept:
        router = open_router(kept, now=clock)
    way = router.route([(34.0522, -118.2437), STATION])

    assert isinstance(router, Bundled)
    assert way.distance_km == pytest.approx(4490, rel=0.03)
    assert 60 * way.distance_km / 88 < way.minutes < 60 * way.distance_km / 80
    assert router.route([HOME, SHOP]).minutes == pytest.approx(2 * router.route([HOME, SHOP]).distance_km)
    assert router.table([HOME], [SHOP, STATION]).distance_km[0, 0] == router.route([HOME, SHOP]).distance_km
    assert router.route([(21.3, -157.9), HOME]).distance_km > great_circle_km(21.3, -157.9, *HOME)


@pytest.mark.parametrize("points", [[], [HOME], [HOME, (91.0, 0.0)], [HOME, (float("nan"), 0.0)]])
def test_points_must_be_on_earth_and_two(router, points):
    """A wrong question is refused, and not estimated."""
    with pytest.raises(InvalidFact):
        router.route(points)


def test_when_nobody_answers_all_reasons_are_told():
    """A chain without bundled roads may fail; it says why, router by router."""

    class Silent:
        name = "silent"

        def route(self, points):
            raise NotFound("no way")

        def table(self, sources, targets):
            raise Unavailable("away")

    with pytest.raises(Unavailable, match="silent: no way; silent: no way"):
        FirstOf([Silent(), Silent()]).route([HOME, SHOP])
    with pytest.raises(Unavailable, match="silent: away"):
        FirstOf([Silent()]).table([HOME], [SHOP])
