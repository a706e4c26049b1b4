"""Describe what the look-up form sends."""

from typing import Literal

from pydantic import Field

from serving.schemas.wire import Body, SafeStr, ShortStr

__all__ = ["FindIn"]


class FindIn(Body):
    """Hold a number, a second fact, and whether the journey shall open now or its link be mailed."""

    number: ShortStr
    fact: SafeStr = Field(max_length=254)
    errand: Literal["open", "mail"] = "open"
    ticket: ShortStr
