"""Describe the API: OpenAPI 3.1 with our problem documents instead of FastAPI's own error schema."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.errors import KINDS
from serving.schemas.problems import ProblemDocument

__all__ = ["BODY", "describe", "problems"]

BODY = (400, 413, 415, 422)
"""What can be wrong with any JSON body."""

Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """Give the documentation of the problems that a route may answer with; 500 is always among them."""
    return {status: problem(status) for status in sorted({*statuses, 500})}


def problem(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": KINDS[status].title,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "How to authenticate."}}
    if status == 503:
        described["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}}
    return described


def describe(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Give the function that makes the schema of an app, once."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, summary=app.summary, openapi_version="3.1.0", routes=app.routes)
            schemas = made["components"]["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            own = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
            schemas.update(own.pop("$defs", {}))
            schemas["ProblemDocument"] = own
            made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
            app.openapi_schema = made
        return app.openapi_schema

    return schema
