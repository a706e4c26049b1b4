"""Find when possession, delivery and other ends first became known, and what was believed then."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from data.domain.journeys import POSSESSION
from data.domain.statuses import PROGRESS, TERMINAL, Status
from training.features.codes import UNKNOWN_TIME
from training.features.compiled import compiled
from training.features.fold import flags
from training.features.scans import SortedScans

__all__ = ["Outcomes", "outcomes_of"]

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE: Final = int(UNKNOWN_TIME)
UNKNOWN: Final = PROGRESS[Status.UNKNOWN]
DELIVERED: Final = PROGRESS[Status.DELIVERED]
RETURNING: Final = PROGRESS[Status.RETURNING]
RETURNED: Final = PROGRESS[Status.RETURNED]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Hold for each shipment what became known first, and when. Instants are int64 microseconds, `UNKNOWN_TIME` where nothing was heard.

    An outcome is what was believed when it was first heard; a later correction does not rewrite the past. ``picked_up_at`` is the possession by
    a scan before delivery, as believed when delivery was first heard; unknown when only the delivery proves it. ``gone_known_at`` is when the
    shipment first stood in an end other than delivered.
    """

    possession_at: Whole
    possession_known_at: Whole
    delivered_at: Whole
    delivered_known_at: Whole
    picked_up_at: Whole
    gone_known_at: Whole


def outcomes_of(scans: SortedScans) -> Outcomes:
    """Find the outcomes of all shipments of some sorted scans."""
    found = outcome_loop(
        scans.start,
        scans.by_receipt,
        scans.status,
        scans.happened,
        scans.received,
        scans.replaced_from,
        scans.voids,
        flags(POSSESSION),
        flags(TERMINAL),
    )
    return Outcomes(*found)


@compiled
def outcome_loop(  # noqa: C901, PLR0912, PLR0917 - one plain loop over vectors
    start: Whole,
    by_receipt: Whole,
    status: Whole,
    happened: Whole,
    received: Whole,
    replaced_from: Whole,
    voids: Flags,
    proves: Flags,
    ends: Flags,
) -> tuple[Whole, Whole, Whole, Whole, Whole, Whole]:
    rows = len(start) - 1
    possession, possession_known = np.full(rows, NONE, dtype=np.int64), np.full(rows, NONE, dtype=np.int64)
    delivery, delivery_known = np.full(rows, NONE, dtype=np.int64), np.full(rows, NONE, dtype=np.int64)
    picked_up, gone_known = np.full(rows, NONE, dtype=np.int64), np.full(rows, NONE, dtype=np.int64)
    for ship in range(rows):
        first, end = start[ship], start[ship + 1]
        for n in range(first, end):
            moment = received[by_receipt[n]]
            if n > first and received[by_receipt[n - 1]] == moment:
                continue
            now, proven, proof, delivered = UNKNOWN, NONE, -1, NONE
            for j in range(first, end):
                if received[j] > moment or voids[j] or replaced_from[j] <= moment:
                    continue
                what = status[j]
                if now == DELIVERED:
                    if what in (RETURNING, RETURNED):
                        now = what
                elif not ends[now] and what != UNKNOWN:
                    now = what
                if proven == NONE and proves[what]:
                    proven, proof = happened[j], what
                if delivered == NONE and what == DELIVERED:
                    delivered = happened[j]
            if possession_known[ship] == NONE and proven != NONE and proof != DELIVERED:
                possession[ship], possession_known[ship] = proven, moment
            if gone_known[ship] == NONE and ends[now] and now != DELIVERED:
                gone_known[ship] = moment
            if delivered != NONE:
                delivery[ship], delivery_known[ship] = delivered, moment
                if proof != DELIVERED:
                    picked_up[ship] = proven
                break
    return possession, possession_known, delivery, delivery_known, picked_up, gone_known
