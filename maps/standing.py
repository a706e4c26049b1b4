"""Say how a shipment stands against the shop's promise; the one place with these thresholds."""

from datetime import datetime

from data.domain.statuses import OnTimeStatus

__all__ = ["MAY_BE_LATE", "standing"]

MAY_BE_LATE = 0.5
"""Probability of missing the promise from which a shipment counts as trending late: more likely late than not."""


def standing(
    promised_at: datetime, *, delivered_at: datetime | None, seen_at: datetime, late_probability: float | None, ended: bool
) -> OnTimeStatus:
    """Judge a shipment against its promise: by what happened once it has happened, by the forecast before.

    A shipment that ended without delivery (returned, lost, cancelled) has no standing.
    """
    if delivered_at is not None:
        return OnTimeStatus.ON_TIME if delivered_at <= promised_at else OnTimeStatus.LATE
    if ended:
        return OnTimeStatus.UNKNOWN
    if seen_at > promised_at:
        return OnTimeStatus.LATE
    if late_probability is None:
        return OnTimeStatus.UNKNOWN
    return OnTimeStatus.TRENDING_LATE if late_probability >= MAY_BE_LATE else OnTimeStatus.ON_TIME
