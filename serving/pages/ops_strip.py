"""Count what stands on top of the operations room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.domain.statuses import Status
from data.storage.shipments import ShipmentSummary
from data.storage.store import Store
from maps.safe_text import clean
from maps.standing import MAY_BE_LATE

__all__ = ["Tile", "tiles"]

STALLED_HOURS = 48.0
"""Hours without a scan from which a shipment counts as stalled: a weekend in a depot, and longer than any planned leg."""
LOOKED_BACK = 100
"""Newest deliveries that coverage and kept promises are counted over."""
TARGET_COVERAGE = 0.8


@dataclass(frozen=True, slots=True)
class Tile:
    """Hold one number of the top strip; ``mood`` is ``plain``, ``good``, ``wait`` or ``trouble``."""

    label: str
    value: str
    note: str
    mood: str


def tiles(store: Store, summaries: Sequence[ShipmentSummary], now: datetime, model_version: str | None) -> tuple[Tile, ...]:
    active = len(store.shipments.open_ids())
    at_risk = sum((summary.late_probability or 0.0) >= MAY_BE_LATE for summary in summaries)
    stalled = sum(
        summary.last_heard_at is not None and now - summary.last_heard_at > timedelta(hours=STALLED_HOURS) for summary in summaries
    )
    return (
        Tile("Active", f"{active:,}", "shipments on their way", "plain"),
        Tile("At risk", f"{at_risk:,}", "more likely late than not", "trouble" if at_risk else "good"),
        Tile("Stalled", f"{stalled:,}", f"no scan for {STALLED_HOURS:.0f} hours", "wait" if stalled else "good"),
        *looked_back(store),
        Tile("Model", clean(model_version, longest=30) or "none", "serves now" if model_version else "run doorcast train", "plain"),
    )


def looked_back(store: Store) -> tuple[Tile, ...]:
    """Give kept promises and coverage over the newest deliveries.

    Coverage asks of each delivery whether it fell into the window that stood a day before (the first window, where none is that old).
    """
    delivered = [summary for summary in store.shipments.list(limit=LOOKED_BACK, status=Status.DELIVERED) if summary.status_since]
    promised = [summary for summary in delivered if summary.promised_at]
    kept = sum(s.status_since <= s.promised_at for s in promised if s.status_since and s.promised_at)
    judged = [inside for summary in delivered if (inside := in_window(store, summary)) is not None]
    found = []
    if promised:
        share = kept / len(promised)
        mood = "good" if share >= 0.9 else "wait" if share >= 0.75 else "trouble"
        found.append(Tile("Promises kept", f"{share:.0%}", f"of the last {len(promised)} deliveries", mood))
    if judged:
        share = sum(judged) / len(judged)
        mood = "good" if abs(share - TARGET_COVERAGE) <= 0.1 else "wait"
        found.append(Tile("In the window", f"{share:.0%}", f"of {len(judged)}; target {TARGET_COVERAGE:.0%}", mood))
    return tuple(found)


def in_window(store: Store, summary: ShipmentSummary) -> bool | None:
    at = summary.status_since
    history = [forecast for forecast in store.forecasts.history(summary.shipment_id) if at is not None and forecast.as_of < at]
    if not history or at is None:
        return None
    day_before = [forecast for forecast in history if at - forecast.as_of >= timedelta(hours=24)]
    judged = day_before[-1] if day_before else history[0]
    return judged.window.start <= at <= judged.window.end
