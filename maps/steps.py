"""Choose the steps of the stepper for the stage a shipment is in, with a branch where it left the usual way."""

from datetime import datetime

from data.domain.journeys import Journey, happened_at
from data.domain.statuses import Status
from maps.journey_facts import JourneyFacts
from maps.view import StepState, StepView

__all__ = ["steps"]

USUAL = ("confirmed", "packed", "with_carrier", "on_the_way", "out_for_delivery", "delivered")

REACHED: dict[Status, str] = {
    Status.UNKNOWN: "packed",
    Status.PRE_TRANSIT: "packed",
    Status.ACCEPTED: "with_carrier",
    Status.IN_TRANSIT: "on_the_way",
    Status.OUT_FOR_DELIVERY: "out_for_delivery",
    Status.DELIVERED: "delivered",
}

BRANCHES: dict[Status, tuple[str, tuple[str, ...]]] = {
    Status.ATTEMPT_FAILED: ("attempt_failed", ("delivered",)),
    Status.AVAILABLE_FOR_PICKUP: ("pickup", ("delivered",)),
    Status.ON_HOLD: ("held", ("delivered",)),
    Status.RETURNING: ("returning", ("returned",)),
    Status.RETURNED: ("returned", ()),
    Status.LOST_OR_DESTROYED: ("lost", ()),
    Status.CANCELLED: ("cancelled", ()),
    Status.EXPIRED: ("no_news", ()),
}
"""Steps off the usual way, and what can still follow. They take the room of "packed", which tells least by then."""


def steps(facts: JourneyFacts, journey: Journey) -> tuple[StepView, ...]:
    """Give the steps done, the current one and those ahead, each with the moment it was reached where that is known."""
    at = moments(facts, journey)
    if journey.status in BRANCHES:
        code, ahead = BRANCHES[journey.status]
        done = [step for step in USUAL[:-1] if at.get(step) and step != "packed"]
        return (
            *(StepView(step, StepState.DONE, at[step]) for step in done),
            *turned_back(journey),
            StepView(code, StepState.CURRENT, journey.status_since),
            *(StepView(step, StepState.AHEAD) for step in ahead),
        )
    current = USUAL.index(REACHED[journey.status])
    return tuple(
        StepView(
            step,
            StepState.DONE if number < current else StepState.CURRENT if number == current else StepState.AHEAD,
            at.get(step) if number <= current else None,
        )
        for number, step in enumerate(USUAL)
    )


def turned_back(journey: Journey) -> tuple[StepView, ...]:
    """Give the step at which a returned parcel started its way back, where a scan says so."""
    if journey.status is not Status.RETURNED:
        return ()
    started = next((happened_at(scan) for scan in journey.checkpoints if scan.status is Status.RETURNING), None)
    return (StepView("returning", StepState.DONE, started),) if started else ()


def moments(facts: JourneyFacts, journey: Journey) -> dict[str, datetime | None]:
    first: dict[str, datetime | None] = {"confirmed": facts.order.ordered_at if facts.order else None, "packed": facts.shipment.created_at}
    first["with_carrier"] = journey.possession_at
    for scan in journey.checkpoints:
        step = REACHED.get(scan.status)
        if step in {"on_the_way", "out_for_delivery", "delivered"} and first.get(step) is None:
            first[step] = happened_at(scan)
    return first
