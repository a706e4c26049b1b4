"""Forecast the shipments that wait: those with news since their latest forecast, and those without one.

What waits is read from the store each time. A batch of scans, an import or a crash in the middle leave nothing to be remembered.
"""

from datetime import datetime, timedelta

import structlog

from data.domain.errors import NotTrained
from data.storage.waiting import waiting_for_forecast
from serving.api.metrics import Metrics
from serving.forecasting import forecast_and_tell
from serving.wiring import Wiring

__all__ = ["Reforecaster"]

BATCH = 256
RETRY_AFTER = timedelta(minutes=10)
"""A shipment that the model cannot forecast is left alone for so long."""


class Reforecaster:
    """Work off what waits, in batches."""

    def __init__(self, wiring: Wiring, metrics: Metrics) -> None:
        self._wiring, self._metrics = wiring, metrics
        self._failed: dict[str, datetime] = {}
        self._log = structlog.get_logger("doorcast.forecasts")

    def run_once(self) -> int:
        """Forecast one batch of what waits and give how many forecasts were made; 0 when nothing waits or no model serves."""
        now = self._wiring.now()
        self._failed = {key: at for key, at in self._failed.items() if now - at < RETRY_AFTER}
        found = waiting_for_forecast(self._wiring.store, now=now, limit=BATCH + len(self._failed))
        left_alone = self._wiring.watermark.writing() | set(self._failed)
        ids = [shipment_id for shipment_id in found if shipment_id not in left_alone][:BATCH]
        self._metrics.waiting.set(len(found))
        if not ids:
            return 0
        try:
            return len(forecast_and_tell(self._wiring, ids))
        except NotTrained:
            return 0
        except Exception as error:  # noqa: BLE001 - one shipment that breaks the model must not keep the others waiting
            self._log.error("batch failed, trying one by one", shipments=len(ids), exc_info=error)
            return sum(self._one(shipment_id) for shipment_id in ids)

    def _one(self, shipment_id: str) -> int:
        try:
            return len(forecast_and_tell(self._wiring, [shipment_id]))
        except Exception as error:  # noqa: BLE001 - noted and tried again later; see RETRY_AFTER
            self._failed[shipment_id] = self._wiring.now()
            self._metrics.failed()
            self._log.error("forecast failed", shipment_id=shipment_id, exc_info=error)
            return 0
