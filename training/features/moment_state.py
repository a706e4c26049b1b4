"""Bring together everything that was known of a shipment at a moment, before it is turned into columns."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.domain.orders import PromiseKind
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.features.codes import UNKNOWN_TIME, floats
from training.features.fold import JourneyStates, fold
from training.features.hours import hours_between
from training.features.plan import PlanStates, SortedLegs, follow, sorted_legs
from training.features.promises import PromiseStates, promised, sorted_promises
from training.features.scans import SortedScans, sorted_scans
from training.features.subjects import Subjects, subjects_of

__all__ = ["MomentState", "state_of"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MomentState:
    """Hold the folded state at *n* moments. Facilities are numbered by ``scans.facility_ids``.

    ``facility_lat`` and ``facility_lon`` are the points of those numbers, NaN where unknown. ``delay_hours`` is how late the last facility on the
    plan was reached (negative = early), NaN without a plan or a scan.
    """

    subjects: Subjects
    scans: SortedScans
    journeys: JourneyStates
    legs: SortedLegs
    plan: PlanStates
    shop: PromiseStates
    carrier: PromiseStates
    facility_lat: Real
    facility_lon: Real
    delay_hours: Real

    @property
    def row(self) -> Whole:
        """Give the shipment of each moment."""
        return self.subjects.row

    @property
    def at(self) -> Whole:
        """Give the instant of each moment, in microseconds."""
        return self.subjects.at

    @property
    def starts(self) -> Whole:
        """Give when the way of each moment's shipment starts: by plan, else possession, else creation."""
        start = np.where(self.plan.starts == UNKNOWN_TIME, self.journeys.possession_at, self.plan.starts)
        return np.where(start == UNKNOWN_TIME, self.subjects.instants("created_at"), start)

    def __len__(self) -> int:
        return len(self.subjects)

    def point_of(self, facility: Whole) -> tuple[Real, Real]:
        """Give latitude and longitude of numbered facilities, NaN where unknown."""
        if not len(self.facility_lat):
            return np.full(len(facility), np.nan), np.full(len(facility), np.nan)
        known = np.maximum(facility, 0)
        return (
            np.where(facility >= 0, self.facility_lat[known], np.nan),
            np.where(facility >= 0, self.facility_lon[known], np.nan),
        )


def state_of(facts: Facts, moments: Moments) -> MomentState:
    """Fold scans, legs and promises as they were known at each moment."""
    subjects = subjects_of(facts, moments)
    scans = sorted_scans(subjects)
    row, at = subjects.row, subjects.at
    journeys = fold(scans, row, at)
    legs = sorted_legs(subjects, scans.facility_ids)
    plan = follow(legs, row, at, journeys.facility)
    where = scans.facility_ids.of(subjects.facilities["facility_id"])
    lat, lon = np.full(len(scans.facility_ids), np.nan), np.full(len(scans.facility_ids), np.nan)
    lat[where], lon[where] = floats(subjects.facilities["lat"]), floats(subjects.facilities["lon"])
    return MomentState(
        subjects=subjects,
        scans=scans,
        journeys=journeys,
        legs=legs,
        plan=plan,
        shop=promised(sorted_promises(subjects, PromiseKind.SHOP), row, at),
        carrier=promised(sorted_promises(subjects, PromiseKind.CARRIER), row, at),
        facility_lat=lat,
        facility_lon=lon,
        delay_hours=delay_hours(journeys, plan),
    )


def delay_hours(journeys: JourneyStates, plan: PlanStates) -> Real:
    """Give how late the shipment reached its last facility, or, still at the first one, how late it left it by its last scan."""
    arrival = hours_between(plan.due_here, journeys.facility_since)
    departure = hours_between(plan.starts, np.where(plan.done == 0, journeys.possession_at, UNKNOWN_TIME))
    started = np.where(plan.legs > 0, departure, np.nan)
    return np.where(np.isnan(arrival), started, arrival)
