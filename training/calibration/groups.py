"""Name the groups whose windows are corrected apart: by stage, by known or cold lane, by short or long way (Mondrian)."""

import numpy as np
import numpy.typing as npt

from training.models.baselines import Baseline
from training.models.model import Model
from training.models.problem import Rows
from training.models.ratio import LaneRatio

__all__ = ["calibration_groups"]

LONG_HOURS = 3.0
"""Undisturbed hours from which a way is long: its relative error is another one (Delhivery: within 15 % in half of the short legs)."""


def calibration_groups(model: Model, rows: Rows) -> npt.NDArray[np.object_]:
    """Give the group of each row, a word."""
    stage = "stage " + rows.stage.astype(str).astype(object)
    lanes = model.baseline if isinstance(model, LaneRatio) else model.lanes if isinstance(model, Baseline) else None
    if lanes is not None:
        usual, _ = lanes.hours(rows)
        kind = np.where(lanes.cold_rows(rows), " cold", " seen").astype(object)
        length = np.where(usual >= LONG_HOURS, " long", " short").astype(object)
        stage = stage + kind + length
    return np.asarray(stage, dtype=object)
