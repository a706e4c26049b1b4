"""Tell subscribers inside this process of every forecast that was stored."""

import threading
from collections.abc import Callable

from data.domain.forecasts import Forecast

__all__ = ["ForecastFeed"]

Listener = Callable[[Forecast], None]


class ForecastFeed:
    """Call every listener once for each stored forecast, in the thread that stored it."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the result takes it away again."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return leave

    def tell(self, forecast: Forecast) -> None:
        """Tell all listeners; they must be quick and must not raise."""
        for listener in self._listeners:
            listener(forecast)
