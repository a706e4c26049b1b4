"""State what serving expects of a model: facts and moments in, forecasts out."""

from datetime import datetime
from typing import Protocol, Self

from data.domain.forecasts import Forecast
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.checkout.checkout import Checkout
from training.distribution import RemainingTime

__all__ = ["Forecaster"]


class Forecaster(Protocol):
    """Forecast arrivals. Implemented by `training.predictor.Predictor`; tests use a fake."""

    @property
    def version(self) -> str:
        """Name the model version that made a forecast."""
        ...

    def forecast(self, facts: Facts, moments: Moments, *, made_at: datetime) -> tuple[Forecast, ...]:
        """Forecast every pair of ``moments``, in their order, from the facts received by each moment.

        ``facts`` holds at least everything of the shipments asked for, their facilities and the weather around them. A
        checkout estimate is the same call on a shipment without scans.
        """
        ...

    @property
    def knows_until(self) -> datetime | None:
        """Give the instant (UTC) up to which it knows what became of other shipments; ``None`` when that never changes."""
        ...

    def observed(self, facts: Facts, *, until: datetime) -> Self:
        """Give the same model knowing what was received up to ``until``; it answers moments from then on.

        ``facts`` hold all that was received by then of every shipment with news since `knows_until`.
        """
        ...

    def distribution(self, facts: Facts, moments: Moments) -> RemainingTime:
        """Give the distributions that `forecast` reads its quantiles from."""
        ...

    @property
    def checkout(self) -> Checkout | None:
        """Give what it knows of services, and of what hangs together in an order; ``None`` where it learnt nothing of that."""
        ...

    def at_checkout(self) -> Self:
        """Give the same model for shipments that nothing but an order is known of."""
        ...
