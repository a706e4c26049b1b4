"""Give the pages of the look-up in the reader's language and the operator's brand: before a journey is open, nobody knows its shop."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import Request, Response

from serving.pages.find_words import wording
from serving.pages.lasting import lasting
from serving.pages.reader import asked_on, reader_language, speaking
from serving.pages.rendering import render
from serving.wiring import Wiring

__all__ = ["lookup_page"]


def lookup_page(request: Request, wiring: Wiring, template: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
    """Give a page whose template says ``words(name)``, ``lasting(seconds)`` and leads back to ``look_up``."""
    brand = wiring.brands.default
    language = reader_language(request, brand)
    said = {"words": wording(language), "lasting": partial(lasting, language=language), "look_up": asked_on(request, "/track")}
    return render(request, template, {**speaking(language, brand), **said, **context}, status=status)
