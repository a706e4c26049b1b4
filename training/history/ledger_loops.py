"""Walk through outcomes in the order in which they became known, and answer questions on the way."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from training.features.compiled import compiled

__all__ = ["NEVER", "NO_KEY", "UNSEEN", "sweep"]

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]

NO_KEY: Final = -2
"""Code of a key that is unknown: nothing is told for it."""

UNSEEN: Final = -1
"""Code of a key without any outcome: its parent speaks for it."""

NEVER: Final = np.iinfo(np.int64).min
MICROS_PER_HOUR: Final = 3_600_000_000.0
LN_2: Final = math.log(2.0)
REFERENCE: Final = 1
TINY: Final = 1e-9


@compiled
def sweep(  # noqa: C901, PLR0912, PLR0917 - one plain loop: outcomes in, answers out
    event_time: Whole,
    event_kind: Whole,
    event_value: Real,
    event_weight: Real,
    event_codes: Codes,
    query_time: Whole,
    query_codes: Codes,
    query_order: Whole,
    slot_level: Whole,
    slot_parent: Whole,
    slot_hours: Real,
    slot_pseudo: Real,
    slot_support: Whole,
    kind_first: Whole,
    kind_slots: Whole,
    kind_ratio: npt.NDArray[np.bool_],
    raw_hours: Real,
    slot_offset: Whole,
    sums: Real,
    weights: Real,
    times: Whole,
    raw_sums: Real,
    raw_weights: Real,
    raw_times: Whole,
) -> tuple[Real, Real, Real]:
    """Fold the events (sorted) into the states **in place**, and answer each query from the events strictly before it.

    Returns for each query the raw levels (n, kinds x half-lives), the relative levels (n, slots) and the weight of the key's own outcomes
    against the pseudo-outcomes (n, slots that ask for it; 0..1).
    """
    queries, slots, kinds, raws = len(query_order), len(slot_level), len(kind_first), len(raw_hours)
    raw = np.full((queries, kinds * raws), np.nan)
    level = np.full((queries, slots), np.nan)
    support = np.full((queries, slot_support.max() + 1 if slots else 0), np.nan)
    estimate = np.empty(slots, dtype=np.float64)
    done = 0
    for n in range(queries + 1):
        until = query_time[query_order[n]] if n < queries else np.iinfo(np.int64).max
        while done < len(event_time) and (n == queries or event_time[done] < until):
            kind, now, value, weight = event_kind[done], event_time[done], event_value[done], event_weight[done]
            for h in range(raws):
                k = kind * raws + h
                fade = 1.0 if raw_times[kind] == NEVER else math.exp(-LN_2 * (now - raw_times[kind]) / (raw_hours[h] * MICROS_PER_HOUR))
                raw_sums[k] = raw_sums[k] * fade + weight * value
                raw_weights[k] = raw_weights[k] * fade + weight
            raw_times[kind] = now
            reference = raw_sums[kind * raws + REFERENCE] / raw_weights[kind * raws + REFERENCE]
            relative = (value / reference if reference > TINY else 1.0) if kind_ratio[kind] else value - reference
            for s in range(kind_first[kind], kind_first[kind] + kind_slots[kind]):
                code = event_codes[done, slot_level[s]]
                if code < 0:
                    continue
                at = slot_offset[s] + code
                fade = 1.0 if times[at] == NEVER else math.exp(-LN_2 * (now - times[at]) / (slot_hours[s] * MICROS_PER_HOUR))
                sums[at] = sums[at] * fade + weight * relative
                weights[at] = weights[at] * fade + weight
                times[at] = now
            done += 1
        if n == queries:
            break
        q = query_order[n]
        for kind in range(kinds):
            if raw_times[kind] == NEVER:
                continue
            for h in range(raws):
                raw[q, kind * raws + h] = raw_sums[kind * raws + h] / raw_weights[kind * raws + h]
            root = 1.0 if kind_ratio[kind] else 0.0
            for s in range(kind_first[kind], kind_first[kind] + kind_slots[kind]):
                parent = root if slot_parent[s] < 0 else estimate[slot_parent[s]]
                code = query_codes[q, slot_level[s]]
                own_sum, own_weight = 0.0, 0.0
                if code >= 0:
                    at = slot_offset[s] + code
                    if times[at] != NEVER:
                        fade = math.exp(-LN_2 * (until - times[at]) / (slot_hours[s] * MICROS_PER_HOUR))
                        own_sum, own_weight = sums[at] * fade, weights[at] * fade
                estimate[s] = (own_sum + slot_pseudo[s] * parent) / (own_weight + slot_pseudo[s])
                if code != NO_KEY:
                    level[q, s] = estimate[s]
                    if slot_support[s] >= 0:
                        support[q, slot_support[s]] = own_weight / (own_weight + slot_pseudo[s])
    return raw, level, support
