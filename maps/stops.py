"""Lay the stops of a journey in order: those that were visited, then those that the plan still holds."""

from dataclasses import dataclass
from datetime import datetime

from data.domain.journeys import Journey, happened_at
from data.domain.routes import Leg
from data.domain.statuses import TERMINAL, Status
from maps.journey_facts import JourneyFacts
from maps.movements import departs, stands_at
from maps.view import DoorView, StopState, StopView
from maps.words import DOOR

__all__ = ["Passage", "passages", "stop_view"]


@dataclass(slots=True)
class Passage:
    """Hold what is known of one stop: ``facility_id`` is ``None`` for the door; ``mode`` is that of the leg that leads here."""

    facility_id: str | None
    mode: str = "road"
    planned_at: datetime | None = None
    planned_departure_at: datetime | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    state: StopState = StopState.AHEAD
    estimated_at: datetime | None = None

    @property
    def is_door(self) -> bool:
        """Say whether this is the last stop, the recipient's door."""
        return self.facility_id is None


def passages(facts: JourneyFacts, journey: Journey) -> list[Passage]:
    """Give every stop with its planned and actual times and its state, the door last."""
    legs = facts.known_legs(journey.seen_at)
    path = merged(planned(facts, legs), visited(facts, journey))
    here = max((number for number, stop in enumerate(path) if stop.arrived_at or stop.departed_at), default=-1)
    if journey.status is Status.DELIVERED:
        path[-1].arrived_at = journey.delivered_at
        here = len(path)
    for number, stop in enumerate(path):
        if number < here or (number == here and stop.departed_at is not None):
            stop.state = StopState.PASSED
        elif number == here:
            stop.state = StopState.HERE
    if journey.status is Status.DELIVERED:
        path[-1].state = StopState.PASSED
    elif journey.status in TERMINAL:
        # Nothing lies ahead of a parcel whose journey ended elsewhere; the door stays, because it was the goal.
        path = [stop for stop in path if stop.state is not StopState.AHEAD or stop.is_door]
    return path


def planned(facts: JourneyFacts, legs: tuple[Leg, ...]) -> list[Passage]:
    """Give the stops of the plan; without a plan, the two ends that the shipment itself names."""
    if not legs:
        ends = [facts.shipment.origin_facility_id, facts.shipment.destination_facility_id]
        found = [Passage(facility_id) for facility_id in dict.fromkeys(ends) if facility_id]
        return [*found, Passage(None)]
    path = [Passage(legs[0].from_facility_id, planned_departure_at=legs[0].planned_departure_at)] if legs[0].from_facility_id else []
    for leg in legs:
        if path and leg.from_facility_id == path[-1].facility_id:
            path[-1].planned_departure_at = leg.planned_departure_at
        path.append(Passage(leg.to_facility_id, leg.mode, planned_at=leg.planned_arrival_at))
    while path and path[-1].is_door:
        door = path.pop()
        return [*(stop for stop in path if not stop.is_door), door]
    return [*path, Passage(None)]


def visited(facts: JourneyFacts, journey: Journey) -> list[Passage]:
    """Give the facilities that the parcel was seen at, in order, with first and last time there."""
    path: list[Passage] = []
    for scan in journey.checkpoints:
        if not stands_at(scan):
            continue
        at = happened_at(scan)
        if not path or path[-1].facility_id != scan.facility_id:
            path.append(Passage(scan.facility_id))
        if departs(scan, facts.shipment.carrier):
            path[-1].departed_at = at
        elif path[-1].arrived_at is None:
            path[-1].arrived_at = at
    return path


def merged(plan: list[Passage], seen: list[Passage]) -> list[Passage]:
    """Lay what was seen over the plan: planned stops in between were passed unseen, others seen were detours."""
    path: list[Passage] = []
    at = 0
    for stop in seen:
        ahead = next((number for number in range(at, len(plan)) if plan[number].facility_id == stop.facility_id), None)
        if ahead is None:
            path.append(stop)
            continue
        path += plan[at:ahead]
        known = plan[ahead]
        known.arrived_at, known.departed_at = stop.arrived_at, stop.departed_at
        path.append(known)
        at = ahead + 1
    return path + plan[at:]


def stop_view(stop: Passage, facts: JourneyFacts, door: DoorView | None) -> StopView:
    """Give a stop as it is shown; the door only as its area."""
    facility = facts.facilities.get(stop.facility_id or "")
    place = facts.shipment.destination if stop.is_door else facility.place if facility else None
    lat, lon = (place.lat, place.lon) if place else (None, None)
    if stop.is_door:
        lat, lon = (door.lat, door.lon) if door else (None, None)
    return StopView(
        kind=DOOR if stop.is_door else facility.kind.value if facility else "stop",
        city=place.city if place else stop.facility_id,
        region=place.region if place else None,
        lat=lat,
        lon=lon,
        timezone=place.timezone if place else None,
        state=stop.state,
        planned_at=stop.planned_at,
        estimated_at=stop.estimated_at,
        arrived_at=stop.arrived_at,
        departed_at=stop.departed_at,
    )
