"""Write answers: JSON by orjson, with finite numbers asserted."""

import math
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi.responses import JSONResponse

__all__ = ["FiniteJSON"]


def all_finite(content: object) -> bool:
    """Say whether every number inside is finite."""
    if isinstance(content, float):
        return math.isfinite(content)
    if isinstance(content, Mapping):
        return all(map(all_finite, content.values()))
    return all(map(all_finite, content)) if isinstance(content, list | tuple) else True


class FiniteJSON(JSONResponse):
    """Write JSON by orjson; raise `ValueError` for NaN and infinity, which orjson would write as null without a word."""

    def render(self, content: Any) -> bytes:
        """Give the bytes of the answer."""
        if not all_finite(content):
            raise ValueError("an answer holds NaN or infinity; unknown must be null on purpose.")
        return orjson.dumps(content)
