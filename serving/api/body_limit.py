"""Refuse bodies larger than 1 MiB, whether their length is declared or not.

FastAPI's own limit answers with plain text before our error table is asked, so this small layer takes its place.
"""

import anyio
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import Refusal, answer, problem_of

__all__ = ["LARGEST_BODY_BYTES", "BodyLimit"]

LARGEST_BODY_BYTES = 1024 * 1024
MOST_SWALLOWED_BYTES = 32 * 1024 * 1024
SWALLOWING_SECONDS = 5.0


async def swallowed(receive: Receive) -> None:
    """Read and forget the rest of a body, up to a limit.

    A client that is still sending when the connection closes gets a reset instead of the answer (measured with 10 MB).
    """
    read = 0
    with anyio.move_on_after(SWALLOWING_SECONDS):  # who declares a length and sends nothing gets the answer too
        while read <= MOST_SWALLOWED_BYTES:
            message = await receive()
            read += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body", False):
                return


class BodyLimit:
    """Answer 413, by the declared length or by counting; the rest of the body is read and forgotten so that the answer arrives."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and (len(declared) > 15 or int(declared) > LARGEST_BODY_BYTES):
            await swallowed(receive)
            problem = problem_of(413, f"the body of {declared[:15]} bytes is larger than {LARGEST_BODY_BYTES}")
            await answer(request, problem, {"Connection": "close"})(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY_BYTES:
                if message.get("more_body", False):
                    await swallowed(receive)
                raise Refusal(413, f"the body is larger than {LARGEST_BODY_BYTES} bytes", headers={"Connection": "close"})
            return message

        await self.app(scope, counted, send)
