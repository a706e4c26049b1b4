"""Hand the wiring of the app to its routes."""

from typing import Annotated

from fastapi import Depends, Request

from serving.wiring import Wiring

__all__ = ["Wired", "wiring_of"]


def wiring_of(request: Request) -> Wiring:
    """Give what the app of a request works with."""
    wiring: Wiring = request.app.state.wiring
    return wiring


Wired = Annotated[Wiring, Depends(wiring_of)]
"""Parameter of a route: the wiring of its app."""
