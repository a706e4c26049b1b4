"""Ask the model about shipments of the store, and keep every answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
import structlog

from data.domain.errors import NotTrained
from data.domain.forecasts import Forecast
from data.domain.journeys import as_seen
from data.domain.statuses import TERMINAL
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from data.storage.store import Store
from serving.still_open import Shown, mass_passed, still_open
from training.forecaster import Forecaster

if TYPE_CHECKING:
    from data.storage.shipments import ShipmentSummary
    from serving.wiring import Wiring

__all__ = ["current_forecast", "forecast_and_tell", "forecast_if_possible", "forecast_shipments", "stored_forecast"]

EXHAUSTED = 0.5
"""Share of a stored distribution that may pass before it is asked for anew: its 0.95 level still holds the p90 of what is left."""


def forecast_shipments(
    store: Store,
    forecaster: Forecaster,
    shipment_ids: Sequence[str],
    *,
    at: datetime,
    made_at: datetime | None = None,
    keep: bool = True,
) -> dict[str, Forecast]:
    """Forecast the shipments that are open at ``at`` from what was known then, and append the forecasts to the store.

    ``made_at`` (by default ``at``) is the moment of computing. With ``keep`` false nothing is stored: for looks into the past.
    Shipments that had ended or did not exist at ``at`` are left out. Raises `NotFound` for an unknown shipment.
    """
    facts = store.facts.read(shipment_ids=tuple(dict.fromkeys(shipment_ids)), received_before=at)
    ids = open_in(store, facts, at)
    if not ids:
        return {}
    moments = Moments(np.array(ids, dtype=object), np.full(len(ids), micros(at), dtype=np.int64))
    forecasts = forecaster.forecast(facts, moments, made_at=made_at or at)
    if keep:
        store.forecasts.append(forecasts)
    return {forecast.shipment_id: forecast for forecast in forecasts}


def open_in(store: Store, facts: Facts, at: datetime) -> list[str]:
    """Give the ids of the shipments in some facts that had not ended at ``at``; only those with a terminal scan are folded."""
    ends = [str(status) for status in TERMINAL]
    suspects = facts.scans.filter(pl.col("status").is_in(ends))["shipment_id"].unique().to_list()
    ended = {shipment_id for shipment_id in suspects if as_seen(store.scans.of(shipment_id), at).status in TERMINAL}
    return [shipment_id for shipment_id in facts.shipments["shipment_id"].to_list() if shipment_id not in ended]


def forecast_and_tell(wiring: "Wiring", shipment_ids: Sequence[str]) -> dict[str, Forecast]:
    """Forecast shipments from everything that is durable now, store the forecasts and tell the subscribers.

    Raises `NotTrained` when no model serves.
    """
    forecasts = forecast_shipments(
        wiring.store, wiring.model.current(), shipment_ids, at=wiring.seen_at(shipment_ids), made_at=wiring.now()
    )
    for forecast in forecasts.values():
        wiring.feed.tell(forecast)
    return forecasts


def stored_forecast(wiring: "Wiring", summary: "ShipmentSummary") -> Forecast | None:
    """Give the newest stored forecast while it may still be shown: one quick read."""
    stored = wiring.store.forecasts.latest([summary.shipment_id]).get(summary.shipment_id)
    fresh_for = timedelta(minutes=wiring.settings.forecast_fresh_minutes)
    return stored if stored is not None and knows_enough(stored, summary.last_heard_at, wiring.now(), fresh_for) else None


def current_forecast(wiring: "Wiring", summary: "ShipmentSummary", *, promised_at: datetime | None) -> Shown | None:
    """Give the forecast of an open shipment as it stands now; ``None`` when the shipment is not created yet or has just ended.

    The stored one is shown while it is younger than ``settings.forecast_fresh_minutes``, knows every scan and has enough of its
    distribution ahead; else the model is asked and its answer stored, once for all who ask at the same time. Asking the model is
    slow: call this off the event loop where `stored_forecast` has none. Raises `NotTrained` when none serves.
    """
    made = stored_forecast(wiring, summary)
    if made is None:
        with wiring.turns[hash(summary.shipment_id) % len(wiring.turns)]:
            made = stored_forecast(wiring, summary) or forecast_and_tell(wiring, [summary.shipment_id]).get(summary.shipment_id)
    return None if made is None else still_open(made, max(wiring.now(), made.as_of), promised_at=promised_at)


def knows_enough(stored: Forecast, heard_at: datetime | None, now: datetime, fresh_for: timedelta) -> bool:
    """Say whether a stored forecast may still be shown. What was heard "after now" (a clock that runs ahead) is not heard yet."""
    return (
        now - stored.as_of <= fresh_for
        and (heard_at is None or heard_at <= stored.as_of or heard_at > now)
        and mass_passed(stored, now) <= EXHAUSTED
    )


def forecast_if_possible(wiring: "Wiring", shipment_ids: Sequence[str]) -> Literal["made", "not_needed", "later"]:
    """Forecast shipments whose facts are durable; the facts stand whatever becomes of the forecast.

    ``later``: no model serves, or it failed (written to the log); the background makes the forecast, because the store shows that it is
    missing. ``not_needed``: all of them have ended or are not created yet.
    """
    try:
        return "made" if forecast_and_tell(wiring, shipment_ids) else "not_needed"
    except NotTrained:
        return "later"
    except Exception as error:  # noqa: BLE001 - the sender's facts are safe: a mistake of the model must not make them look refused
        structlog.get_logger("doorcast.forecasts").error("forecast failed", shipments=len(shipment_ids), exc_info=error)
        return "later"
