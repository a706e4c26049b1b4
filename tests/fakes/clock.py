"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Give the same instant again and again."""

    def __init__(self, at: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **duration: float) -> None:
        self.at += timedelta(**duration)
