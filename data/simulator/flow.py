"""Move every parcel through the network, event by event, in the order of time.

Three kinds of events: a parcel arrives at a facility, a sorting line is through with one, a van is at a door. Randomness comes from
`data.simulator.draws`, so a seed fixes everything.
"""

import numpy as np

from data.simulator.compiled import outer
from data.simulator.door import board, hold, knock
from data.simulator.events import Events, events_for, pop
from data.simulator.line import ARRIVES, SORTED, handle, join, load, take_next
from data.simulator.state import Floor, History, Setting, floor_for, history_for

__all__ = ["flow"]


@outer
def run(setting: Setting, history: History, floor: Floor, events: Events, until: float) -> None:  # pragma: no cover - compiled
    parcels = setting.parcels
    n, upcoming = parcels.release.shape[0], 0
    while events.size[0] > 0 or upcoming < n:
        if upcoming < n and np.isnan(parcels.release[upcoming]):
            upcoming += 1
            continue
        if upcoming < n and (events.size[0] == 0 or parcels.release[upcoming] <= events.at[0]):
            now, kind, item = parcels.release[upcoming], ARRIVES, upcoming
            upcoming += 1
        else:
            now, kind, item = pop(events)
        if now > until:
            return

        if kind == ARRIVES:
            f = join(setting, history, floor, item, now)
            if floor.serving[f] < 0:
                take_next(setting, history, floor, events, f, now)
        elif kind == SORTED:
            i = floor.serving[item]
            floor.serving[item] = -1
            v = handle(setting, history, floor, i, now)
            if parcels.lane[v] >= 0:
                load(setting, history, floor, events, i, v)
            else:
                hold(setting, history, i, v)
                board(setting, history, floor, events, i)
            take_next(setting, history, floor, events, item, now)
        elif knock(setting, history, floor, item, now):
            board(setting, history, floor, events, item)


def flow(setting: Setting, *, until: float = np.inf) -> History:
    """Run all events up to a minute, else to the end of the tables, and give what happened."""
    history = history_for(setting.parcels)
    run(setting, history, floor_for(setting), events_for(len(setting.parcels.release) + len(setting.capacity.per_minute) + 8), until)
    return history
