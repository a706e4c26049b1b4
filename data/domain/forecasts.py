"""Describe what Doorcast said, and when: a distribution of the arrival, never overwritten."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Forecast", "Reason", "Target", "Window"]


class Target(StrEnum):
    """Say which event is forecast."""

    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Window:
    """Hold an interval that contains the arrival with probability ``level``."""

    start: datetime
    end: datetime
    level: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Hold one part of the difference between this forecast and the usual one for its lane.

    ``hours`` is positive when the part makes the parcel later. ``code`` is an enumerated word (``weather``, ``facility``, ``history``,
    ``calendar``, ``silence``, ``progress``, ``parcel``); ``evidence`` names ids, never free text from outside.
    """

    code: str
    hours: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """Hold one forecast of one shipment.

    ``as_of`` is the moment that the facts were seen at, ``made_at`` the moment of computing; ``quantiles`` maps levels
    (0.05 … 0.95, ascending) to instants; ``late_probability`` is the mass of the same distribution after the shop's
    promise (``None`` without a promise). All instants are UTC; ``timezone`` is the destination's, for showing.
    """

    forecast_id: str
    shipment_id: str
    target: Target
    as_of: datetime
    made_at: datetime
    quantiles: tuple[tuple[float, datetime], ...]
    window: Window
    late_probability: float | None
    reasons: tuple[Reason, ...]
    model_version: str
    input_digest: str
    timezone: str

    def quantile(self, level: float) -> datetime:
        """Give the instant of a stored level; raises `KeyError` for a level that is not stored."""
        return dict(self.quantiles)[level]
