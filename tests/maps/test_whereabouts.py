"""The probable place follows from the last scan, the plan and what is usual, and is never closer to the door than its area."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.statuses import Status
from data.facts.passage_habits import LEVELS, PassageHabits
from maps.assemble import assemble
from maps.geometry import distance_km
from maps.whereabouts import Hop, whereabouts
from tests.makers import after
from tests.maps.journeys import CHANGED, NARROW, SCANS, by_road, facts, stages, view_at


def spread(low, high):
    return tuple(low + (high - low) * level for level in LEVELS)


HABITS = PassageHabits(
    stays={(): spread(0.0, 0.5)},
    paces={"": spread(0.9, 1.1)},
    rounds=spread(2, 6),
    missing={"arrived": 0.04, "left": 0.04},
    heard_after=spread(0.0, 0.5),
)


def way(leaves: float) -> list[Hop]:
    """A leg of ten hours that should begin ``leaves`` hours from now, and one more after six hours at the stop between."""
    return [Hop("truck", 700.0, leaves, leaves + 10.0), Hop("truck", 300.0, leaves + 16.0, leaves + 20.0)]


def test_a_parcel_stands_until_its_vehicle_leaves():
    """Two hours before the planned departure all of it is at the stop, and the bands are a place."""
    found = whereabouts(way(2.0), arrived=-3.0, left=None, habits=HABITS)

    assert found.stands_at == 0
    assert all((band.start_km, band.end_km) == (0.0, 0.0) for band in found.bands)
    assert found.bands[0].chance > 0.99


def test_a_parcel_travels_as_fast_as_planned():
    """Five hours into a leg of ten the middle of the bands is half way, and the 50 % band lies within the 90 % band."""
    found = whereabouts(way(-5.0), arrived=None, left=-5.0, habits=HABITS)
    wide, close = found.bands

    assert 320 < (wide.start_km + wide.end_km) / 2 < 380
    assert wide.start_km <= close.start_km < close.end_km <= wide.end_km
    assert (found.stands_at, wide.level, close.level) == (None, 0.9, 0.5)


def test_silence_after_the_expected_arrival_keeps_the_parcel_on_the_road():
    """An arrival that would have been scanned an hour ago has probably not happened; hours later the scan is probably missing."""
    late, missing = (whereabouts(way(-left), arrived=None, left=-left, habits=HABITS) for left in (10.3, 14.0))

    assert late.bands[0].start_km < 690
    assert missing.stands_at == 1


def test_the_forecast_places_the_van():
    """Out for delivery, the share of the way is the share of the time to the door; the last part of it is hidden."""
    hop = Hop("van", 30.0, -2.0, 2.0, to_door=True, hidden_km=8.0)
    near, far = (
        whereabouts([hop], arrived=None, left=-2.0, habits=HABITS, door=[(0.1, 0.9 * h), (0.5, h), (0.9, 1.1 * h)]) for h in (0.2, 6.0)
    )

    assert near.most_probable_km == pytest.approx(30, abs=1)
    assert far.most_probable_km == pytest.approx(38 * 2 / 8, abs=1)


@settings(deadline=None)
@given(
    st.floats(-40, 40),
    st.floats(-60, 0),
    st.booleans(),
    st.lists(st.floats(0, 99), min_size=3, max_size=3),
    st.sampled_from([0.0, 12.0, 5000.0]),
)
def test_bands_are_nested_and_hold_what_they_say(leaves, seen, left, door, length):
    """Whatever is known, the narrower band lies in the wider one, on the way, and each holds at least its level."""
    hops = [*way(leaves), Hop("van", length, leaves + 25, leaves + 30, to_door=True)]
    quantiles = list(zip((0.1, 0.5, 0.9), sorted(door), strict=True))
    found = whereabouts(hops, arrived=None if left else seen, left=seen if left else None, habits=PassageHabits(), door=quantiles)
    wide, close = found.bands

    assert 0 <= wide.start_km <= close.start_km <= close.end_km <= wide.end_km <= 1000 + length + 1e-6
    assert all(band.chance >= band.level - 1e-6 for band in found.bands)
    assert 0 <= found.most_probable_km <= 1000 + length + 1e-6


def test_no_way_to_go_has_no_place():
    """Without hops, or without a scan at one, nothing is said."""
    assert whereabouts([], arrived=-1.0, left=None, habits=HABITS) is None
    assert whereabouts(way(1.0), arrived=None, left=None, habits=HABITS) is None


@pytest.mark.parametrize("hours", [48, 50, 51, 52, 53, 54, 55.5])
@pytest.mark.parametrize("seen", [8, 9])
def test_no_band_enters_the_area_of_the_door(hours, seen):
    """At the station and in the van, bands and the most probable point end at the edge of the door's cell."""
    far = facts(SCANS[:seen], NARROW)
    home = replace(far.shipment.destination, lat=41.117, lon=-73.408)
    view = assemble(replace(far, shipment=replace(far.shipment, destination=home)), now=after(hours), router=by_road)
    centre = (view.door.lat, view.door.lon)
    points = [view.position.point, *(point for band in view.position.bands for point in band.line)]

    assert all(distance_km(point, centre) >= view.door.radius_km for point in points)


@pytest.mark.parametrize("stage", ["before", "pickup", "delivered", "returning", "lost"])
def test_stages_without_a_way_have_no_position(stage):
    """Before possession and after the end nobody says where it probably is."""
    assert stages()[stage].position is None


def test_a_parcel_at_a_hub_is_a_short_stretch_there():
    """A place is drawn as four kilometres of the way around it, and the stop is named."""
    position = view_at(38.5, SCANS[:6], CHANGED).position

    assert position.stands_at == 2
    assert distance_km(position.bands[1].line[0], position.bands[1].line[-1]) < 4.1


def test_the_way_has_no_position_when_places_are_unknown():
    """Without any facility's place there is no line to lay a band on."""
    assert view_at(31, SCANS[:5], CHANGED, facilities={}).position is None


def test_a_way_that_lies_within_the_area_of_the_door_has_no_position():
    """The station itself lies in the area: all that is left is hidden, and no band is drawn."""
    view = view_at(51, SCANS, NARROW)

    assert view.status is Status.OUT_FOR_DELIVERY
    assert view.position is None
