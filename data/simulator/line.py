"""Sort parcels and load trucks: one line with a queue at every facility, air services first, then the order of arrival."""

import numpy as np
import numpy.typing as npt

from data.simulator.compiled import inner
from data.simulator.draws import AGAIN, MOST_TRIES, exponential, normal, uniform
from data.simulator.events import Events, push
from data.simulator.state import DAMAGED, LOADING_MINUTES, LOST, Floor, History, Setting

__all__ = ["ARRIVES", "MISSORT_SEEN_MINUTES", "SORTED", "handle", "join", "load", "take_next"]

ARRIVES, SORTED = 0, 1
MISSORT_SHARE = 0.006
MISSORT_SEEN_MINUTES = 60.0
LOST_SHARE, DAMAGED_SHARE = 0.0025, 0.001
DAY = 1440.0
FATE, WHERE, PAUSE = 202, 203, 204
"""Addresses of draws; those of a visit are ten times its number and up."""


@inner
def sorted_at(start: float, rates: npt.NDArray[np.float64]) -> float:  # pragma: no cover - compiled
    """Give when one parcel is through the line: work runs at the rate of each hour and rests while closed."""
    work, hour = 1.0, int(start // 60)
    while hour < rates.shape[0]:
        edge = (hour + 1) * 60.0
        done = (edge - start) * rates[hour]
        if done >= work:
            return float(start + work / rates[hour])
        work -= done
        start = edge
        hour += 1
    return np.inf


@inner
def join(setting: Setting, history: History, floor: Floor, i: int, now: float) -> int:  # pragma: no cover - compiled
    """Put an arriving parcel at the end of its queue and give the facility."""
    v = setting.parcels.visit[i] + floor.at_visit[i]
    f, rank = setting.parcels.facility[v], 1 - setting.parcels.express[i]
    history.arrive[v] = now
    floor.behind[i] = -1
    if floor.first[f, rank] < 0:
        floor.first[f, rank] = i
    else:
        floor.behind[floor.last[f, rank]] = i
    floor.last[f, rank] = i
    return int(f)


@inner
def take_next(setting: Setting, history: History, floor: Floor, events: Events, f: int, now: float) -> None:  # pragma: no cover - compiled  # noqa: PLR0917 - compiled functions take no keywords
    """Let an idle line take the next parcel of its queue, if there is one."""
    rank = 0 if floor.first[f, 0] >= 0 else 1
    i = floor.first[f, rank]
    if i < 0:
        return
    floor.first[f, rank] = floor.behind[i]
    floor.serving[f] = i
    history.start[setting.parcels.visit[i] + floor.at_visit[i]] = now
    through = sorted_at(now, setting.capacity.per_minute[f])
    if through < np.inf:
        push(events, through, SORTED, f)


@inner
def handle(setting: Setting, history: History, floor: Floor, i: int, now: float) -> int:  # pragma: no cover - compiled
    """Finish the handling of a sorted parcel, right or wrong, and give its visit."""
    parcels, step = setting.parcels, floor.at_visit[i]
    number, v, fresh_from = parcels.number[i], parcels.visit[i] + step, setting.fresh_from
    history.sorted[v] = now
    may_stray, usual = parcels.lane[v] >= 0 and step > 0, parcels.usual_minutes[v]
    seed = setting.seed if now <= fresh_from else setting.fresh_seed
    strays = may_stray and uniform(seed, number, 10 * step + 1) < MISSORT_SHARE
    missort, handled = straying(seed, number, 10 * step, strays), handling(seed, number, 10 * step, usual)
    if now <= fresh_from < now + missort + handled:
        known = now + MISSORT_SEEN_MINUTES <= fresh_from
        for again in range(1, MOST_TRIES):
            address = 10 * step + AGAIN * again
            if not known:
                strays = may_stray and uniform(setting.fresh_seed, number, address + 1) < MISSORT_SHARE
            lost, took = straying(setting.fresh_seed, number, address, strays), handling(setting.fresh_seed, number, address, usual)
            if now + lost + took > fresh_from:
                missort, handled = lost, took
                break
    history.missort[v] = missort
    history.ready[v] = now + handled + missort
    return int(v)


@inner
def straying(seed: int, number: int, address: int, strays: bool) -> float:  # pragma: no cover - compiled
    """Give the minutes that a wrong sort costs, none without."""
    return 300 + 700 * exponential(seed, number, address + 2) if strays else 0.0


@inner
def handling(seed: int, number: int, address: int, usual: float) -> float:  # pragma: no cover - compiled
    """Give the minutes that handling takes."""
    return float(usual * np.exp(0.3 * normal(seed, number, address)))


@inner
def load(setting: Setting, history: History, floor: Floor, events: Events, i: int, v: int) -> None:  # pragma: no cover - compiled  # noqa: PLR0917 - compiled functions take no keywords
    """Load a parcel on the first truck that has room and has not left; a few never arrive."""
    parcels, trips, lane = setting.parcels, setting.trips, setting.parcels.lane[v]
    stop = trips.first[lane + 1]
    low = trips.first[lane] + np.searchsorted(trips.departs[trips.first[lane] : stop], history.ready[v] + LOADING_MINUTES)
    trip = low
    while trip < stop and floor.loaded[trip] >= setting.trip_room[lane]:
        trip += 1
    if trip >= stop:
        return
    floor.loaded[trip] += 1
    history.trip[v] = trip
    history.depart[v] = trips.departs[trip]
    history.bumped[v] = trips.departs[trip] - trips.departs[low]
    number, steps = parcels.number[i], parcels.visit[i + 1] - parcels.visit[i] - 1
    seed = setting.seed if trips.departs[trip] <= setting.fresh_from else setting.fresh_seed
    fate = uniform(seed, number, FATE)
    if fate < LOST_SHARE + DAMAGED_SHARE and floor.at_visit[i] == int(uniform(seed, number, WHERE) * steps):
        found_out = DAY * (7 + 7 * uniform(seed, number, PAUSE)) if fate < LOST_SHARE else 600.0
        history.outcome[i] = LOST if fate < LOST_SHARE else DAMAGED
        history.end[i] = trips.arrives[trip] + found_out
        return
    floor.at_visit[i] += 1
    push(events, trips.arrives[trip], ARRIVES, i)
