"""Move instants between the database (int microseconds since 1970 UTC) and the domain (aware datetimes in UTC)."""

from datetime import UTC, datetime, timedelta

from data.facts.moments import micros

__all__ = ["from_micros", "from_micros_or_none", "micros_or_none"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_micros(value: int) -> datetime:
    """Give the exact instant; a float timestamp would lose microseconds."""
    return EPOCH + timedelta(microseconds=value)


def from_micros_or_none(value: int | None) -> datetime | None:
    """Do as `from_micros`, and let ``None`` through."""
    return None if value is None else from_micros(value)


def micros_or_none(instant: datetime | None) -> int | None:
    """Give an instant as microseconds, and let ``None`` through."""
    return None if instant is None else micros(instant)
