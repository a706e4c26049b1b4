"""Make columns of how far the shipment has come, by its scans and by its plan."""

import numpy as np
import numpy.typing as npt

from training.features.codes import UNKNOWN_TIME, floats
from training.features.earth import great_circle_km
from training.features.hours import hours_between
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.vocabulary import Vocabulary

__all__ = ["add_progress"]

Real = npt.NDArray[np.float64]

NEAR_KM = 0.1
"""Below this great circle a share of the way says nothing."""


def add_progress(sink: ColumnSink, state: MomentState, vocabulary: Vocabulary) -> None:
    """Add the stage, the last code, what is done and what is left of the way."""
    journeys, plan = state.journeys, state.plan
    sink.add("progress", "status", journeys.status.astype(np.float64), categorical=True)
    codes = category_numbers(state.scans.raw_codes.texts.to_list(), vocabulary.categories["scans.raw_code"])
    sink.add("progress", "raw_code", pick(codes, journeys.raw_code), categorical=True)
    modes = category_numbers(state.legs.modes.to_list(), vocabulary.categories["legs.mode"])
    sink.add("progress", "next_mode", pick(modes, plan.mode), categorical=True)
    sink.add("progress", "checkpoints", journeys.checkpoints.astype(np.float64))
    sink.add("progress", "failed_attempts", journeys.failed_attempts.astype(np.float64), monotone=0)
    sink.add("progress", "unmapped", journeys.unmapped.astype(np.float64))
    add_plan(sink, state)
    add_distance(sink, state)


def add_plan(sink: ColumnSink, state: MomentState) -> None:
    """Add legs done and left, planned hours, and the delay so far; NaN without a plan."""
    plan, at = state.plan, state.at
    planned = plan.legs > 0
    sink.add("progress", "legs_done", np.where(planned, plan.done, np.nan))
    sink.add("progress", "legs_left", np.where(planned, plan.legs - plan.done, np.nan), monotone=1)
    arrived = planned & (plan.done == plan.legs)
    leaves_next = np.where(plan.next_leaves == UNKNOWN_TIME, plan.starts, plan.next_leaves)
    sink.add("progress", "planned_hours_left", np.where(arrived, 0.0, hours_between(leaves_next, plan.ends)), monotone=1)
    to_end = hours_between(at, plan.ends)
    sink.add("progress", "hours_to_planned_end", to_end, monotone=1)
    sink.add("progress", "hours_to_next_departure", hours_between(at, plan.next_leaves), monotone=1)
    sink.add("progress", "hours_to_next_arrival", hours_between(at, plan.next_arrives), monotone=1)
    sink.add("progress", "delay_hours", state.delay_hours, monotone=1)
    late = np.where(np.isnan(state.delay_hours), 0.0, state.delay_hours)
    sink.add("progress", "projected_hours_left", to_end + late, monotone=1)


def add_distance(sink: ColumnSink, state: MomentState) -> None:
    """Add the great circle from the last known place to the destination, alone and as a share of the whole, and the planned kilometres left."""
    subjects = state.subjects
    to_lat, to_lon = subjects.floats("to.lat"), subjects.floats("to.lon")
    from_lat, from_lon = floats(subjects.frame["from.lat"])[state.row], floats(subjects.frame["from.lon"])[state.row]
    lat, lon = state.point_of(state.journeys.facility)
    seen = ~np.isnan(lat)
    left = great_circle_km(np.where(seen, lat, from_lat), np.where(seen, lon, from_lon), to_lat, to_lon)
    whole = great_circle_km(from_lat, from_lon, to_lat, to_lon)
    sink.add("progress", "distance_left_km", left, monotone=1)
    sink.add("progress", "share_left", np.where(whole > NEAR_KM, left / np.maximum(whole, NEAR_KM), np.nan), monotone=1)
    sink.add("progress", "planned_km_left", np.where(state.plan.legs > 0, state.plan.left_km, np.nan), monotone=1)


def category_numbers(texts: list[str], categories: tuple[str, ...]) -> Real:
    """Give the vocabulary's code of each text; a text that it does not list shares the code after the last."""
    codes = {text: code for code, text in enumerate(categories)}
    return np.array([codes.get(text, len(categories)) for text in texts], dtype=np.float64)


def pick(codes: Real, position: npt.NDArray[np.int64]) -> Real:
    """Give ``codes[position]``, NaN where the position is -1."""
    if not len(codes):
        return np.full(len(position), np.nan)
    return np.where(position >= 0, codes[np.maximum(position, 0)], np.nan)
