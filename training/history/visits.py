"""Read from everybody's scans how long parcels stay in a facility and how long they take to the next one."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.statuses import PROGRESS, Status
from training.features.compiled import compiled
from training.features.hours import HOUR
from training.features.scans import SortedScans
from training.features.subjects import Subjects
from training.history.events import Events, Owners, events_of, together
from training.history.keys import pair
from training.history.levels import Plan
from training.history.shipment_events import owner_ids

__all__ = ["visit_events"]

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DAY: Final = 24 * HOUR
UNKNOWN: Final = PROGRESS[Status.UNKNOWN]
DELIVERED: Final = PROGRESS[Status.DELIVERED]
OUT: Final = PROGRESS[Status.OUT_FOR_DELIVERY]
DWELL, LEFT, HOP = 0, 1, 2


def visit_events(subjects: Subjects, scans: SortedScans, plan: Plan) -> Events:
    """Give the events of facilities: ``dwell`` and ``hop`` in hours, ``left_in_24_hours`` as 0 or 1.

    Scans are taken in the order in which they were received; one that happened before the latest known one (late news), a correction and
    a voided scan tell nothing here. A stay is over with the first scan elsewhere or on the road to the door.
    """
    ship, kind, number, time, value, place, after = visit_loop(
        scans.start, scans.by_receipt, scans.status, scans.happened, scans.received, scans.voids, scans.facility
    )
    texts, ids = scans.facility_ids.texts, owner_ids(subjects)
    where = texts.gather(place) if len(place) else texts.head(0)
    onward = pl.Series("to", after).cast(pl.Int64)
    to = texts.gather(pl.select(pl.when(onward >= 0).then(onward)).to_series()) if len(after) else texts.head(0)
    hop = pl.DataFrame({"from": where, "to": to}).select(pair(pl.col("from"), pl.col("to")).alias("hop"))["hop"]
    everything = pl.Series("all", ["all"]).new_from_index(0, len(ship)) if len(ship) else pl.Series("all", [], dtype=pl.String)
    owners = Owners(ids.gather(ship) if len(ship) else ids.head(0), {"all": everything, "facility": where, "hop": hop})
    parts = []
    for number_of_kind, name in ((DWELL, "dwell"), (LEFT, "left_in_24_hours"), (HOP, "hop")):
        chosen = np.flatnonzero(kind == number_of_kind)
        events = events_of(owners, chosen, time[chosen], plan.number_of(name), value[chosen])
        parts.append(Events(owners, events.time, events.owner, events.kind, number[chosen], events.value, events.weight, events.hour))
    return together(owners, parts)


@compiled
def visit_loop(  # noqa: C901, PLR0917 - one plain loop over vectors
    start: Whole, by_receipt: Whole, status: Whole, happened: Whole, received: Whole, voids: Flags, facility: Whole
) -> tuple[Whole, Whole, Whole, Whole, npt.NDArray[np.float64], Whole, Whole]:
    most = 3 * len(status) + len(start)
    ship, kind, number, time = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    value, place, after = np.empty(most, np.float64), np.empty(most, np.int64), np.empty(most, np.int64)
    n = 0
    for s in range(len(start) - 1):
        first, end = start[s], start[s + 1]
        here, arrived, left, heard, latest, stays = -1, 0, 0, 0, -1, 0
        for step in range(end - first + 1):
            last = step == end - first
            j = by_receipt[first + step] if not last else -1
            if not last and (voids[j] or status[j] == UNKNOWN or (latest >= 0 and happened[j] < happened[latest])):
                continue
            where = facility[j] if not last else -1
            leaves = not last and status[j] in (OUT, DELIVERED)
            if here >= 0 and (last or leaves or (where >= 0 and where != here)):
                ship[n], kind[n], number[n], time[n], place[n], after[n] = s, LEFT, stays, heard + DAY, here, -1
                value[n] = 1.0 if not last and received[j] < heard + DAY else 0.0
                n += 1
                if leaves and (where < 0 or where == here):
                    left = happened[j]
                if not last and left > arrived:
                    ship[n], kind[n], number[n], time[n], place[n], after[n] = s, DWELL, stays, received[j], here, -1
                    value[n] = (left - arrived) / HOUR
                    n += 1
                if not last and where >= 0 and where != here:
                    ship[n], kind[n], number[n], time[n], place[n], after[n] = s, HOP, stays, received[j], here, where
                    value[n] = (happened[j] - left) / HOUR
                    n += 1
                here = -1
            if last:
                break
            latest = j
            if where >= 0 and not leaves:
                if here < 0:
                    here, arrived, heard = where, happened[j], received[j]
                    stays += 1
                left = happened[j]
    return ship[:n], kind[:n], number[:n], time[:n], value[:n], place[:n], after[:n]
