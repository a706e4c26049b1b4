"""Gather the pages: assets, logos, the customer's journey with its outputs and how it is found, the embedded one, the operations room."""

from fastapi import APIRouter

from serving.pages import assets, brand_logo, embed, find, open_link, operations, outputs, session, track, track_events

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
for room in (assets, brand_logo, find, open_link, track, track_events, outputs, embed, session, operations):
    router.include_router(room.router)
