"""The one door to folium and branca: they get geometry and enumerated values, never text from outside.

branca 0.8 compiles rendered text as a Jinja template a second time, and folium writes strings into JavaScript template literals: text given to
them can run on the server and in the browser, however it is escaped. So text travels beside the map as a block of JSON (``maps.safe_text``)
and is written by ``textContent``. `SafeMap` also replaces folium's lists of foreign scripts by ours, for each instance.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

__all__ = ["ASSETS_CSS", "ASSETS_JS", "MapParts", "OurLayer", "SafeMap", "protect_branca"]

ASSETS_JS = (("leaflet", "/static/maps/vendor/leaflet/leaflet.js"), ("doorcast_map", "/static/maps/journey-map.js"))
ASSETS_CSS = (("leaflet_css", "/static/maps/vendor/leaflet/leaflet.css"), ("doorcast_map_css", "/static/maps/map.css"))


class RenderedText(Element):
    """Hold text that is already rendered and must never be compiled as a template again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: object) -> str:
        """Give the text as it is."""
        return self.text


def render_once(self: MacroElement, **kwargs: object) -> None:
    """Render an element's macros into its figure, each exactly once (branca's own method renders their result again)."""
    figure = self.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("this element stands in no figure; add it to a map first.")
    for part, target in (("header", figure.header), ("html", figure.html), ("script", figure.script)):
        macro = self._template.module.__dict__.get(part)
        if macro is not None:
            target.add_child(RenderedText(str(macro(self, kwargs))), name=self.get_name())
    for child in self._children.values():
        child.render(**kwargs)


@cache
def protect_branca() -> None:
    """Replace ``MacroElement.render`` by `render_once` for this process: a second defence behind giving no text at all."""
    MacroElement.render = render_once  # type: ignore[method-assign]  # branca has no other place to mend it


class OurLayer(MacroElement):
    """Draw the journey or the fleet that stands in a JSON block of the page, by our own script.

    ``drawer`` and ``block_id`` are constants of ours, never values from outside.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.drawer }}({{ this._parent.get_name() }}, {{ this.block_id|tojson }});{% endmacro %}"
    )

    def __init__(self, drawer: str, block_id: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is typed in part
        self._name, self._id = "OurLayer", "1"
        self.drawer, self.block_id = drawer, block_id


@dataclass(frozen=True, slots=True)
class MapParts:
    """Hold a rendered map for a page of ours: its element's ``html`` and the ``script`` that makes it."""

    html: str
    script: str


class SafeMap(folium.Map):
    """Be a folium map without tiles, without foreign scripts and with a fixed name, so that it renders the same each time.

    ``bounds`` is ((south, west), (north, east)).
    """

    def __init__(
        self, bounds: tuple[tuple[float, float], tuple[float, float]], *, name: str, label: str, prefer_canvas: bool = False
    ) -> None:
        protect_branca()
        (south, west), (north, east) = bounds
        super().__init__(
            location=((south + north) / 2, (west + east) / 2),
            zoom_start=4,
            tiles=None,
            zoom_control=False,
            prefer_canvas=prefer_canvas,
            attribution_control=False,
            world_copy_jump=False,
            zoom_snap=0.25,
            scroll_wheel_zoom=False,
        )
        self._name, self._id = "map", name
        self.label = label
        self.bounds_shown = [[south, west], [north, east]]
        self.default_js = list(ASSETS_JS)
        self.default_css = list(ASSETS_CSS)

    def parts(self) -> MapParts:
        """Render for a page of ours. folium's own header is left out: its viewport forbids zooming, its styles fill the window."""
        figure: Any = self.get_root()
        figure.header._children.clear()  # noqa: SLF001 - branca offers no other way to render a figure twice
        figure.html._children.clear()  # noqa: SLF001
        figure.script._children.clear()  # noqa: SLF001
        self.render()  # type: ignore[no-untyped-call]  # branca is typed in part
        html = "".join(child.render() for child in figure.html._children.values())  # noqa: SLF001
        script = "".join(child.render() for child in figure.script._children.values())  # noqa: SLF001
        return MapParts(html.strip(), "\n".join(line.strip() for line in script.splitlines() if line.strip()))
