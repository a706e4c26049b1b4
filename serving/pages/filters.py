"""Read the filters of the operations room from its address, so that every view can be kept and sent as a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from data.domain.statuses import TERMINAL, Status
from data.storage.shipments import ShipmentSummary

__all__ = ["Filters", "read_filters"]

DEFAULT_LEAST_PERCENT = 20
MOST_ROWS, DEFAULT_ROWS = 500, 50


@dataclass(frozen=True, slots=True)
class Filters:
    """Hold what is asked for: least probability of being late in percent, carrier, stage, a part of an id, and how many rows."""

    least_percent: int = DEFAULT_LEAST_PERCENT
    carrier: str = ""
    status: str = ""
    search: str = ""
    rows: int = DEFAULT_ROWS

    def keep(self, summary: ShipmentSummary) -> bool:
        """Say whether a shipment is asked for."""
        if summary.late_probability is None or 100 * summary.late_probability < self.least_percent:
            return False
        if self.carrier and summary.carrier != self.carrier:
            return False
        if self.status and summary.status.value != self.status:
            return False
        named = (summary.shipment_id, summary.order_id, summary.tracking_number or "")
        return not self.search or any(self.search.casefold() in name.casefold() for name in named)

    @property
    def query(self) -> str:
        """Give the filters as the query of an address; what is usual is left out."""
        usual = Filters()
        asked = {"least": self.least_percent, "carrier": self.carrier, "status": self.status, "search": self.search, "rows": self.rows}
        plain = {"least": usual.least_percent, "carrier": "", "status": "", "search": "", "rows": usual.rows}
        return urlencode({name: value for name, value in asked.items() if value != plain[name]}, errors="replace")


def read_filters(query: Mapping[str, str]) -> Filters:
    """Read filters; what cannot be read counts as not given, because an old bookmark should still open."""
    status = query.get("status", "")
    open_stages = {stage.value for stage in Status if stage not in TERMINAL}
    return Filters(
        least_percent=whole(query.get("least", ""), DEFAULT_LEAST_PERCENT, 0, 100),
        carrier=query.get("carrier", "")[:100],
        status=status if status in open_stages else "",
        search=query.get("search", "")[:100].strip(),
        rows=whole(query.get("rows", ""), DEFAULT_ROWS, 1, MOST_ROWS),
    )


def whole(text: str, default: int, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        return default
    return min(most, max(least, int(text)))
