"""Gather what the operations room shows, as plain values and ready words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from data.domain.forecasts import Forecast
from data.domain.statuses import TERMINAL, Status
from data.storage.shipments import ShipmentSummary
from data.storage.store import Store
from maps.fleet import FleetPoint, fleet_data
from maps.safe_text import clean
from maps.standing import MAY_BE_LATE
from maps.times import ago_words, duration_words, short_words, zone_words
from maps.words import REASON_WORDS, STATUS_WORDS, shift_words
from serving.pages.filters import Filters
from serving.pages.ops_strip import Tile, tiles

__all__ = ["OpsPage", "OpsRow", "ops_page"]

MOST_SHIPMENTS = 20_000
"""Open shipments that are looked at for one page; the count of all stays exact."""


@dataclass(frozen=True, slots=True)
class OpsRow:
    """Hold one shipment of the queue, in words; text from outside is cleaned. ``address`` is its customer view."""

    shipment_id: str
    address: str
    order: str
    carrier: str
    status: str
    destination: str
    promise: str
    p50: str
    p90: str
    zone: str
    late_percent: int
    mood: str
    reason: str
    heard: str


@dataclass(frozen=True, slots=True)
class OpsPage:
    """Hold the operations room: tiles, queue, filters and what may be chosen in them, and the packed map."""

    tiles: tuple[Tile, ...]
    rows: tuple[OpsRow, ...]
    found: int
    filters: Filters
    query: str
    carriers: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]
    fleet: dict[str, Any]
    on_map: int
    checked: str


def ops_page(store: Store, *, now: datetime, filters: Filters, model_version: str | None) -> OpsPage:
    """Read the store and give the room as it stands at ``now`` (UTC)."""
    summaries = store.shipments.at_risk(MOST_SHIPMENTS)
    kept = [summary for summary in summaries if filters.keep(summary)]
    shown = kept[: filters.rows]
    forecasts = store.forecasts.latest([summary.shipment_id for summary in shown])
    placed = [FleetPoint(s.lat, s.lon, s.late_probability) for s in kept if s.lat is not None and s.lon is not None]
    return OpsPage(
        tiles=tiles(store, summaries, now, model_version),
        rows=tuple(row(summary, forecasts.get(summary.shipment_id), now) for summary in shown),
        found=len(kept),
        filters=filters,
        query=filters.query,
        carriers=tuple(sorted({summary.carrier for summary in summaries})),
        statuses=tuple((status.value, STATUS_WORDS[status]) for status in Status if status not in TERMINAL),
        fleet=fleet_data(placed),
        on_map=len(placed),
        checked=short_words(now, None),
    )


def row(summary: ShipmentSummary, forecast: Forecast | None, now: datetime) -> OpsRow:
    """Give one line of the queue."""
    zone = summary.destination_timezone
    late = summary.late_probability or 0.0
    return OpsRow(
        shipment_id=clean(summary.shipment_id, longest=40) or "unknown",
        address=f"/ops/journey/{quote(summary.shipment_id, safe='', errors='replace')}",
        order=clean(summary.order_id, longest=40) or "unknown",
        carrier=", ".join(part for part in (clean(summary.carrier, longest=30), clean(summary.service, longest=30)) if part),
        status=STATUS_WORDS[summary.status],
        destination=clean(summary.destination_city, longest=40) or "not known",
        promise=short_words(summary.promised_at, zone) if summary.promised_at else "none",
        p50=short_words(summary.p50, zone) if summary.p50 else "not forecast",
        p90=short_words(summary.p90, zone) if summary.p90 else "not forecast",
        zone=zone_words(zone),
        late_percent=round(100 * late),
        mood="trouble" if late >= MAY_BE_LATE else "wait" if late >= 0.2 else "good",
        reason=top_reason(forecast),
        heard=ago_words(summary.last_heard_at, now) if summary.last_heard_at else "never",
    )


def top_reason(forecast: Forecast | None) -> str:
    """Give the reason that adds most hours."""
    adding = [reason for reason in (forecast.reasons if forecast else ()) if reason.hours > 0 and reason.code in REASON_WORDS]
    if not adding:
        return "no single cause"
    top = max(adding, key=lambda reason: reason.hours)
    return f"{REASON_WORDS[top.code]}: {shift_words(top.hours, duration_words(top.hours))}"
