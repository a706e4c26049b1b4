"""Describe customer links on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from serving.schemas.wire import Answer, Body, Instant

__all__ = ["Link", "LinkIn", "LinkLine", "Links", "TokenId"]

TokenId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Id of a link: the SHA-256 of its token. It names the link and opens nothing."""


class LinkIn(Body):
    """Ask for a customer's link."""

    scope: Literal["full", "status"] = Field(
        default="full", description="`status` shows no timeline words and no order contents: for links that are passed on."
    )
    expires_at: Instant | None = Field(
        default=None, description="By default the link ends by itself: 30 days after we hear that the shipment has ended."
    )


class Link(Answer):
    """Hold a customer's link; the token is shown this once and cannot be read again."""

    shipment_id: str
    token: str
    url: str
    scope: Literal["full", "status"]
    expires_at: Instant | None = Field(description="Null: 30 days after we hear that the shipment has ended.")


class LinkLine(Answer):
    """Hold what is known of an issued link; never its token."""

    token_id: TokenId
    scope: str
    issued_at: Instant
    expires_at: Instant = Field(description="As far as is known now: it moves when the shipment ends, unless it was set.")
    revoked_at: Instant | None
    state: Literal["open", "expired", "revoked"]


class Links(Answer):
    """List the links of a shipment, newest issued first."""

    shipment_id: str
    links: list[LinkLine]
