"""Keep and forget where the customer of an order is written to; no endpoint gives it back."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from data.storage.contacts import Contact
from serving.api.keys import NeedsWrite
from serving.api.openapi import BODY, problems
from serving.api.strict_json import StrictRoute
from serving.api.wired import Wired
from serving.schemas.contacts import ContactIn
from serving.schemas.wire import PathId

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["shipments"], route_class=StrictRoute)

OrderId = Annotated[PathId, Path(description="Id of an order.")]


@router.put("/orders/{order_id}/contact", status_code=204, response_class=Response, responses=problems(*BODY, 401, 403, 404))
async def set_contact(order_id: OrderId, body: ContactIn, wiring: Wired, _: NeedsWrite) -> None:
    """Keep the e-mail address of an order's customer, in place of an earlier one. Needs the scope `write`.

    It is used to compare (a keyed digest) and to send links; no endpoint, page, log or export gives it back.
    """
    contact = Contact(body.email, wiring.digests.email(body.email), body.language)
    await run_in_threadpool(wiring.store.contacts.set, order_id, contact)


@router.delete("/orders/{order_id}/contact", status_code=204, response_class=Response, responses=problems(401, 403, 404, 422))
async def delete_contact(order_id: OrderId, wiring: Wired, _: NeedsWrite) -> None:
    """Forget the contact of an order; the same answer where there was none. Needs the scope `write`."""
    await run_in_threadpool(wiring.store.contacts.delete, order_id)
