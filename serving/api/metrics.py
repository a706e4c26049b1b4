"""Count and measure, for Prometheus; labels never hold ids, tracking numbers or text from outside."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from serving.wiring import Wiring

__all__ = ["Metrics"]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """Hold the counters of one app, in a registry of its own."""

    def __init__(self, wiring: Wiring) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("doorcast_requests", "HTTP requests answered.", ["method", "route", "status"], registry=self.registry)
        self._seconds = Histogram("doorcast_request_seconds", "Time to answer.", ["route"], buckets=SECONDS, registry=self.registry)
        self._scans = Counter("doorcast_scans", "Scans received over HTTP, by what became of them.", ["result"], registry=self.registry)
        self._unmapped = Counter("doorcast_scans_unmapped", "Scans taken whose code nobody has mapped.", registry=self.registry)
        self._forecasts = Counter("doorcast_forecasts", "Forecasts made.", registry=self.registry)
        self._failures = Counter("doorcast_forecast_failures", "Shipments that the model could not forecast.", registry=self.registry)
        self._lookups = Counter("doorcast_lookups", "Tries of the look-up page, by the answer's form.", ["answer"], registry=self.registry)
        self._alarms = Counter("doorcast_lookup_alarms", "Patterns of enumeration seen.", ["pattern"], registry=self.registry)
        self.waiting = Gauge("doorcast_shipments_waiting", "Shipments that wait for a forecast, last seen.", registry=self.registry)
        self.streams = Gauge("doorcast_open_streams", "Streams of updates that are open.", registry=self.registry)
        loaded = Gauge("doorcast_model_loaded", "1 while a model serves.", registry=self.registry)
        loaded.set_function(lambda: float(wiring.model.version is not None))
        wiring.feed.subscribe(lambda _: self._forecasts.inc())

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is the template of the address."""
        self._requests.labels(method if method in METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def scan(self, result: str, *, unmapped: bool) -> None:
        """Count one received scan."""
        self._scans.labels(result).inc()
        if unmapped:
            self._unmapped.inc()

    def lookup(self, answer: str) -> None:
        """Count one try of the look-up page. Whether a mailed link found somebody is counted nowhere: this page of numbers is open."""
        self._lookups.labels(answer).inc()

    def alarm(self, pattern: str) -> None:
        """Count one pattern of enumeration; the label is one of `Alarm`."""
        self._alarms.labels(pattern).inc()

    def failed(self) -> None:
        """Count one shipment that the model could not forecast."""
        self._failures.inc()

    def text(self) -> bytes:
        """Give everything in the text format of Prometheus."""
        return generate_latest(self.registry)
