"""Show a model card as one HTML page that needs nothing else: pictures inside, no script, no address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["card_page"]

TITLES = {
    "calibration": "Is the distribution right?",
    "coverage": "Do the windows hold?",
    "error": "How far off, and how near the door?",
    "risk": "Is the delay risk right?",
}


def card_page(card: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """Give the page. All text is escaped; only the pictures, which we drew ourselves, go in as they are."""
    environment = Environment(loader=PackageLoader("training.card", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["hours"] = lambda value: f"{value:,.1f}"
    environment.filters["share"] = lambda value: "n/a" if value is None else f"{value:.1%}"
    environment.filters["number"] = lambda value: "n/a" if value is None else f"{value:.3f}"
    environment.filters["instant"] = lambda value: "all of it" if value is None else f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M} UTC"
    drawn = [(TITLES[name], card["words"][name], svg_of(pictures[f"{name}.svg"])) for name in TITLES]
    return environment.get_template("page.html").render(card=card, scores=card["evaluation"], drawn=drawn).encode()


def svg_of(picture: bytes) -> Markup:
    """Give the <svg> element without the XML head, which has no place inside HTML."""
    text = picture.decode()
    return Markup(text[text.index("<svg") :])  # noqa: S704 - drawn by pictures.py from sanitised labels
