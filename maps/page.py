"""Render the journey page: as context for the server's template, and as one file that needs no server."""

import base64
import hashlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from maps.basemap import Bounds, clip
from maps.brand import NO_BRAND, Brand
from maps.journey_page import JourneyPage
from maps.language import ENGLISH, Language, message
from maps.map_data import bounds_of, map_data
from maps.map_words import MapWords, map_words
from maps.order_view import OrderView
from maps.page_words import page_words
from maps.picture import Picture, picture
from maps.safe_text import script_json
from maps.self_contained import self_contained
from maps.templating import environment, static_text
from maps.view import JourneyView

__all__ = ["JourneyContext", "journey_context", "standalone"]

STYLES = ("page.css", "journey.css", "map.css")
MOST_FILE_BYTES = 248_000
MOST_LAND_BYTES, LEAST_LAND_BYTES, MOST_TOWNS = 22_000, 5_000, 140
"""A file must stay under 250 KB, and Leaflet alone takes 147: the basemap gets what the journey leaves, within these bounds."""

LINK_WORDS: dict[str, str] = {
    "calendar": message("Add to calendar"),
    "picture": message("Picture of the journey"),
    "drawing": message("Picture as SVG"),
    "file": message("Save as a file"),
}
"""Words of the small buttons under the answer; a name that is not listed is shown as it is."""

SCRIPTS = ("vendor/leaflet/leaflet.js", "journey-map.js", "journey-playback.js", "journey-page.js")


@dataclass(frozen=True, slots=True)
class JourneyContext:
    """Hold what ``journey.html.jinja`` needs: the words, the still picture, the map's frame, the values it draws, and a mark of all that.

    ``say`` and ``bold`` speak the page's language in the template; ``links`` are small buttons by name (``calendar``, ``picture``).
    """

    page: JourneyPage
    picture: Picture
    map_html: str
    map_script: str
    map_words: MapWords
    map_data: dict[str, Any]
    digest: str
    language: Language
    say: Callable[..., str]
    bold: Callable[..., tuple[str, str, str]]
    brand: Brand
    links: Mapping[str, str]
    link_words: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Give the context by name, without copying what is inside."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def journey_context(
    view: JourneyView,
    *,
    language: Language = ENGLISH,
    brand: Brand = NO_BRAND,
    order_complete: OrderView | None = None,
    links: Mapping[str, str] | None = None,
) -> JourneyContext:
    """Give the context of a journey's page, in a language and in a shop's own look."""
    # folium and geopandas take a second to import; a server that draws no page yet need not wait for them.
    from maps.journey import journey_map_parts

    words = page_words(view, language=language, brand=brand, order_complete=order_complete)
    frame = journey_map_parts()
    on_map = map_words(view, language=language)
    bounds = bounds_of(view)
    drawn = map_data(view, words, on_map, bounds=bounds)
    return JourneyContext(
        page=words,
        picture=picture(view, bounds=bounds),
        map_html=frame.html,
        map_script=frame.script,
        map_words=on_map,
        map_data=drawn,
        digest=digest_of(words, drawn),
        language=language,
        say=language.say,
        bold=language.bold,
        brand=brand,
        links=links or {},
        link_words=LINK_WORDS,
    )


def digest_of(words: JourneyPage, drawn: dict[str, Any]) -> str:
    """Give a short mark of everything that is shown, save when it was checked: a page that asks for news compares it."""
    shown = (replace(words, checked="", checked_iso=""), {**drawn, "now": 0, "moves": []})
    return hashlib.sha256(orjson.dumps(shown)).hexdigest()[:16]


def around(bounds: Bounds) -> Bounds:
    """Give the wider, squarer part of the globe that a file carries: a frame of any shape shows no edge of it."""
    (south, west), (north, east) = bounds
    stretch = math.cos(math.radians((south + north) / 2))  # a degree of longitude is this much shorter than one of latitude
    half = 0.85 * max(north - south, (east - west) * stretch)
    lat, lon = (south + north) / 2, (west + east) / 2
    return (max(-85.0, lat - half), max(-180.0, lon - half / stretch * 1.25)), (
        min(85.0, lat + half),
        min(180.0, lon + half / stretch * 1.25),
    )


@lru_cache(maxsize=64)
def land_around(bounds: Bounds, most_bytes: int) -> dict[str, Any]:
    """Give the basemap that a file carries: as fine as ``most_bytes`` allow, with the largest towns."""
    carried = around(bounds)
    tolerance = (carried[1][0] - carried[0][0]) / 900
    while True:
        land = {**clip(carried, tolerance_degrees=tolerance), "bounds": carried}
        land["places"] = land["places"][: MOST_TOWNS * most_bytes // MOST_LAND_BYTES]
        if len(script_json(land)) <= most_bytes:
            return land
        tolerance *= 1.4


def standalone(
    view: JourneyView,
    *,
    language: Language = ENGLISH,
    brand: Brand = NO_BRAND,
    order_complete: OrderView | None = None,
    templates: tuple[Path, ...] = (),
) -> str:
    """Give the journey as one HTML file: no server, no network; its policy lets only its own scripts run.

    The scripts are named in the policy by their SHA-256, so the file is the same each time and nothing else in it can run. A logo must
    be a ``data:`` address here; ``templates`` are folders of an operator, looked into before our own.
    """
    context = journey_context(view, language=language, brand=brand, order_complete=order_complete)
    scripts = [
        "\n".join(slim_script(static_text(name)) for name in SCRIPTS[:-1]),
        f"window.doorcastDraw=function(){{{context.map_script}}};",
        slim_script(static_text(SCRIPTS[-1])),
    ]
    template = environment(templates).get_template("standalone.html.jinja")
    styles = "\n".join(slim(text) for text in (static_text("vendor/leaflet/leaflet.css"), *(static_text(name) for name in STYLES)))
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]

    def written(land: dict[str, Any]) -> str:
        # A file has no server that could give its picture or calendar entry, so it has no links.
        return template.render({**context.as_dict(), "styles": styles, "scripts": scripts, "hashes": hashes, "basemap": land, "links": {}})

    room = MOST_FILE_BYTES - len(written({}).encode())
    # Whole steps, so that journeys over the same land share one piece of it.
    html = written(land_around(bounds_of(view), max(LEAST_LAND_BYTES, min(MOST_LAND_BYTES, room // 1000 * 1000))))
    return self_contained(html, links=brand.links)


def slim(css: str) -> str:
    """Give CSS without comments and indentation."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", bare)).replace(";}", "}").strip()


def slim_script(script: str) -> str:
    """Give one of our scripts without the lines that are comments and without indentation; strings and code stay as they are."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
