"""Put a journey's view together from its facts."""

from datetime import datetime

from data.domain.journeys import Journey, as_seen
from data.domain.statuses import TERMINAL, Status
from maps.estimates import estimate
from maps.forecast_shown import arrival_of, change_of, promise_of, read_at, shown
from maps.geometry import door_cell
from maps.grades import grade_for
from maps.journey_facts import JourneyFacts, Router
from maps.legs import leg_views
from maps.position import position
from maps.steps import steps
from maps.stops import Passage, passages, stop_view
from maps.timeline import timeline
from maps.view import JourneyView, SilenceView, StopState
from maps.weather_shown import weather_views

__all__ = ["assemble"]

SILENT_HOURS = 12.0
"""Hours without a scan from which the page says so: longer than most legs and nights in one place."""


def assemble(facts: JourneyFacts, *, now: datetime, router: Router, scope: str = "status") -> JourneyView:
    """Give the journey as it is shown at ``now`` (UTC), from what was received by then; ``scope`` and stage decide how near to the door."""
    journey = as_seen(facts.scans, now)
    shipment = facts.shipment
    goal = shipment.destination
    door = None if goal.lat is None or goal.lon is None else door_cell(goal.lat, goal.lon, grade_for(scope, journey.status))
    windows, forecast = shown(facts, journey), read_at(facts, journey)
    arrival = arrival_of(windows, forecast, now)
    path = passages(facts, journey)
    estimate(path, arrival, now)
    legs = leg_views(path, facts, door, router)
    stops = tuple(stop_view(stop, facts, door) for stop in path)
    return JourneyView(
        shipment_id=shipment.shipment_id,
        order_id=shipment.order_id,
        merchant=facts.order.merchant if facts.order else None,
        carrier=shipment.carrier,
        service=shipment.service,
        tracking_number=shipment.tracking_number,
        seen_at=now,
        timezone=goal.timezone,
        destination=", ".join(part for part in (goal.city, goal.region) if part) or None,
        status=journey.status,
        status_since=journey.status_since,
        possession_at=journey.possession_at,
        delivered_at=journey.delivered_at if journey.status is Status.DELIVERED else None,
        steps=steps(facts, journey),
        arrival=arrival,
        promise=promise_of(facts, journey, arrival),
        change=change_of(windows, now),
        stops=stops,
        legs=legs,
        position=position(path, legs, door, journey=journey, forecast=forecast, habits=facts.habits, now=now),
        door=door,
        timeline=timeline(facts, now),
        silence=silence(facts, journey, path),
        weather=weather_views(path, stops, facts.weather, now),
    )


def silence(facts: JourneyFacts, journey: Journey, path: list[Passage]) -> SilenceView | None:
    """Say that nothing was heard for long, and which planned arrival should be heard of next."""
    if journey.last_heard_at is None or journey.status in TERMINAL or journey.possession_at is None:
        return None
    hours = (journey.seen_at - journey.last_heard_at).total_seconds() / 3600
    if hours < SILENT_HOURS:
        return None
    ahead = next((stop for stop in path if stop.state is StopState.AHEAD and not stop.is_door), None)
    if ahead is None:
        return SilenceView(journey.last_heard_at, hours)
    return SilenceView(
        journey.last_heard_at,
        hours,
        facts.place_words(ahead.facility_id),
        ahead.planned_at,
        facts.timezone(ahead.facility_id),
    )
