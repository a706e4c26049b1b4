"""Spoil perfect scans the way carriers do: missing, late, repeated, with wrong clocks, withdrawn, and in codes nobody knows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.simulator.scans import Event, TrueEvents

__all__ = ["NOISE", "HeardScans", "Noise", "heard"]

NEVER_MISSING = (Event.LABEL, Event.CANCELLED, Event.RETURNED, Event.LOST, Event.DAMAGED)


@dataclass(frozen=True, slots=True)
class Noise:
    """Hold how often scans are spoiled: shares of scans unless said otherwise (our choice).

    ``wrong_clocks`` is the share of scanners (one for each facility and carrier) whose clock is wrong by a constant; ``withdrawn`` the
    share of runs to the door on which somebody reports a delivery too early and takes it back.
    """

    missing: float = 0.045
    missing_delivered: float = 0.002
    late: float = 0.03
    batch: float = 0.012
    repeated: float = 0.014
    mystery: float = 0.004
    withdrawn: float = 0.012
    wrong_clocks: float = 0.06


NOISE = Noise()


@dataclass(frozen=True, slots=True)
class HeardScans:
    """Hold scans as heard, sorted by shipment and number: ``occurred`` is what the scanner's clock said, ``received`` is true.

    ``corrects`` is the row of the scan that is withdrawn (-1 = none), ``voids`` says that nothing takes its place; ``true_row`` is the
    row of the true event (-1 for a scan of nothing), ``repeat`` marks repetitions.
    """

    shipment: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    event: npt.NDArray[np.int64]
    occurred: npt.NDArray[np.float64]
    received: npt.NDArray[np.float64]
    facility: npt.NDArray[np.int64]
    basis: npt.NDArray[np.int64]
    corrects: npt.NDArray[np.int64]
    voids: npt.NDArray[np.bool_]
    true_row: npt.NDArray[np.int64]
    repeat: npt.NDArray[np.bool_]


EXPLICIT, FACILITY_ZONE, CARRIER_DEFAULT = range(3)


def clock_errors(facilities: int, carriers: int, rng: np.random.Generator, noise: Noise) -> npt.NDArray[np.float64]:
    """Draw the constant error of every scanner in minutes, also of those in vans (last row): mostly minutes, one in four an hour."""
    shape = (facilities + 1, carriers)
    error = np.where(rng.random(shape) < 0.25, 60.0 * rng.choice([-1, 1], shape), rng.normal(0, 18, shape))
    return np.where(rng.random(shape) < noise.wrong_clocks, error, 0.0)


def heard(
    events: TrueEvents,
    carrier: npt.NDArray[np.int64],
    *,
    facilities: int,
    carriers: int,
    rng: np.random.Generator,
    noise: Noise = NOISE,
) -> HeardScans:
    """Draw what is heard of the true events. ``carrier`` is by shipment."""
    n = len(events.event)
    by = carrier[events.shipment]
    delivered = events.event == Event.DELIVERED
    lost = rng.random(n) < np.where(delivered, noise.missing_delivered, noise.missing)
    kept = np.flatnonzero(~lost | np.isin(events.event, NEVER_MISSING))
    minute, facility, event = events.minute[kept], events.facility[kept], events.event[kept]
    n = len(kept)

    pace = np.array([3.0, 6.0, 14.0])[np.arange(carriers) % 3][by[kept]]
    delay = pace * rng.lognormal(0, 0.9, n)
    delay = np.where(rng.random(n) < noise.late, delay + rng.exponential(240, n), delay)
    # a scanner without radio gives the whole day at once when it comes back to its dock
    delay = np.where(rng.random(n) < noise.batch, delay + rng.uniform(240, 1200, n), delay)
    delay = np.where(event == Event.LABEL, rng.uniform(0.05, 0.5, n), delay)
    wrong = clock_errors(facilities, carriers, rng, noise)[facility, by[kept]]  # facility -1 is the last row: vans
    occurred = minute + np.where(event == Event.LABEL, 0.0, wrong)
    basis = np.where(wrong != 0, CARRIER_DEFAULT, np.where(facility >= 0, FACILITY_ZONE, EXPLICIT))
    mystery = (rng.random(n) < noise.mystery) & ~np.isin(event, NEVER_MISSING) & ~delivered[kept]
    event = np.where(mystery, Event.MYSTERY, event)

    again = np.flatnonzero(rng.random(n) < noise.repeated)
    # somebody presses "delivered" too early, an hour or two before; the scan is withdrawn within hours
    early = np.flatnonzero((events.event[kept] == Event.OUT_FOR_DELIVERY) & (rng.random(n) < noise.withdrawn))
    said = minute[early] + rng.uniform(20, 120, len(early))
    said_heard = said + rng.exponential(8, len(early))
    rows = np.concatenate([np.arange(n), again, early, early])
    extra, base = len(early), n + len(again)
    corrects = np.full(len(rows), -1)
    corrects[base + extra :] = base + np.arange(extra)
    out_event = np.concatenate([event, event[again], np.full(2 * extra, Event.DELIVERED)])
    out_facility = np.concatenate([facility, facility[again], np.full(2 * extra, -1)])
    out_occurred = np.concatenate([occurred, occurred[again], said, said])
    received = minute + delay
    out_received = np.concatenate(
        [received, received[again] + rng.exponential(90, len(again)), said_heard, said_heard + 15 + rng.exponential(60, extra)]
    )
    out_basis = np.concatenate([basis, basis[again], np.full(2 * extra, EXPLICIT)])
    shipment = events.shipment[kept][rows]
    order = np.lexsort((np.arange(len(rows)), out_received, shipment))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    shipment = shipment[order]
    begins = np.searchsorted(shipment, shipment)
    corrects = corrects[order]
    return HeardScans(
        shipment=shipment,
        number=np.arange(len(order)) - begins + 1,
        event=out_event[order],
        occurred=out_occurred[order],
        received=out_received[order],
        facility=out_facility[order],
        basis=out_basis[order],
        corrects=np.where(corrects >= 0, place[np.maximum(corrects, 0)], -1),
        voids=corrects >= 0,
        true_row=np.where(np.arange(len(rows)) < base, kept[rows], -1)[order],
        repeat=((np.arange(len(rows)) >= n) & (np.arange(len(rows)) < base))[order],
    )
