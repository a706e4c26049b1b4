"""Describe what the server says of itself."""

from typing import Literal

from pydantic import Field

from serving.schemas.wire import Answer

__all__ = ["Live", "ModelAnswer", "Ready"]


class Live(Answer):
    """Say that the process answers."""

    status: Literal["alive"]


class Ready(Answer):
    """Say that every part works."""

    status: Literal["ready"]
    database: Literal["reachable"]
    model_version: str


class ModelAnswer(Answer):
    """Name the model that serves."""

    model_version: str = Field(description="Every forecast names the version that made it.")
