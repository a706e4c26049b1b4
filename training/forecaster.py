"""State what serving expects of a model: facts and moments in, forecasts out."""

from datetime import datetime
from typing import Protocol

from data.domain.forecasts import Forecast
from data.facts.facts import Facts
from data.facts.moments import Moments

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
