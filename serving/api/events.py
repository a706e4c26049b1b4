"""Tell what is new about one shipment as it happens, as server-sent events."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from data.domain.updates import Update
from serving.api.keys import NeedsReading
from serving.api.openapi import problems
from serving.api.shipments import ShipmentId
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.live.event_stream import EventStream, position_of
from serving.schemas.updates import UpdateOut

if TYPE_CHECKING:
    from serving.live.live import Live

__all__ = ["After", "LastEventId", "router"]

router = APIRouter(prefix="/v1", tags=["shipments"], route_class=StrictRoute)

LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", max_length=100, description="Sequence number of the last update seen; goes before `after`.")
]
After = Annotated[str | None, Query(max_length=100, description="The same, for a first call.")]


async def followed(shipment_id: ShipmentId, request: Request, wiring: Wired, _: NeedsReading) -> AsyncIterator[EventStream]:
    await run_in_threadpool(wiring.store.shipments.summary, shipment_id)
    live: Live = request.app.state.live
    with live.opened(request, shipment_id, link=f"shipment {shipment_id}", still_allowed=lambda: None, told=envelope) as stream:
        yield stream


@router.get(
    "/shipments/{shipment_id}/events",
    response_class=EventSourceResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-sent events."},
        **problems(401, 403, 404, 422, 429, 503),
    },
)
async def events(
    stream: Annotated[EventStream, Depends(followed)], last_event_id: LastEventId = None, after: After = None
) -> AsyncIterator[ServerSentEvent]:
    """Tell what is new as it happens: messages with sequence, kind, shipment and both clocks, and the sequence as id.

    `ready` comes first. With a Last-Event-ID everything missed comes first, in order. `reset`: more was missed than is kept, read the shipment anew. `end`: the
    journey is over. The same right as for the ETA is needed. An update says that something is new, never what: read it where it stands.
    """
    async for event in stream.events(position_of(last_event_id or after)):
        yield event


def envelope(update: Update) -> UpdateOut:
    return UpdateOut(
        sequence=update.sequence,
        type=update.kind.value,
        shipment_id=update.shipment_id,
        occurred_at=update.occurred_at,
        recorded_at=update.recorded_at,
    )
