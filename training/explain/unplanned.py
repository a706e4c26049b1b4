"""Tell lateness without a plan: a start later, or a silence longer, than is usual on the lane."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.explain.course import Course
from training.explain.slips import Slip

__all__ = ["unplanned_slips"]

Floats = npt.NDArray[np.float64]

LEAST_HOURS = 1.0
"""A start or a silence less than this beyond the usual is nothing to tell."""


def unplanned_slips(course: Course, names: Sequence[str], values: Floats, usual: Floats) -> list[Slip]:
    """Give what the scans of a shipment without planned legs show beside the usual row of its stage and lane."""
    if course.stops:
        return []

    def beyond(name: str) -> float:
        position = names.index(name)
        return float(np.nan_to_num(values[position] - usual[position]))

    slips = [Slip("attempt", 24.0, None, (f"scan:{scan_id}",)) for scan_id, _ in course.attempts]
    if course.taken is not None and (hours := beyond("silence.created_to_possession_hours")) >= LEAST_HOURS:
        slips.append(Slip("handling", hours, course.origin_facility_id, (f"scan:{course.taken[0]}",)))
    if course.taken is None and (hours := beyond("silence.since_created_hours")) >= LEAST_HOURS:
        slips.append(Slip("handling", hours, course.origin_facility_id, () if course.last is None else (f"scan:{course.last[0]}",)))
    if course.taken is not None and course.last is not None and (hours := beyond("silence.since_heard_hours")) >= LEAST_HOURS:
        slips.append(Slip("silence", hours, course.last[2], (f"scan:{course.last[0]}",)))
    return slips
