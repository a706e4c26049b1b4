"""Describe on the wire where the customer of an order is written to."""

from typing import Annotated

from pydantic import Field

from serving.schemas.wire import Body

__all__ = ["ContactIn", "Email", "Language"]

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_PATTERN = rf"^{ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+[A-Za-z]{{2,63}}$"
"""Dot-atoms of RFC 5322 at a host name with a dot: what every mail server takes. Quoted names, comments and IP literals are left out on purpose;
names of hosts beyond ASCII are sent in their `xn--` form."""

Email = Annotated[str, Field(max_length=254, pattern=EMAIL_PATTERN)]
"""E-mail address (254 characters at most: RFC 5321, erratum 1690)."""
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(?:-[A-Z]{2})?$")]
"""Language tag, such as `de` or `pt-BR`."""


class ContactIn(Body):
    """Hold the contact of an order. It is never given back by any endpoint."""

    email: Email
    language: Language | None = Field(default=None, description="Language of messages; by default that of the shop.")
