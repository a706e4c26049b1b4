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

BRANCHES: dict[Status, tuple[str, bool]] = {
    Status.ATTEMPT_FAILED: ("attempt_failed", True),
    Status.AVAILABLE_FOR_PICKUP: ("pickup", True),
    Status.ON_HOLD: ("held", True),
    Status.RETURNING: ("returning", False),
    Status.RETURNED: ("returned", False),
    Status.LOST_OR_DESTROYED: ("lost", False),
    Status.CANCELLED: ("cancelled", False),
}
"""Steps off the usual way, and whether delivery can still follow. They take the room of "packed", which tells least by then."""


def steps(facts: JourneyFacts, journey: Journey) -> tuple[StepView, ...]:
    """Give the steps done, the current one and those ahead, each with the moment it was reached where that is known."""
    at = moments(facts, journey)
    if journey.status in BRANCHES:
        code, goes_on = BRANCHES[journey.status]
        done = [step for step in USUAL[:-1] if at.get(step) and step != "packed"]
        ahead = ["delivered"] if goes_on else []
        return (
            *(StepView(step, StepState.DONE, at[step]) for step in done),
            StepView(code, StepState.CURRENT, journey.status_since),
            *(StepView(step, StepState.AHEAD) for step in ahead),
        )
    status = journey.status if journey.status in REACHED else last_usual(journey)
    current = USUAL.index(REACHED[status])
    return tuple(
        StepView(
            step,
            StepState.DONE if number < current else StepState.CURRENT if number == current else StepState.AHEAD,
            at.get(step) if number <= current else None,
        )
        for number, step in enumerate(USUAL)
    )


def moments(facts: JourneyFacts, journey: Journey) -> dict[str, datetime | None]:
    first: dict[str, datetime | None] = {"confirmed": facts.order.ordered_at if facts.order else None, "packed": facts.shipment.created_at}
    first["with_carrier"] = journey.possession_at
    for scan in journey.checkpoints:
        step = REACHED.get(scan.status)
        if step in {"on_the_way", "out_for_delivery", "delivered"} and first.get(step) is None:
            first[step] = happened_at(scan)
    return first


def last_usual(journey: Journey) -> Status:
    """Give the last stage on the usual way (a shipment without news for a month keeps the step it had)."""
    return next((scan.status for scan in reversed(journey.checkpoints) if scan.status in REACHED), Status.UNKNOWN)
