"""Say what a chat or a mail program shows beside a link: title, sentence and picture (Open Graph, Twitter cards)."""

from maps.alt_text import alt_text
from maps.journey_page import JourneyPage

__all__ = ["link_preview"]

WIDTH, HEIGHT = "1200", "630"
"""Points of the picture of size ``link``."""


def link_preview(page: JourneyPage, *, address: str, picture: str, site: str = "Doorcast") -> tuple[tuple[str, str], ...]:
    """Give names and contents of the page's ``meta`` elements, in order.

    ``address`` and ``picture`` are absolute: programs that look a link up follow no other. All text is cleaned; the template escapes it.
    """
    described = page.detail or page.step_summary
    return (
        ("og:type", "website"),
        ("og:site_name", page.merchant or site),
        ("og:title", page.answer),
        ("og:description", described),
        ("og:url", address),
        ("og:image", picture),
        ("og:image:type", "image/png"),
        ("og:image:width", WIDTH),
        ("og:image:height", HEIGHT),
        ("og:image:alt", alt_text(page)),
        ("twitter:card", "summary_large_image"),
        ("twitter:title", page.answer),
        ("twitter:description", described),
        ("twitter:image", picture),
        ("twitter:image:alt", alt_text(page)),
    )
