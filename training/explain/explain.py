"""Explain forecasts: the difference from the usual for the lane, in parts that add up to it, each with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.domain.forecasts import Reason
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.explain.course import Course, courses_of
from training.explain.evidence import Evidence
from training.explain.journal import Journal
from training.explain.shares import shared
from training.explain.slips import Slip, slips_of
from training.explain.timetable import Timetable
from training.explain.unplanned import unplanned_slips
from training.explain.walk import JOURNEY, STEPS, Answer, walk
from training.explain.weather_met import WeatherMet
from training.features.matrix import FeatureMatrix
from training.models.problem import Rows
from training.models.usual import UsualRows

__all__ = ["Explained", "explain"]

Floats = npt.NDArray[np.float64]

SMALL_HOURS = 0.05
"""Parts under three minutes are told together."""
OTHER = "other"
DIGITS = 4
HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Explained:
    """Hold when a shipment usually arrives (microseconds since 1970 UTC) and the reasons that lead from there to the median, largest first."""

    usual_at: int
    reasons: tuple[Reason, ...]


def explain(
    answer: Answer,
    facts: Facts,
    moments: Moments,
    features: FeatureMatrix,
    rows: Rows,
    *,
    median_hours: Floats,
    usual: UsualRows,
    timetable: Timetable,
    journal: Journal,
) -> list[Explained]:
    """Explain *n* forecasts with these medians (hours after each moment), from what was known at each moment."""
    if not len(moments):
        return []
    walks = walk(answer, facts, features, rows, median_hours=median_hours, usual=usual)
    weather, evidence = WeatherMet(facts), Evidence(facts)
    explained = []
    for row, course in enumerate(courses_of(facts, moments)):
        arrives_at = int(rows.at[row] + median_hours[row] * HOUR)
        slips = list(slips_of(course, weather, timetable, journal)[0]) or unplanned_slips(
            course, features.names, features.values[row], walks.unlike[row]
        )
        parts: list[Slip] = []
        for step, hours in zip(STEPS, walks.steps[row].tolist(), strict=True):
            parts += shared(hours, slips) if step == JOURNEY else [Slip(step, hours)]

        def named(slip: Slip, course: Course = course, row: int = row, arrives_at: int = arrives_at) -> tuple[str, ...]:
            country, timezone = str(rows.country[row]), str(rows.timezone[row])
            found = slip.evidence or evidence.of(slip.code, course, arrives_at=arrives_at, country=country, timezone=timezone)
            return tuple(dict.fromkeys(((f"facility:{slip.facility_id}",) if slip.facility_id else ()) + found))

        whole = float(walks.steps[row].sum())
        reasons = told([Reason(slip.code, slip.hours, named(slip)) for slip in parts if abs(slip.hours) >= SMALL_HOURS], whole)
        usual_at = arrives_at - round(sum(reason.hours for reason in reasons) * HOUR)
        explained.append(Explained(usual_at, reasons))
    return explained


def told(reasons: Sequence[Reason], whole: float) -> tuple[Reason, ...]:
    """Put parts of one code at one place together, add what is too small to tell, and order them by size."""
    together: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        key = reason.code, next((item for item in reason.evidence if item.startswith("facility:")), "")
        before = together.get(key)
        evidence = tuple(dict.fromkeys((before.evidence if before else ()) + reason.evidence))
        together[key] = Reason(reason.code, reason.hours + (before.hours if before else 0.0), evidence)
    rounded = [Reason(reason.code, round(reason.hours, DIGITS), reason.evidence) for reason in together.values()]
    rest = round(whole - sum(reason.hours for reason in rounded), DIGITS)
    if abs(rest) > 0:
        rounded.append(Reason(OTHER, rest))
    return tuple(
        sorted((reason for reason in rounded if reason.hours), key=lambda reason: (-abs(reason.hours), reason.code, reason.evidence))
    )
