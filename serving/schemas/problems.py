"""Describe what an error looks like on the wire: a problem document (RFC 9457)."""

from pydantic import Field

from serving.schemas.wire import Answer

__all__ = ["ProblemDocument", "ProblemPart"]


class ProblemPart(Answer):
    """Say what is wrong with one part of a request."""

    pointer: str | None = Field(default=None, description="JSON pointer into the body (RFC 6901, as a fragment).")
    parameter: str | None = Field(default=None, description="Name of a parameter of the path, query or header.")
    detail: str = Field(description="The value, cut short, and the rule that it breaks.")


class ProblemDocument(Answer):
    """Say what went wrong, in the form of RFC 9457."""

    type: str = Field(description="Kind of problem: `urn:doorcast:problem:…`.")
    title: str = Field(description="The kind in words; the same for every occurrence.")
    status: int = Field(ge=400, le=599, description="HTTP status.")
    detail: str = Field(description="This occurrence: value, rule and next step.")
    errors: list[ProblemPart] | None = Field(default=None, description="The first 20 parts of the request that break a rule.")
    reference: str | None = Field(default=None, description="Names this occurrence in the log (status 500).")
