"""Describe customer links on the wire."""

from typing import Literal

from pydantic import Field

from serving.schemas.wire import Answer, Body, Instant

__all__ = ["Link", "LinkIn"]


class LinkIn(Body):
    """Ask for a customer's link."""

    scope: Literal["full", "status"] = Field(
        default="full", description="`status` shows no timeline words and no order contents: for links that are passed on."
    )
    expires_at: Instant | None = Field(default=None, description="Never by default.")


class Link(Answer):
    """Hold a customer's link; the token is shown this once and cannot be read again."""

    shipment_id: str
    token: str
    url: str
    scope: Literal["full", "status"]
    expires_at: Instant | None
