"""Keep coming events in the order of time: a binary heap for compiled loops."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.simulator.compiled import inner

__all__ = ["Events", "events_for", "pop", "push"]


class Events(NamedTuple):
    """Hold a heap of events: when, in which order they were added, their kind and what they concern. ``size`` is (held, ever added)."""

    at: npt.NDArray[np.float64]
    added: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]


def events_for(most: int) -> Events:
    """Make an empty heap that holds up to ``most`` events."""
    return Events(np.zeros(most), np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(2, np.int64))


@inner
def before(events: Events, a: int, b: int) -> bool:  # pragma: no cover - compiled
    """Say whether slot ``a`` comes before slot ``b``; equal times keep the order in which they were added."""
    return bool(events.at[a] < events.at[b] or (events.at[a] == events.at[b] and events.added[a] < events.added[b]))


@inner
def swap(events: Events, a: int, b: int) -> None:  # pragma: no cover - compiled
    events.at[a], events.at[b] = events.at[b], events.at[a]
    events.added[a], events.added[b] = events.added[b], events.added[a]
    events.kind[a], events.kind[b] = events.kind[b], events.kind[a]
    events.item[a], events.item[b] = events.item[b], events.item[a]


@inner
def push(events: Events, at: float, kind: int, item: int) -> None:  # pragma: no cover - compiled
    """Add an event."""
    here = events.size[0]
    events.at[here], events.added[here], events.kind[here], events.item[here] = at, events.size[1], kind, item
    events.size[0] += 1
    events.size[1] += 1
    while here > 0 and before(events, here, (here - 1) >> 1):
        swap(events, here, (here - 1) >> 1)
        here = (here - 1) >> 1


@inner
def pop(events: Events) -> tuple[float, int, int]:  # pragma: no cover - compiled
    """Remove the first event and give its time, kind and item. The heap must hold one."""
    events.size[0] -= 1
    size = events.size[0]
    found = (events.at[0], events.kind[0], events.item[0])
    swap(events, 0, size)
    here, down = 0, 1
    while down < size:
        if down + 1 < size and before(events, down + 1, down):
            down += 1
        if before(events, here, down):
            break
        swap(events, here, down)
        here, down = down, 2 * down + 1
    return found
