"""Fold the plan (legs) of each shipment as it was known at each moment, and lay the journey beside it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.codes import UNKNOWN_TIME, Codes, floats, instants
from training.features.compiled import compiled
from training.features.subjects import Subjects

__all__ = ["PlanStates", "SortedLegs", "follow", "sorted_legs"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
NONE: Final = int(UNKNOWN_TIME)
MOST_LEGS: Final = 1001
"""``legs.sequence`` lies in 0..1000."""

FIELDS: Final = 11
LEGS, DONE, FROM_HERE, TO_NEXT, NEXT_LEAVES, NEXT_ARRIVES, ENDS, STARTS, DUE_HERE, LAST_FROM, LAST_MODE = range(FIELDS)


@dataclass(frozen=True, slots=True)
class SortedLegs:
    """Hold legs by shipment, sequence and time of becoming known; ``start[s]:start[s + 1]`` are those of shipment *s*."""

    start: Whole
    sequence: Whole
    known: Whole
    from_facility: Whole
    to_facility: Whole
    leaves: Whole
    arrives: Whole
    distance_km: Real
    mode: Whole
    modes: pl.Series


@dataclass(frozen=True, slots=True)
class PlanStates:
    """Hold the plan at *n* moments. Facilities are numbered as in the scans, -1 unknown; instants are microseconds, `UNKNOWN_TIME` unknown.

    ``legs`` and ``done`` count; ``here`` is where the next leg starts, ``next_facility`` where it ends; ``next_leaves``, ``next_arrives`` its plan;
    ``starts`` and ``ends`` the plan of the whole way; ``due_here`` the planned arrival of the leg done last; ``last_from`` where the last leg
    starts; ``mode`` that of the next leg. ``left_km`` adds the lengths of the legs left, NaN when one is unknown.
    """

    legs: Whole
    done: Whole
    here: Whole
    next_facility: Whole
    next_leaves: Whole
    next_arrives: Whole
    starts: Whole
    ends: Whole
    due_here: Whole
    last_from: Whole
    mode: Whole
    left_km: Real


def sorted_legs(subjects: Subjects, facility_ids: Codes) -> SortedLegs:
    """Sort the legs of the shipments asked about."""
    legs = subjects.facts.legs
    if legs.height and subjects.shipments < subjects.facts.shipments.height:
        legs = legs.filter(pl.col("shipment_id").is_in(subjects.frame["shipment_id"].implode()))
    legs = legs.with_columns(pl.Series("ship", subjects.ids.of(legs["shipment_id"]), dtype=pl.Int64)).filter(pl.col("ship") >= 0)
    legs = legs.sort("ship", "sequence", "known_at", "leg_id")
    modes = Codes.of_distinct(legs["mode"])
    return SortedLegs(
        start=np.searchsorted(legs["ship"].to_numpy(), np.arange(subjects.shipments + 1)),
        sequence=legs["sequence"].to_numpy(writable=True),
        known=instants(legs["known_at"]),
        from_facility=facility_ids.of(legs["from_facility_id"]),
        to_facility=facility_ids.of(legs["to_facility_id"]),
        leaves=instants(legs["planned_departure_at"]),
        arrives=instants(legs["planned_arrival_at"]),
        distance_km=floats(legs["distance_km"]),
        mode=modes.of(legs["mode"]),
        modes=modes.texts,
    )


def follow(legs: SortedLegs, row: Whole, at: Whole, facility: Whole) -> PlanStates:
    """Lay the last known ``facility[i]`` of shipment ``row[i]`` on its plan as known at ``at[i]``.

    Of several plans for one sequence number the one known last counts (ties by leg id). The way is done up to the last leg that ends at
    the facility, or else up to the last leg that starts there; a facility off the plan leaves the count of legs done at 0.
    """
    state, left_km = plan_loop(
        legs.start, legs.sequence, legs.known, legs.from_facility, legs.to_facility, legs.leaves, legs.arrives, legs.distance_km, legs.mode,
        row, at, facility,
    )  # fmt: skip
    return PlanStates(
        legs=state[LEGS],
        done=state[DONE],
        here=state[FROM_HERE],
        next_facility=state[TO_NEXT],
        next_leaves=state[NEXT_LEAVES],
        next_arrives=state[NEXT_ARRIVES],
        starts=state[STARTS],
        ends=state[ENDS],
        due_here=state[DUE_HERE],
        last_from=state[LAST_FROM],
        mode=state[LAST_MODE],
        left_km=left_km,
    )


@compiled
def plan_loop(  # noqa: C901, PLR0912, PLR0917 - one plain loop over vectors
    start: Whole,
    sequence: Whole,
    known: Whole,
    from_facility: Whole,
    to_facility: Whole,
    leaves: Whole,
    arrives: Whole,
    distance_km: Real,
    mode: Whole,
    row: Whole,
    at: Whole,
    facility: Whole,
) -> tuple[Whole, Real]:
    rows = len(row)
    state = np.zeros((FIELDS, rows), dtype=np.int64)
    left_km = np.full(rows, np.nan)
    plan = np.empty(MOST_LEGS, dtype=np.int64)
    for i in range(rows):
        legs = 0
        for j in range(start[row[i]], start[row[i] + 1]):
            if known[j] > at[i]:
                continue
            if legs > 0 and sequence[plan[legs - 1]] == sequence[j]:
                plan[legs - 1] = j
            elif legs < MOST_LEGS:
                plan[legs] = j
                legs += 1
        done = 0
        if facility[i] >= 0:
            for k in range(legs):
                if to_facility[plan[k]] == facility[i]:
                    done = k + 1
                elif from_facility[plan[k]] == facility[i]:
                    done = k
        state[LEGS, i], state[DONE, i] = legs, done
        for field in (FROM_HERE, TO_NEXT, LAST_FROM, LAST_MODE):
            state[field, i] = -1
        for field in (NEXT_LEAVES, NEXT_ARRIVES, ENDS, STARTS, DUE_HERE):
            state[field, i] = NONE
        if legs == 0:
            continue
        final = plan[legs - 1]
        state[STARTS, i], state[ENDS, i], state[LAST_FROM, i] = leaves[plan[0]], arrives[final], from_facility[final]
        if done > 0:
            state[DUE_HERE, i] = arrives[plan[done - 1]]
        left = 0.0
        for k in range(done, legs):
            left += distance_km[plan[k]]
        left_km[i] = left
        if done < legs:
            following = plan[done]
            state[FROM_HERE, i], state[TO_NEXT, i] = from_facility[following], to_facility[following]
            state[NEXT_LEAVES, i], state[NEXT_ARRIVES, i] = leaves[following], arrives[following]
            state[LAST_MODE, i] = mode[following]
    return state, left_km
