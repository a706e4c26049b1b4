"""Write one line for each request, and count it. Addresses are written as templates: they hold tokens and ids."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.api.metrics import Metrics

__all__ = ["AccessLog"]


class AccessLog:
    """Measure every request around the whole app."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics
        self.log = structlog.get_logger("doorcast.access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", None) or "unmatched"
            self.metrics.answered(method=scope["method"], route=route, status=status, seconds=seconds)
            request_id = scope.get("state", {}).get("request_id")
            self.log.info(
                "request", method=scope["method"][:10], route=route, status=status, ms=round(seconds * 1e3, 2), request_id=request_id
            )
