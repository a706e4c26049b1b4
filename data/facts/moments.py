"""Name the (shipment, moment) pairs that features, forecasts and evaluations speak of."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact

__all__ = ["Moments", "micros", "moment_of"]


def micros(instant: datetime) -> int:
    """Give an aware instant as microseconds since 1970-01-01 UTC."""
    if instant.tzinfo is None:
        raise InvalidFact(f"{instant.isoformat()} has no offset; add one, such as +00:00.")
    delta = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


@dataclass(frozen=True, slots=True)
class Moments:
    """Hold *n* pairs: ``shipment_ids[i]`` looked at from ``at[i]`` (int64 microseconds since 1970 UTC). Any order, repeats allowed."""

    shipment_ids: npt.NDArray[np.object_]
    at: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.shipment_ids.shape != self.at.shape or self.at.ndim != 1:
            raise InvalidFact(f"moments need two vectors of one length, got {self.shipment_ids.shape} and {self.at.shape}.")

    def __len__(self) -> int:
        return len(self.at)


def moment_of(shipment_id: str, at: datetime) -> Moments:
    """Give the single pair that serving asks for."""
    return Moments(np.array([shipment_id], dtype=object), np.array([micros(at)], dtype=np.int64))
