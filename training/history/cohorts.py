"""Ask of every cohort what share of it has been delivered some days later: the fastest honest sign that the world slows down."""

import numpy as np
import numpy.typing as npt

from training.features.calendar import DAY
from training.features.codes import UNKNOWN_TIME, instants
from training.features.subjects import Subjects
from training.history.events import Events, Owners, events_of, together
from training.history.keys import key_texts
from training.history.levels import Plan
from training.history.outcomes import Outcomes
from training.history.plans import CREATED_DAYS, POSSESSED_DAYS
from training.history.shipment_events import owner_ids

__all__ = ["cohort_events"]


def cohort_events(subjects: Subjects, outcomes: Outcomes, plan: Plan) -> Events:
    """Give, for every shipment and number of days after creation (and after possession was known), whether delivery was known by then.

    The answer is known at that very moment, for slow shipments as well as for fast ones. Shipments that had ended otherwise by then do
    not count.
    """
    owners = Owners(owner_ids(subjects), key_texts(subjects.frame, plan.levels))
    starts = {"delivered": (instants(subjects.frame["created_at"]), CREATED_DAYS), "moved": (outcomes.possession_known_at, POSSESSED_DAYS)}
    parts = [
        answers(owners, start, days, outcomes, plan.number_of(f"{name}_in_{days}_days"))
        for name, (start, lengths) in starts.items()
        for days in lengths
    ]
    return together(owners, parts)


def answers(owners: Owners, start: npt.NDArray[np.int64], days: int, outcomes: Outcomes, kind: int) -> Events:
    due = np.where(start == UNKNOWN_TIME, 0, start) + days * DAY
    gone = (outcomes.gone_known_at != UNKNOWN_TIME) & (outcomes.gone_known_at < due)
    chosen = np.flatnonzero((start != UNKNOWN_TIME) & ~gone)
    delivered = (outcomes.delivered_known_at != UNKNOWN_TIME) & (outcomes.delivered_known_at < due)
    return events_of(owners, chosen, due[chosen], kind, delivered[chosen].astype(np.float64))
