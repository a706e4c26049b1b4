"""Share the hours of the journey among what happened on it."""

from collections.abc import Sequence

from training.explain.slips import Slip

__all__ = ["shared"]

PROGRESS = "progress"
LEAST_SHARE = 0.25
"""Share of a lateness that is told even where the plan has room for all of it: the room is told beside it."""
LEAST_TO_GROW = 1.0
"""Hours of lateness below which nothing grew into a missed day."""


def shared(hours: float, slips: Sequence[Slip]) -> list[Slip]:
    """Give slips whose hours, with one part ``progress`` for what none of them explains, add up to the hours of the journey.

    Lateness does not reach the door as it is: a plan has slack that swallows some, and a missed vehicle makes a day of an hour. So all slips grow or
    shrink by one factor to the hours that the model sees in the journey.
    """
    late = sum(slip.hours for slip in slips if slip.hours > 0)
    if late <= 0:
        return [Slip(PROGRESS, hours)]
    factor = hours / late
    if factor < LEAST_SHARE:
        factor = LEAST_SHARE
    elif factor > 1 and late < LEAST_TO_GROW:
        factor = 1.0
    told = [Slip(slip.code, slip.hours * factor, slip.facility_id, slip.evidence) for slip in slips if slip.hours > 0]
    return [*told, Slip(PROGRESS, hours - sum(slip.hours for slip in told))]
