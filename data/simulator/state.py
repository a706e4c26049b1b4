"""Name what the compiled loops read and write: the parcels, the disturbed network, the state of the floor, the history."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.simulator.capacity import Capacity, Stations
from data.simulator.timetable import Trips

__all__ = [
    "ATTEMPTS",
    "CANCELLED",
    "DAMAGED",
    "DELIVERED",
    "LOADING_MINUTES",
    "LOST",
    "NOBODY_HOME",
    "OPEN",
    "REFUSED",
    "RETURNED",
    "ROUTE_MINUTES",
    "VAN_LOADING_MINUTES",
    "Floor",
    "History",
    "Parcels",
    "Setting",
    "floor_for",
    "history_for",
]

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

OPEN, DELIVERED, LOST, DAMAGED, RETURNED, CANCELLED = range(6)
NOBODY_HOME, REFUSED = 2, 3
ATTEMPTS = 3
"""Visits to the door before the parcel waits at the station."""
LOADING_MINUTES = 15.0
VAN_LOADING_MINUTES = 20.0
ROUTE_MINUTES = 440.0
"""From the first to the last stop of a van's day."""


class Parcels(NamedTuple):
    """Hold shipments as the loop needs them, sorted by ``release`` (minutes; NaN = cancelled before handling).

    ``visit[i]:visit[i + 1]`` are the visits of shipment *i*: warehouse, hubs, station; ``lane[v]`` leads on from visit *v* (-1 at the
    station). ``usual_minutes[v]`` is undisturbed handling. ``stem_minutes`` leads from the station to the first stop near the door,
    ``place_in_route`` (0..1) is where the address usually falls in the van's day. ``extra_days`` for far rural addresses, ``absent``
    the chance that nobody is home at the first visit.
    """

    number: Wholes
    release: Floats
    express: Wholes
    carrier: Wholes
    service: Wholes
    visit: Wholes
    facility: Wholes
    lane: Wholes
    usual_minutes: Floats
    stem_minutes: Floats
    place_in_route: Floats
    extra_days: Wholes
    absent: Floats


class Setting(NamedTuple):
    """Hold everything that is fixed before the first parcel moves. ``trip_room[lane]`` is how many parcels one vehicle takes.

    What happens up to ``fresh_from`` is drawn with ``seed``, what happens later with ``fresh_seed``; what is under way at that minute is drawn
    anew, given that it was not over yet. With ``fresh_from`` infinite there is one seed for everything.
    """

    parcels: Parcels
    trips: Trips
    trip_room: Floats
    capacity: Capacity
    stations: Stations
    offset_minutes: Floats
    seed: int
    fresh_from: float = np.inf
    fresh_seed: int = 0


class Floor(NamedTuple):
    """Hold what changes while parcels move.

    By shipment: its current visit, its failed visits to the door, the shipment behind it in the queue (-1 = none). By facility and rank
    (0 = air services): first and last in the queue; by facility the parcel on the sorting line. Loads of trips and of vans by
    carrier, station and local day.
    """

    at_visit: Wholes
    attempts: Wholes
    behind: Wholes
    first: Wholes
    last: Wholes
    serving: Wholes
    loaded: Floats
    on_vans: Floats


class History(NamedTuple):
    """Hold what truly happened, in minutes (NaN = never).

    By visit: ``arrive``, ``start`` (taken from the queue), ``sorted``, ``ready``, ``depart``, ``trip`` (-1 = none), ``missort`` minutes
    lost by a wrong sort, ``bumped`` minutes lost because trucks were full. By shipment and visit to the door: ``dispatch``, ``door``,
    ``result``, and the waits for room on a van (``no_room``) and for roads to open (``closed``). By shipment: holds and the end.
    """

    arrive: Floats
    start: Floats
    sorted: Floats
    ready: Floats
    depart: Floats
    trip: Wholes
    missort: Floats
    bumped: Floats
    dispatch: Floats
    door: Floats
    result: Wholes
    no_room: Floats
    closed: Floats
    held_at: Floats
    held_until: Floats
    pickup_at: Floats
    returning_at: Floats
    end: Floats
    outcome: Wholes


def floor_for(setting: Setting) -> Floor:
    """Make an empty floor."""
    n, facilities = len(setting.parcels.release), setting.capacity.per_minute.shape[0]
    return Floor(
        at_visit=np.zeros(n, np.int64),
        attempts=np.zeros(n, np.int64),
        behind=np.full(n, -1),
        first=np.full((facilities, 2), -1),
        last=np.full((facilities, 2), -1),
        serving=np.full(facilities, -1),
        loaded=np.zeros(len(setting.trips.departs)),
        on_vans=np.zeros(setting.stations.dispatch.shape),
    )


def history_for(parcels: Parcels) -> History:
    """Make a history in which nothing has happened yet."""
    n, visits = len(parcels.release), len(parcels.facility)

    def never(*shape: int) -> Floats:
        return np.full(shape, np.nan)

    return History(
        arrive=never(visits),
        start=never(visits),
        sorted=never(visits),
        ready=never(visits),
        depart=never(visits),
        trip=np.full(visits, -1),
        missort=np.zeros(visits),
        bumped=np.zeros(visits),
        dispatch=never(n, ATTEMPTS),
        door=never(n, ATTEMPTS),
        result=np.zeros((n, ATTEMPTS), np.int64),
        no_room=np.zeros((n, ATTEMPTS)),
        closed=np.zeros((n, ATTEMPTS)),
        held_at=never(n),
        held_until=never(n),
        pickup_at=never(n),
        returning_at=never(n),
        end=never(n),
        outcome=np.zeros(n, np.int64),
    )
