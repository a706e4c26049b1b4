"""Refuse bodies larger than 1 MiB, whether their length is declared or not.

FastAPI's own limit answers with plain text before our error table is asked, so this small layer takes its place.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import Refusal, answer, problem_of

__all__ = ["LARGEST_BODY_BYTES", "BodyLimit"]

LARGEST_BODY_BYTES = 1024 * 1024


class BodyLimit:
    """Answer 413 at once for a declared length; stop reading where the length was not declared."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and (len(declared) > 15 or int(declared) > LARGEST_BODY_BYTES):
            problem = problem_of(413, f"the body of {declared[:15]} bytes is larger than {LARGEST_BODY_BYTES}")
            await answer(request, problem, {"Connection": "close"})(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY_BYTES:
                raise Refusal(413, f"the body is larger than {LARGEST_BODY_BYTES} bytes", headers={"Connection": "close"})
            return message

        await self.app(scope, counted, send)
