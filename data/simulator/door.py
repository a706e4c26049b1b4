"""Bring parcels from the station to the door, and say what happens there."""

import numpy as np

from data.simulator.compiled import inner
from data.simulator.draws import AGAIN, MOST_TRIES, exponential, normal, uniform
from data.simulator.events import Events, push
from data.simulator.state import (
    ATTEMPTS,
    DELIVERED,
    NOBODY_HOME,
    REFUSED,
    RETURNED,
    ROUTE_MINUTES,
    VAN_LOADING_MINUTES,
    Floor,
    History,
    Setting,
)

__all__ = ["AT_DOOR", "board", "hold", "knock", "rush"]

AT_DOOR = 2
HOLD_SHARE, REFUSED_SHARE = 0.009, 0.003
ABSENT_AGAIN = 0.3
"""Chance that nobody is home again after a failed visit; the first chance depends on the parcel."""
PICKED_UP_SHARE = 0.75
DAY = 1440.0
HELD, HELD_FOR, REFUSES, BACK, HOME, ABSENT, PICKS_UP, PLACE, STOP = 200, 201, 205, 206, 207, 210, 220, 230, 240
"""Addresses of draws."""


@inner
def rush(local_hour: float) -> float:  # pragma: no cover - compiled
    """Give the factor of city traffic on the last mile: +25 % at 8:30 and +35 % at 17:00 local (our choice)."""
    morning, evening = np.exp(-(((local_hour - 8.5) / 1.3) ** 2)), np.exp(-(((local_hour - 17.0) / 1.6) ** 2))
    return float(1 + 0.25 * morning + 0.35 * evening)


@inner
def hold(setting: Setting, history: History, i: int, v: int) -> None:  # pragma: no cover - compiled
    """Hold a few parcels at the station until their address is clear: ten hours and more."""
    number, since, fresh_from = setting.parcels.number[i], history.ready[v], setting.fresh_from
    seed = setting.seed if since <= fresh_from else setting.fresh_seed
    if uniform(seed, number, HELD) < HOLD_SHARE:
        until = since + 600 + 1500 * exponential(seed, number, HELD_FOR)
        if since <= fresh_from < until:  # not cleared yet, and an exponential does not remember how long it has been waited for
            until = max(since + 600, fresh_from) + 1500 * exponential(setting.fresh_seed, number, HELD_FOR)
        history.held_at[i], history.held_until[i] = since, until
        history.ready[v] = until


@inner
def board(setting: Setting, history: History, floor: Floor, events: Events, i: int) -> None:  # pragma: no cover - compiled
    """Give a parcel a place on a van of the first delivery day on which vans leave and have room; say why earlier days were lost."""
    parcels, stations, a = setting.parcels, setting.stations, floor.attempts[i]
    c, v = parcels.carrier[i], parcels.visit[i + 1] - 1
    f, days = parcels.facility[v], stations.delivers.shape[1]
    local = history.ready[v] + setting.offset_minutes[f, min(int(history.ready[v] // DAY), days - 1)]
    waits = parcels.extra_days[i] if a == 0 else 0
    missed_at, by_weather = np.nan, False
    for day in range(max(int(local // DAY), 0), days):
        leaves = stations.dispatch[c, f, day]
        if not stations.delivers[parcels.service[i], day] or leaves < history.ready[v] + VAN_LOADING_MINUTES:
            continue
        if not np.isnan(missed_at):
            lost = history.closed if by_weather else history.no_room
            lost[i, a] += leaves - missed_at
        missed_at = np.nan
        if waits > 0:
            waits -= 1
        elif stations.closed[f, day]:
            missed_at, by_weather = leaves, True
        elif floor.on_vans[c, f, day] >= stations.room[c, f]:
            missed_at, by_weather = leaves, False
        else:
            floor.on_vans[c, f, day] += 1
            drive(setting, history, i, a, day)
            push(events, history.door[i, a], AT_DOOR, i)
            return


@inner
def drive(setting: Setting, history: History, i: int, a: int, day: int) -> None:  # pragma: no cover - compiled
    """Drive to the door: the way to the area, the stops before this one, and the traffic of the hour."""
    parcels, stations, fresh_from = setting.parcels, setting.stations, setting.fresh_from
    c, f = parcels.carrier[i], parcels.facility[parcels.visit[i + 1] - 1]
    out = stations.dispatch[c, f, day] + stations.late[c, f, day]
    number, stem, usual_place = parcels.number[i], parcels.stem_minutes[i], parcels.place_in_route[i]
    slow, offset = stations.slow[f, day], setting.offset_minutes[f, day]
    at = reached(setting.seed if out <= fresh_from else setting.fresh_seed, number, a, out, stem, usual_place, slow, offset)
    if out <= fresh_from < at:
        for again in range(1, MOST_TRIES):
            instead = reached(setting.fresh_seed, number, a + AGAIN * again, out, stem, usual_place, slow, offset)
            if instead > fresh_from:
                at = instead
                break
    history.dispatch[i, a], history.door[i, a] = out, at


@inner
def reached(  # noqa: PLR0917 - compiled functions take no keywords  # pragma: no cover
    seed: int,
    number: int,
    address: int,
    out: float,
    stem_minutes: float,
    usual_place: float,
    slow: float,
    offset_minutes: float,
) -> float:
    """Give when a van that is out since ``out`` is at the door."""
    place = min(max(usual_place + 0.07 * normal(seed, number, PLACE + address), 0.0), 1.0)
    at = out + (stem_minutes + place * ROUTE_MINUTES) * slow
    local_hour = ((at + offset_minutes) % DAY) / 60
    return float(at + (30 + 0.2 * stem_minutes) * (rush(local_hour) - 1) + 3 * exponential(seed, number, STOP + address))


@inner
def knock(setting: Setting, history: History, floor: Floor, i: int, now: float) -> bool:  # pragma: no cover - compiled
    """Settle a visit to the door and say whether another one is needed."""
    number, a, fresh_from = setting.parcels.number[i], floor.attempts[i], setting.fresh_from
    seed = setting.seed if now <= fresh_from else setting.fresh_seed
    absent = setting.parcels.absent[i] if a == 0 else ABSENT_AGAIN
    if uniform(seed, number, REFUSES) < REFUSED_SHARE:
        history.result[i, a] = REFUSED
        history.returning_at[i] = now + 600 + 600 * uniform(seed, number, BACK)
        history.outcome[i], history.end[i] = RETURNED, history.returning_at[i] + DAY * (3 + 5 * uniform(seed, number, HOME))
        return False
    if uniform(seed, number, ABSENT + a) >= absent:
        history.result[i, a] = DELIVERED
        history.outcome[i], history.end[i] = DELIVERED, now
        return False
    history.result[i, a] = NOBODY_HOME
    floor.attempts[i] += 1
    history.ready[setting.parcels.visit[i + 1] - 1] = now + 240
    if floor.attempts[i] < ATTEMPTS:
        return True
    history.pickup_at[i] = now + 300
    fetched = now + 300 + fetching(seed, number, PICKS_UP)
    if now <= fresh_from < min(fetched, now + 300 + 7 * DAY):
        for again in range(1, MOST_TRIES):
            fetched = now + 300 + fetching(setting.fresh_seed, number, PICKS_UP + AGAIN * again)
            if fetched > fresh_from:
                break
    if fetched < np.inf:
        history.outcome[i], history.end[i] = DELIVERED, fetched
    else:
        history.returning_at[i] = history.pickup_at[i] + 7 * DAY
        history.outcome[i], history.end[i] = RETURNED, history.returning_at[i] + DAY * (3 + 5 * uniform(seed, number, HOME))
    return False


@inner
def fetching(seed: int, number: int, address: int) -> float:  # pragma: no cover - compiled
    """Give the minutes until somebody fetches the parcel from the station; infinite when nobody does."""
    if uniform(seed, number, address) >= PICKED_UP_SHARE:
        return np.inf
    return float(DAY * (0.6 + 2 * exponential(seed, number, address + 1)))
