"""State what every model answers, and find a model again from its plain state."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from data.domain.errors import ModelRefused
from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.baselines import BASELINES, Baseline
from training.models.hazard import DailyHazard
from training.models.plan_offset import PlanOffset
from training.models.problem import Rows
from training.models.ratio import LaneRatio

__all__ = ["Model", "model_of"]


class Model(Protocol):
    """Answer the remaining time of rows. Made by a ``fit`` of its own; its state is plain data and LightGBM's text."""

    @property
    def kind(self) -> str:
        """Name the kind, as `model_of` finds it."""
        ...

    def predict(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:
        """Give the distribution of the hours from each moment to the door."""
        ...

    def to_state(self) -> dict[str, Any]:
        """Give plain data, with the ``kind`` in it."""
        ...


OPENERS: Mapping[str, Callable[[dict[str, Any]], Model]] = {
    "daily_hazard": DailyHazard.from_state,
    "lane_ratio": LaneRatio.from_state,
    "plan_offset": PlanOffset.from_state,
    **dict.fromkeys(BASELINES, Baseline.from_state),
}


def model_of(state: dict[str, Any]) -> Model:
    """Make a model again of its state; raises `ModelRefused` for a kind that is not known."""
    kind = str(state.get("kind"))
    if kind not in OPENERS:
        raise ModelRefused(f"the bundle holds a model of kind {kind!r}; this version knows {sorted(OPENERS)}. Train again.")
    return OPENERS[kind](state)
