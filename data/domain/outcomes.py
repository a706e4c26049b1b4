"""Describe how a shipment ended, and since when we know."""

from dataclasses import dataclass
from datetime import datetime

from data.domain.statuses import Status

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold the end of a shipment: a terminal ``status`` at ``occurred_at``, heard at ``known_at`` (both UTC)."""

    shipment_id: str
    status: Status
    occurred_at: datetime
    known_at: datetime
