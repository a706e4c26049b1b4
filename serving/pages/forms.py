"""Read the forms of public pages: small, URL-encoded, and sent by our own page."""

from urllib.parse import parse_qs

from fastapi import Request

__all__ = ["LONGEST_FORM_BYTES", "from_our_page", "read_form"]

LONGEST_FORM_BYTES = 4096
MOST_FIELDS = 8


async def read_form(request: Request) -> dict[str, str]:
    """Give the first value of each field without spaces around it; nothing for a body that is too long, or is no such form."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if media_type != "application/x-www-form-urlencoded" or len(body) > LONGEST_FORM_BYTES:
        return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:  # more fields than any form of ours has
        return {}
    return {name: values[0].strip() for name, values in fields.items()}


def from_our_page(request: Request) -> bool:
    """Say whether the browser says that our own page sent the form; what sends no such header is no browser of today.

    ``Origin`` cannot be used: under ``Referrer-Policy: no-referrer`` browsers send ``null``.
    """
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
