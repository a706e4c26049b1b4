"""Tell an open customer's page that something is new, as it happens."""

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from data.domain.updates import Update
from data.storage.tokens import TokenGrant
from serving.api.events import After, LastEventId
from serving.api.wired import Wired
from serving.live.event_stream import EventStream, position_of
from serving.schemas.updates import UpdateSign
from serving.wiring import Wiring

if TYPE_CHECKING:
    from serving.live.live import Live

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


def resolved(wiring: Wiring, token: str) -> TokenGrant:
    """Give what a token opens now; raises `NotFound` when it is wrong, expired or revoked."""
    return wiring.store.tokens.resolve(token, now=wiring.now())


async def followed(token: str, request: Request, wiring: Wired) -> AsyncIterator[EventStream]:
    grant = await run_in_threadpool(resolved, wiring, token)
    live: Live = request.app.state.live
    with live.opened(request, grant.shipment_id, link=token, still_allowed=partial(resolved, wiring, token), told=sign) as stream:
        yield stream


@router.get("/track/{token}/events", response_class=EventSourceResponse)
async def track_events(
    stream: Annotated[EventStream, Depends(followed)], last_event_id: LastEventId = None, after: After = None
) -> AsyncIterator[ServerSentEvent]:
    """Tell a page that there is something new; the page then fetches itself, by the rules of its link."""
    async for event in stream.events(position_of(last_event_id or after)):
        yield event


def sign(update: Update) -> UpdateSign:
    return UpdateSign(sequence=update.sequence, type=update.kind.value)
