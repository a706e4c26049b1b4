"""Count the tries of a visitor before anything is looked up."""

import structlog
from fastapi import Request

from serving.api.metrics import Metrics
from serving.errors import Refusal
from serving.finding.limiting import Errand
from serving.finding.networks import network_of_request
from serving.wiring import Wiring

__all__ = ["count_answer", "count_try", "wants_page"]


def count_try(request: Request, wiring: Wiring, errand: Errand, number_digest: str = "") -> int | None:
    """Count a try and give the seconds to wait where there were too many; raises a `Refusal` (429) for a machine.

    A pattern of enumeration is logged with its network and without any number.
    """
    network = network_of_request(request, wiring.settings.trusted_proxies)
    verdict = wiring.limiter.count(errand, network=network, number_digest=number_digest)
    if verdict.alarm is not None:
        structlog.get_logger("doorcast.finding").warning("enumeration", pattern=verdict.alarm.value, network=network)
        metrics_of(request).alarm(verdict.alarm.value)
    seconds = verdict.retry_after_seconds
    if seconds is not None:
        count_answer(request, "limited")
        if not wants_page(request):
            raise Refusal(429, "too many tries for this number or from this network", headers={"Retry-After": str(seconds)})
    return seconds


def count_answer(request: Request, answer: str) -> None:
    """Count one answer by its form: what anybody sees who asks, so that the open page of metrics tells nothing more."""
    metrics_of(request).lookup(answer)


def wants_page(request: Request) -> bool:
    """Say whether a browser asks."""
    return "text/html" in request.headers.get("accept", "")


def metrics_of(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics
