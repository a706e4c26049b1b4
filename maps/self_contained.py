"""Refuse a page that would make the reader's browser ask another host."""

import re
from collections.abc import Collection
from html.parser import HTMLParser

from data.domain.errors import NotAllowed

__all__ = ["self_contained"]

FOLLOWED = frozenset(
    {"src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "cite", "ping", "background", "manifest"}
)
"""Attributes whose value a browser may fetch or go to."""

FOREIGN_ADDRESS = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|,\s*(?:https?:)?//", re.IGNORECASE)
FOREIGN_STYLE = re.compile(r"(?:url\(\s*|@import\s+)[\"']?\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


class References(HTMLParser):
    """Collect the addresses of other hosts that stand where a browser follows them.

    The page is read as a browser reads it, because text from outside may look like a reference and must not be able to stop a page.
    """

    def __init__(self, links: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.links = links
        self.foreign: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of an element."""
        self.in_style = tag == "style"
        for name, value in attrs:
            allowed = tag == "a" and name == "href" and value in self.links
            followed = name in FOLLOWED and not allowed and FOREIGN_ADDRESS.search(value or "")
            styled = name == "style" and FOREIGN_STYLE.search(value or "")
            if followed or styled:
                self.foreign.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        if tag == "style":
            self.in_style = False

    def handle_data(self, data: str) -> None:
        """Look into a style sheet."""
        if self.in_style and (found := FOREIGN_STYLE.search(data)):
            self.foreign.append(data[found.start() : found.start() + 60])


def self_contained(html: str, *, links: Collection[str] = ()) -> str:
    """Give the page back, or raise `NotAllowed` when it names an address of another host where a browser would follow it.

    ``links`` are whole addresses that a reader may be led to by a click (the shop's help); nothing may ever be loaded from them.
    """
    if "//" not in html:  # no address of another host can be written without; reading the page takes ten times as long as this
        return html
    references = References(links)
    references.feed(html)
    references.close()
    if references.foreign:
        raise NotAllowed(f"the page refers to another host ({references.foreign[0][:80]!r}); serve the file from our own assets.")
    return html
