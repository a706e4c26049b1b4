"""Fold sorted scans into the state of each shipment as it was seen at each moment: `data.domain.journeys.as_seen` for millions."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from data.domain.journeys import EXPIRES_AFTER, POSSESSION
from data.domain.statuses import PROGRESS, TERMINAL, Status
from training.features.codes import UNKNOWN_TIME
from training.features.compiled import compiled
from training.features.scans import SortedScans

__all__ = ["JourneyStates", "fold"]

Whole = npt.NDArray[np.int64]

STATUSES: Final = len(PROGRESS)
NONE: Final = int(UNKNOWN_TIME)
EXPIRES: Final = int(EXPIRES_AFTER.total_seconds() * 1_000_000)
UNKNOWN: Final = PROGRESS[Status.UNKNOWN]
DELIVERED: Final = PROGRESS[Status.DELIVERED]
RETURNING: Final = PROGRESS[Status.RETURNING]
RETURNED: Final = PROGRESS[Status.RETURNED]
ATTEMPT: Final = PROGRESS[Status.ATTEMPT_FAILED]
EXPIRED: Final = PROGRESS[Status.EXPIRED]

FIELDS: Final = 15
(
    STATUS, SINCE, POSSESSED_AT, DELIVERED_AT, HEARD_AT, HAPPENED_AT, FACILITY, FACILITY_SINCE, FACILITY_UNTIL,
    ATTEMPTS, UNMAPPED, REPEATED, CHECKPOINTS, LAST_RAW_CODE, PROVEN_BY,
) = range(FIELDS)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JourneyStates:
    """Hold what was known of *n* shipments at *n* moments. Instants are int64 microseconds, `UNKNOWN_TIME` where unknown.

    The first eleven vectors mean what they mean in `data.domain.journeys.Journey`. ``happened_at`` is the last effective scan in order of
    happening, ``facility_since`` and ``facility_until`` the first and last scan of the stay at the last facility; ``proven_by`` is the status
    that proved possession. ``first[:, status]`` and ``last[:, status]`` are when a scan of that status happened.
    """

    status: Whole
    status_since: Whole
    possession_at: Whole
    delivered_at: Whole
    heard_at: Whole
    facility: Whole
    failed_attempts: Whole
    unmapped: Whole
    repetitions: Whole
    checkpoints: Whole
    happened_at: Whole
    facility_since: Whole
    facility_until: Whole
    raw_code: Whole
    proven_by: Whole
    first: Whole
    last: Whole


def fold(scans: SortedScans, row: Whole, at: Whole) -> JourneyStates:
    """Fold the scans of shipment ``row[i]`` received by ``at[i]`` (microseconds), for every *i*."""
    state, first, last = fold_loop(
        scans.start, scans.status, scans.happened, scans.received, scans.replaced_from, scans.voids, scans.facility, scans.raw_code, scans.same,
        row, at, flags(POSSESSION), flags(TERMINAL),
    )  # fmt: skip
    return JourneyStates(
        status=state[STATUS],
        status_since=state[SINCE],
        possession_at=state[POSSESSED_AT],
        delivered_at=state[DELIVERED_AT],
        heard_at=state[HEARD_AT],
        facility=state[FACILITY],
        failed_attempts=state[ATTEMPTS],
        unmapped=state[UNMAPPED],
        repetitions=state[REPEATED],
        checkpoints=state[CHECKPOINTS],
        happened_at=state[HAPPENED_AT],
        facility_since=state[FACILITY_SINCE],
        facility_until=state[FACILITY_UNTIL],
        raw_code=state[LAST_RAW_CODE],
        proven_by=state[PROVEN_BY],
        first=first,
        last=last,
    )


def flags(statuses: frozenset[Status]) -> npt.NDArray[np.bool_]:
    """Give one flag for each status, by rank."""
    return np.array([status in statuses for status in PROGRESS])


@compiled
def fold_loop(  # noqa: C901, PLR0912, PLR0917 - one plain loop over vectors; in pieces it would hide the fold that it repeats
    start: Whole,
    status: Whole,
    happened: Whole,
    received: Whole,
    replaced_from: Whole,
    voids: npt.NDArray[np.bool_],
    facility: Whole,
    raw_code: Whole,
    same: Whole,
    row: Whole,
    at: Whole,
    proves: npt.NDArray[np.bool_],
    ends: npt.NDArray[np.bool_],
) -> tuple[Whole, Whole, Whole]:
    rows = len(row)
    state = np.zeros((FIELDS, rows), dtype=np.int64)
    first = np.full((rows, STATUSES), NONE, dtype=np.int64)
    last = np.full((rows, STATUSES), NONE, dtype=np.int64)
    counted_for = np.full(len(status), -1, dtype=np.int64)
    for i in range(rows):
        moment, ship = at[i], row[i]
        now, since, possessed, delivered, heard, latest = UNKNOWN, NONE, NONE, NONE, NONE, NONE
        place, arrived, left, code, proof = -1, NONE, NONE, -1, -1
        attempts, unmapped, repeated, checkpoints = 0, 0, 0, 0
        for j in range(start[ship], start[ship + 1]):
            if received[j] > moment or voids[j] or replaced_from[j] <= moment:
                continue
            if counted_for[same[j]] == i:
                repeated += 1
                continue
            counted_for[same[j]] = i
            checkpoints += 1
            what, when = status[j], happened[j]
            moves = what != UNKNOWN
            if now == DELIVERED:
                moves = what in (RETURNING, RETURNED)
            elif ends[now]:
                moves = False
            if moves and what != now:
                now, since = what, when
            if possessed == NONE and proves[what]:
                possessed, proof = when, what
            if delivered == NONE and what == DELIVERED:
                delivered = when
            if what == ATTEMPT:
                attempts += 1
            if what == UNKNOWN:
                unmapped += 1
            if facility[j] >= 0:
                if facility[j] != place:
                    place, arrived = facility[j], when
                left = when
            heard = max(heard, received[j])
            latest, code = when, raw_code[j]
            if first[i, what] == NONE:
                first[i, what] = when
            last[i, what] = when
        if not ends[now] and heard != NONE and moment - heard > EXPIRES:
            now, since = EXPIRED, heard + EXPIRES
        state[STATUS, i], state[SINCE, i], state[POSSESSED_AT, i], state[DELIVERED_AT, i] = now, since, possessed, delivered
        state[HEARD_AT, i], state[HAPPENED_AT, i], state[FACILITY, i] = heard, latest, place
        state[FACILITY_SINCE, i], state[FACILITY_UNTIL, i] = arrived, left
        state[ATTEMPTS, i], state[UNMAPPED, i], state[REPEATED, i], state[CHECKPOINTS, i] = attempts, unmapped, repeated, checkpoints
        state[LAST_RAW_CODE, i], state[PROVEN_BY, i] = code, proof
    return state, first, last
