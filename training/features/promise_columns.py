"""Make columns of what was promised, by the shop and by the carrier."""

import numpy as np

from training.features.hours import hours_between
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState

__all__ = ["add_promises"]


def add_promises(sink: ColumnSink, state: MomentState) -> None:
    """Add the hours from the moment to each promise, its length at creation, and whether the carrier moved its date; NaN without one."""
    created = state.subjects.instants("created_at")
    sink.add("promise", "shop_hours", hours_between(state.at, state.shop.latest), monotone=1)
    sink.add("promise", "shop_given_hours", hours_between(created, state.shop.latest), monotone=1)
    sink.add("promise", "carrier_hours", hours_between(state.at, state.carrier.latest), monotone=1)
    given = state.carrier.given > 0
    sink.add("promise", "carrier_revisions", np.where(given, state.carrier.given - 1, np.nan))
    sink.add("promise", "carrier_moved_hours", hours_between(state.carrier.first, state.carrier.latest), monotone=1)
