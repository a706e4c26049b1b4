"""Say what a plan of followed outcomes is: kinds, the keys they are told apart by, half-lives, and what is shrunk to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

__all__ = [
    "DAY_HOURS",
    "LEVELS",
    "RAW_HOURS",
    "REFERENCE",
    "START_HOUR",
    "START_WEEK_HOUR",
    "FlatPlan",
    "Kind",
    "Level",
    "Plan",
    "Track",
    "flat",
    "level_named",
]

DAY_HOURS = 24.0
RAW_HOURS = (5 * DAY_HOURS, 20 * DAY_HOURS, 60 * DAY_HOURS)
"""Half-lives of the global level of every kind (5, 20 and 60 days did the work of recency weights on Olist, 2026-11)."""

REFERENCE = 1
"""Every outcome is compared with the global level of this half-life (20 days) at the time when it became known."""

START_HOUR = "start_hour"
START_WEEK_HOUR = "start_week_hour"
"""The levels whose code is the local hour of the start itself, of the day (0..23) or of the week from Monday (0..167): they hang on the moment, not on
the shipment."""


@dataclass(frozen=True, slots=True)
class Level:
    """Describe a key: the coarser key that it is shrunk to, and by how many pseudo-outcomes."""

    name: str
    parent: str | None
    pseudo: float


LEVELS: dict[str, Level] = {
    level.name: level
    for level in (
        Level("all", None, 8.0),
        Level("origin_region", "all", 20.0),
        Level("destination_region", "all", 20.0),
        Level("region_pair", "destination_region", 20.0),
        Level("origin_place", "origin_region", 8.0),
        Level("destination_place", "destination_region", 8.0),
        Level("lane", "region_pair", 4.0),
        Level("lane_service", "lane", 8.0),
        Level("carrier", "all", 20.0),
        Level("carrier_service", "carrier", 20.0),
        Level("merchant", "all", 8.0),
        Level("start_hour", "all", 20.0),
        Level("start_week_hour", "start_hour", 20.0),
        Level("facility", "all", 8.0),
        Level("hop", "facility", 8.0),
    )
}
"""Keys by name. An attribute's entity (``entity:shipments.attr_rider``) is shrunk to everything by `ENTITY_PSEUDO`."""

ENTITY_PSEUDO = 8.0


@dataclass(frozen=True, slots=True)
class Track:
    """Follow one key with some half-lives (hours). ``support`` adds the weight of the key's own outcomes against the pseudo-outcomes."""

    level: str
    half_lives: tuple[float, ...]
    support: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """Describe one kind of outcome.

    ``ratio`` kinds (durations) are compared with the global level by division, the others (logarithms, offsets, shares) by
    subtraction. ``monotone`` is the sign of a higher level's effect on the remaining time.
    """

    name: str
    ratio: bool
    monotone: int
    tracks: tuple[Track, ...]
    group: str = "history"
    absolute: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the kinds of one ledger and its levels, in the order of the ledger's codes."""

    kinds: tuple[Kind, ...]
    levels: tuple[str, ...]

    def number_of(self, kind: str) -> int:
        """Give the number of a kind."""
        return [k.name for k in self.kinds].index(kind)

    def slots(self) -> list[tuple[Kind, Track, float]]:
        """Give every (kind, track, half-life) in order."""
        return [(kind, track, hours) for kind in self.kinds for track in kind.tracks for hours in track.half_lives]


@dataclass(frozen=True, slots=True)
class FlatPlan:
    """Hold a plan as arrays for compiled loops.

    For every slot (kind, track, half-life): its level, the slot that it is shrunk to (-1: the root), half-life in hours, pseudo-outcomes, and the
    column of its support (-1: not asked for). For every kind: its first slot, the number of its slots, whether it is a ratio.
    """

    level: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int64]
    hours: npt.NDArray[np.float64]
    pseudo: npt.NDArray[np.float64]
    support: npt.NDArray[np.int64]
    kind_first: npt.NDArray[np.int64]
    kind_slots: npt.NDArray[np.int64]
    kind_ratio: npt.NDArray[np.bool_]


@cache
def flat(plan: Plan) -> FlatPlan:
    """Give a plan as arrays."""
    slots = plan.slots()
    level_of = {name: number for number, name in enumerate(plan.levels)}
    counts = np.array([sum(kind is k for k, _, _ in slots) for kind in plan.kinds], dtype=np.int64)
    supported = np.array([track.support for _, track, _ in slots], dtype=np.bool_)
    return FlatPlan(
        np.array([level_of[track.level] for _, track, _ in slots], dtype=np.int64),
        np.array([parent_slot(slots, position) for position in range(len(slots))], dtype=np.int64),
        np.array([hours for _, _, hours in slots]),
        np.array([level_named(track.level).pseudo for _, track, _ in slots]),
        np.where(supported, np.cumsum(supported) - 1, -1),
        np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        counts,
        np.array([kind.ratio for kind in plan.kinds]),
    )


def parent_slot(slots: Sequence[tuple[Kind, Track, float]], position: int) -> int:
    """Find the slot that a slot is shrunk to: the nearest followed ancestor, with the shortest half-life that is not shorter; -1 without one."""
    kind, track, hours = slots[position]
    level = level_named(track.level).parent
    while level is not None:
        candidates = [(h, i) for i, (k, t, h) in enumerate(slots) if k is kind and t.level == level and h >= hours]
        if candidates:
            return min(candidates)[1]
        level = level_named(level).parent
    return -1


def level_named(name: str) -> Level:
    return Level(name, "all", ENTITY_PSEUDO) if name.startswith("entity:") else LEVELS[name]
