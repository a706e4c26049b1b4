"""Let simulated time run faster than the clock on the wall."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["DemoClock"]


@dataclass(frozen=True)
class DemoClock:
    """Give the simulated present (UTC): it starts at ``starts_at`` and runs ``speed`` times as fast as ``monotonic`` seconds."""

    starts_at: datetime
    speed: float
    monotonic: Callable[[], float] = time.monotonic
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.starts_at + timedelta(seconds=(self.monotonic() - self.began) * self.speed)
