"""Render the journey page: as context for the server's template, and as one file that needs no server."""

import base64
import hashlib
import math
import re
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from maps.basemap import Bounds, clip
from maps.map_data import bounds_of, map_data
from maps.page_words import JourneyPage, page_words
from maps.picture import Picture, picture
from maps.safe_text import script_json
from maps.self_contained import self_contained
from maps.templating import environment, static_text
from maps.view import JourneyView

__all__ = ["JourneyContext", "journey_context", "standalone"]

STYLES = ("page.css", "journey.css", "map.css")
MOST_LAND_BYTES, MOST_TOWNS = 22_000, 140
"""Room for the basemap in a file that must stay under 250 KB; Leaflet alone takes 147."""

SCRIPTS = ("vendor/leaflet/leaflet.js", "journey-map.js", "journey-page.js")


@dataclass(frozen=True, slots=True)
class JourneyContext:
    """Hold what ``journey.html.jinja`` needs: the words, the still picture, the map's frame, the values it draws, and a mark of all that."""

    page: JourneyPage
    picture: Picture
    map_html: str
    map_script: str
    map_data: dict[str, Any]
    digest: str

    def as_dict(self) -> dict[str, Any]:
        """Give the context by name, without copying what is inside."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def journey_context(view: JourneyView) -> JourneyContext:
    """Give the context of a journey's page."""
    # folium and geopandas take a second to import; a server that draws no page yet need not wait for them.
    from maps.journey import journey_map_parts

    words = page_words(view)
    frame = journey_map_parts()
    drawn = map_data(view, words)
    return JourneyContext(words, picture(view), frame.html, frame.script, drawn, digest_of(words, drawn))


def digest_of(words: JourneyPage, drawn: dict[str, Any]) -> str:
    """Give a short mark of everything that is shown, save when it was checked: a page that asks for news compares it."""
    shown = repr(replace(words, checked="", checked_iso="")) + repr(drawn)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:16]


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
def land_around(bounds: Bounds) -> dict[str, Any]:
    """Give the basemap that a file carries: as fine as `MOST_LAND_BYTES` allow, with the largest towns."""
    carried = around(bounds)
    tolerance = (carried[1][0] - carried[0][0]) / 900
    while True:
        land = {**clip(carried, tolerance_degrees=tolerance), "bounds": carried}
        land["places"] = land["places"][:MOST_TOWNS]
        if len(script_json(land)) <= MOST_LAND_BYTES:
            return land
        tolerance *= 1.4


def standalone(view: JourneyView) -> str:
    """Give the journey as one HTML file: no server, no network; its policy lets only its own scripts run.

    The scripts are named in the policy by their SHA-256, so the file is the same each time and nothing else in it can run.
    """
    context = journey_context(view)
    scripts = [
        "\n".join(static_text(name) for name in SCRIPTS[:2]),
        f"window.doorcastDraw=function(){{{context.map_script}}};",
        static_text(SCRIPTS[2]),
    ]
    html = (
        environment()
        .get_template("standalone.html.jinja")
        .render(
            **context.as_dict(),
            styles="\n".join(slim(text) for text in (static_text("vendor/leaflet/leaflet.css"), *(static_text(name) for name in STYLES))),
            scripts=scripts,
            hashes=[base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts],
            basemap=land_around(bounds_of(view)),
        )
    )
    return self_contained(html)


def slim(css: str) -> str:
    """Give CSS without comments and indentation."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", bare)).replace(";}", "}").strip()
