"""Hold what a predictor knows about checkouts: a model of shipments without a label, the book of services, and what hangs together."""

from dataclasses import dataclass
from typing import Any

from training.calibration.following import Following
from training.calibration.level_map import LevelMap
from training.checkout.dependence import Dependence
from training.checkout.offers import OfferBook
from training.models.model import Model, model_of
from training.models.usual import UsualRows

__all__ = ["Checkout"]


@dataclass(frozen=True, slots=True)
class Checkout:
    """Hold the part of a predictor that answers before there is a shipment; made by `training.checkout.learn.learn_checkout`.

    ``model``, ``levels`` and ``usual`` take the places of the predictor's own for shipments that nothing but an order is known of: trees that
    always saw a plan and a promise would take their absence for a plan that is due now.
    """

    model: Model
    levels: LevelMap
    usual: UsualRows
    book: OfferBook
    dependence: Dependence
    following: Following | None = None
    """The pace of arrivals against what a checkout would have been told since the cut; learnt in service, so never in a bundle."""

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "model": self.model.to_state(),
            "levels": self.levels.to_state(),
            "usual": self.usual.to_state(),
            "book": self.book.to_state(),
            "dependence": self.dependence.to_state(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Checkout":
        """Make it again of plain data; raises `KeyError` where a part is missing."""
        return cls(
            model_of(state["model"]),
            LevelMap.from_state(state["levels"]),
            UsualRows.from_state(state["usual"]),
            OfferBook.from_state(state["book"]),
            Dependence.from_state(state["dependence"]),
        )
