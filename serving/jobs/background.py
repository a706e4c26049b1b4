"""Run what goes on beside the requests, in one thread: swap the model, tell it the news, forecast what waits."""

import threading
import time

import structlog

from serving.api.metrics import Metrics
from serving.jobs.forgetting import Forgetter
from serving.jobs.learning import Learner
from serving.jobs.reforecast import Reforecaster
from serving.places import by_postal_code
from serving.wiring import Wiring

__all__ = ["Background"]

MODEL_SECONDS = 2.0
"""How soon a promotion or rollback reaches this server; looking costs one small file."""
SWEEP_SECONDS = 30.0
"""How soon facts from outside this server (an import) get their forecasts; facts from requests wake the thread at once."""


class Background:
    """Hold the thread; `start` and `stop` belong to the app's lifespan."""

    def __init__(self, wiring: Wiring, metrics: Metrics) -> None:
        self._wiring = wiring
        self._reforecaster = Reforecaster(wiring, metrics)
        self._learner = Learner(wiring)
        self._forgetter = Forgetter(wiring)
        self._news = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._log = structlog.get_logger("doorcast.background")

    def start(self) -> None:
        """Begin."""
        self._ending.clear()
        self._thread = threading.Thread(target=self._run, name="doorcast-background", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the present step and end; what still waits is found again at the next start."""
        self._ending.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Say that there is news in the store."""
        self._news.set()

    def _run(self) -> None:
        by_postal_code()  # takes a second the first time: not in somebody's checkout
        swept_at = -SWEEP_SECONDS
        while not self._ending.is_set():
            try:
                swapped = self._wiring.model.refresh()
                self._learner.run_if_due()
                self._forgetter.run_if_due()
                self._wiring.habits.learn_if_due(self._wiring.store, now=self._wiring.now())
                news = self._news.is_set()
                self._news.clear()
                if news or swapped or time.monotonic() - swept_at >= SWEEP_SECONDS:
                    while self._reforecaster.run_once() and not self._ending.is_set():
                        pass
                    swept_at = time.monotonic()
            except Exception as error:  # noqa: BLE001 - the database may be away for a moment; this thread must outlive that
                self._log.error("background step failed", exc_info=error)
                self._ending.wait(MODEL_SECONDS)
            self._news.wait(MODEL_SECONDS)
