"""Answer our own mistakes (500) as a problem document with a reference, inside the other layers: with headers, counted and logged."""

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import answer, problem_of

__all__ = ["Mistakes"]


class Mistakes:
    """Turn an exception that nobody expected into a problem document; its trace goes to the log only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started:  # too late to say anything else: the server cuts the connection
                raise
            request = Request(scope, receive)
            reference = scope.get("state", {}).get("request_id")
            structlog.get_logger("doorcast.errors").error("unexpected error", reference=reference, exc_info=error)
            await answer(request, problem_of(500, "", reference=reference))(scope, receive, send)
