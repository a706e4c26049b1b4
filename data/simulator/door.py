"""Bring parcels from the station to the door, and say what happens there."""

import numpy as np

from data.simulator.compiled import inner
from data.simulator.draws import exponential, normal, uniform
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
    number = setting.parcels.number[i]
    if uniform(setting.seed, number, HELD) < HOLD_SHARE:
        history.held_at[i] = history.ready[v]
        history.held_until[i] = history.ready[v] + 600 + 1500 * exponential(setting.seed, number, HELD_FOR)
        history.ready[v] = history.held_until[i]


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
    parcels, stations = setting.parcels, setting.stations
    number, c, f = parcels.number[i], parcels.carrier[i], parcels.facility[parcels.visit[i + 1] - 1]
    out = stations.dispatch[c, f, day] + stations.late[c, f, day]
    place = min(max(parcels.place_in_route[i] + 0.07 * normal(setting.seed, number, PLACE + a), 0.0), 1.0)
    at = out + (parcels.stem_minutes[i] + place * ROUTE_MINUTES) * stations.slow[f, day]
    local_hour = ((at + setting.offset_minutes[f, day]) % DAY) / 60
    at += (30 + 0.2 * parcels.stem_minutes[i]) * (rush(local_hour) - 1) + 3 * exponential(setting.seed, number, STOP + a)
    history.dispatch[i, a], history.door[i, a] = out, at


@inner
def knock(setting: Setting, history: History, floor: Floor, i: int, now: float) -> bool:  # pragma: no cover - compiled
    """Settle a visit to the door and say whether another one is needed."""
    seed, number, a = setting.seed, setting.parcels.number[i], floor.attempts[i]
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
    if uniform(seed, number, PICKS_UP) < PICKED_UP_SHARE:
        history.outcome[i] = DELIVERED
        history.end[i] = history.pickup_at[i] + DAY * (0.6 + 2 * exponential(seed, number, PICKS_UP + 1))
    else:
        history.returning_at[i] = history.pickup_at[i] + 7 * DAY
        history.outcome[i], history.end[i] = RETURNED, history.returning_at[i] + DAY * (3 + 5 * uniform(seed, number, HOME))
    return False
