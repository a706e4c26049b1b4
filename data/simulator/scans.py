"""Say what the carrier would scan if scanners were perfect: one row for each event of the true history."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from data.simulator.line import MISSORT_SEEN_MINUTES
from data.simulator.state import ATTEMPTS, CANCELLED, DAMAGED, DELIVERED, LOST, NOBODY_HOME, REFUSED, RETURNED
from data.simulator.world import World

__all__ = ["Event", "TrueEvents", "true_events"]


class Event(IntEnum):
    """Number the kinds of events; ``data/reference/status_codes.json`` says what each carrier calls them."""

    LABEL = 0
    PICKED_UP = 1
    ARRIVED = 2
    DEPARTED = 3
    MISSORTED = 4
    ARRIVED_AT_STATION = 5
    OUT_FOR_DELIVERY = 6
    ATTEMPT_FAILED = 7
    REFUSED = 8
    HELD = 9
    READY_FOR_PICKUP = 10
    DELIVERED = 11
    RETURNING = 12
    RETURNED = 13
    LOST = 14
    DAMAGED = 15
    CANCELLED = 16
    MYSTERY = 17


@dataclass(frozen=True, slots=True)
class TrueEvents:
    """Hold events sorted by shipment and time: rows of `Parcels`, kind, true minute, facility (-1 = at the door)."""

    shipment: npt.NDArray[np.int64]
    event: npt.NDArray[np.int64]
    minute: npt.NDArray[np.float64]
    facility: npt.NDArray[np.int64]


def true_events(world: World) -> TrueEvents:
    """List all events of a world."""
    parcels, history = world.parcels, world.history
    n = len(parcels.release)
    rows = np.arange(n)
    owner = world.owner
    step = np.arange(len(owner)) - parcels.visit[owner]
    last = parcels.lane < 0
    warehouse, station = parcels.facility[parcels.visit[:-1]], parcels.facility[parcels.visit[1:] - 1]
    found: list[tuple[npt.NDArray[np.int64], int, npt.NDArray[np.float64], npt.NDArray[np.int64]]] = []

    def add(
        kind: Event,
        minute: npt.NDArray[np.float64],
        facility: npt.NDArray[np.int64],
        *,
        of: npt.NDArray[np.int64],
        where: npt.NDArray[np.bool_],
    ) -> None:
        at = np.flatnonzero(where & np.isfinite(minute))
        found.append((of[at], int(kind), minute[at], facility[at]))

    always = np.ones(n, dtype=bool)
    door = np.full(n, -1)
    add(Event.LABEL, world.created, warehouse, of=rows, where=always)
    add(Event.PICKED_UP, history.depart, parcels.facility, of=owner, where=step == 0)
    add(Event.ARRIVED, history.arrive, parcels.facility, of=owner, where=(step > 0) & ~last)
    add(Event.ARRIVED_AT_STATION, history.arrive, parcels.facility, of=owner, where=(step > 0) & last)
    add(Event.MISSORTED, history.sorted + MISSORT_SEEN_MINUTES, parcels.facility, of=owner, where=history.missort > 0)
    add(Event.DEPARTED, history.depart, parcels.facility, of=owner, where=step > 0)
    for a in range(ATTEMPTS):
        add(Event.OUT_FOR_DELIVERY, history.dispatch[:, a], station, of=rows, where=always)
        add(Event.ATTEMPT_FAILED, history.door[:, a], door, of=rows, where=history.result[:, a] == NOBODY_HOME)
        add(Event.REFUSED, history.door[:, a], door, of=rows, where=history.result[:, a] == REFUSED)
    at_station = np.isfinite(history.pickup_at)
    add(Event.HELD, history.held_at, station, of=rows, where=always)
    add(Event.READY_FOR_PICKUP, history.pickup_at, station, of=rows, where=always)
    add(Event.DELIVERED, history.end, np.where(at_station, station, door), of=rows, where=history.outcome == DELIVERED)
    add(Event.RETURNING, history.returning_at, station, of=rows, where=always)
    add(Event.RETURNED, history.end, warehouse, of=rows, where=history.outcome == RETURNED)
    add(Event.LOST, history.end, door, of=rows, where=history.outcome == LOST)
    add(Event.DAMAGED, history.end, door, of=rows, where=history.outcome == DAMAGED)
    add(Event.CANCELLED, history.end, warehouse, of=rows, where=history.outcome == CANCELLED)

    shipment = np.concatenate([item[0] for item in found])
    event = np.concatenate([np.full(len(item[0]), item[1]) for item in found])
    minute = np.concatenate([item[2] for item in found])
    facility = np.concatenate([item[3] for item in found])
    order = np.lexsort((event, minute, shipment))
    return TrueEvents(shipment[order], event[order], minute[order], facility[order])
