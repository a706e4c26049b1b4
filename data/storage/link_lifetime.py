"""Say when a link ends that was issued without a date of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["LinkLifetime"]


@dataclass(frozen=True, slots=True)
class LinkLifetime:
    """Hold how long links live (30 days after the end is what UX practice asks for).

    ``after_end`` runs from the moment we *heard* that the shipment had ended, or from the issue where that was later: a carrier may
    report a delivery weeks afterwards, and a link made for an old parcel should open it. ``at_most`` runs from the issue and ends links of shipments
    whose end nobody ever reports.
    """

    after_end: timedelta = timedelta(days=30)
    at_most: timedelta = timedelta(days=180)

    def ends_at(self, issued_at: datetime, *, dated: datetime | None, ended_known_at: datetime | None) -> datetime:
        """Give the instant (UTC) from which on a link opens nothing; ``dated`` is its own date, which decides where there is one."""
        if dated is not None:
            return dated
        latest = issued_at + self.at_most
        if ended_known_at is None:
            return latest
        return min(latest, max(issued_at, ended_known_at) + self.after_end)
