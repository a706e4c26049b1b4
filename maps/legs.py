"""Give each leg its line: along the road where there is one, over the globe by air, and never up to the door itself."""

from itertools import pairwise

from maps.geometry import clear_of_door, great_circle, length_km, outside_door, simplify
from maps.journey_facts import JourneyFacts, Router
from maps.stops import Passage
from maps.view import DoorView, LegState, LegView, Line, StopState

__all__ = ["leg_views"]

FINEST_DEGREES = 0.004
"""Detail kept on short legs, about 400 m; on long ones a three-thousandth of their length, which no screen shows."""


def leg_views(path: list[Passage], facts: JourneyFacts, door: DoorView | None, router: Router) -> tuple[LegView, ...]:
    """Give the legs between stops whose places are known; an unknown place in between is passed over."""
    located = [(number, stop, point) for number, stop in enumerate(path) if (point := place_of(stop, facts, door)) is not None]
    legs = []
    for (first, _, start), (second, goal, end) in pairwise(located):
        if start == end:
            continue
        line = great_circle(start, end) if goal.mode == "air" else by_road(start, end, router)
        if goal.is_door:
            if door is None:
                continue
            line = outside_door(line, door)
            if len(line) < 2:
                line = (start, (door.lat, door.lon))
        else:
            line = clear_of_door(line, door)
        happened = goal.state is not StopState.AHEAD
        legs.append(LegView(first, second, LegState.HAPPENED if happened else LegState.FORECAST, goal.mode, lighter(line)))
    return tuple(legs)


def by_road(start: tuple[float, float], end: tuple[float, float], router: Router) -> Line:
    line = router(start, end)
    # Two points are no road: the way over the globe is drawn instead of a straight line on the chart, which would be a claim as well.
    return line if len(line) > 2 or length_km(line) < 80 else great_circle(start, end)


def place_of(stop: Passage, facts: JourneyFacts, door: DoorView | None) -> tuple[float, float] | None:
    """Give the place of a stop; for the door the centre of its area, so that no line depends on where in the area it lies."""
    if stop.is_door:
        return None if door is None else (door.lat, door.lon)
    facility = facts.facilities.get(stop.facility_id or "")
    if facility is None or facility.place.lat is None or facility.place.lon is None:
        return None
    return facility.place.lat, facility.place.lon


def lighter(line: Line) -> Line:
    return simplify(line, max(FINEST_DEGREES, length_km(line) / 111.2 / 3000))
