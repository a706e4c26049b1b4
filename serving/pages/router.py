"""Gather the pages: assets, the customer's journey, the operations room."""

from fastapi import APIRouter

from serving.pages import assets, operations, session, track

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
for room in (assets, track, session, operations):
    router.include_router(room.router)
