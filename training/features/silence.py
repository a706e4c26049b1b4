"""Make columns of how long nothing was heard, and how long ago each milestone was."""

import numpy as np

from data.domain.statuses import PROGRESS, Status
from training.features.hours import hours_between
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState

__all__ = ["MILESTONES", "add_silence"]

MILESTONES = (
    Status.PRE_TRANSIT,
    Status.ACCEPTED,
    Status.IN_TRANSIT,
    Status.OUT_FOR_DELIVERY,
    Status.ATTEMPT_FAILED,
    Status.AVAILABLE_FOR_PICKUP,
    Status.ON_HOLD,
)
"""Stages whose first and last scan are timed."""


def add_silence(sink: ColumnSink, state: MomentState) -> None:
    """Add the hours since the last scan happened and was received, since order, creation, possession and every milestone."""
    journeys, at = state.journeys, state.at
    created, ordered = state.subjects.instants("created_at"), state.subjects.instants("ordered_at")
    sink.add("silence", "since_created_hours", hours_between(created, at))
    sink.add("silence", "since_ordered_hours", np.where(state.subjects.order_known(), hours_between(ordered, at), np.nan))
    sink.add("silence", "since_possession_hours", hours_between(journeys.possession_at, at))
    sink.add("silence", "since_last_scan_hours", hours_between(journeys.happened_at, at))
    sink.add("silence", "since_heard_hours", hours_between(journeys.heard_at, at))
    sink.add("silence", "since_status_hours", hours_between(journeys.status_since, at))
    sink.add("silence", "at_facility_hours", hours_between(journeys.facility_since, at))
    sink.add("silence", "created_to_possession_hours", hours_between(created, journeys.possession_at))
    for status in MILESTONES:
        rank = PROGRESS[status]
        sink.add("silence", f"since_first_{status}_hours", hours_between(journeys.first[:, rank], at))
        sink.add("silence", f"since_last_{status}_hours", hours_between(journeys.last[:, rank], at))
