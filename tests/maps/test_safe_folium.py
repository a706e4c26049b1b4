"""folium and branca get geometry and enumerated values; text never enters them."""

import ast
from pathlib import Path

import folium
import pytest
from branca.element import MacroElement
from folium.template import Template

import maps
from maps.fleet import fleet_map_parts
from maps.journey import JOURNEY_BLOCK, journey_frame, journey_map, journey_map_parts
from maps.safe_folium import ASSETS_JS, SafeMap, protect_branca
from tests.maps.hostile import HOSTILE, SUMS, poisoned
from tests.maps.journeys import stages

ROOT = Path(maps.__file__).parents[1]
FORBIDDEN = {"Popup", "Tooltip", "Html", "Element", "DivIcon", "GeoJson", "GeoJsonPopup", "GeoJsonTooltip", "Marker", "JsCode"}


def test_only_the_safe_module_makes_elements():
    """No other module of ours imports folium or branca, or calls a class that takes text."""
    for path in sorted((ROOT / "maps").rglob("*.py")) + sorted((ROOT / "serving").rglob("*.py")):
        if path.name == "safe_folium.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if ast.unparse(node.func) == "ET.Element":  # of the standard library's XML, not of branca
                    continue
                assert name not in FORBIDDEN, f"{path}:{node.lineno} calls {name}("
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert not {"folium", "branca"} & {name.split(".")[0] for name in names}, f"{path}:{node.lineno} imports folium"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_the_map_does_not_depend_on_text(text):
    """A poisoned journey renders the same map as an honest one: no word of it reaches folium."""
    honest = journey_map(stages()["moving"]).parts()

    assert journey_map(poisoned(stages()["moving"], text)).parts() == honest


def test_the_frame_of_a_map_is_small_and_constant():
    """The shared frame names its block, our drawer, and nothing foreign."""
    for parts, drawer in ((journey_map_parts(), "drawJourney"), (fleet_map_parts(), "drawFleet")):
        assert drawer in parts.script
        assert len(parts.script) < 1000
        assert "http" not in parts.script + parts.html
    assert JOURNEY_BLOCK in journey_map_parts().script


def test_foreign_scripts_are_replaced_for_each_instance():
    """Our maps name our own files; folium's shared lists stay as they are for others."""
    ours = SafeMap(((0, 0), (1, 1)), name="a", label="a")

    assert ours.default_js == list(ASSETS_JS)
    assert ours.default_js is not SafeMap(((0, 0), (1, 1)), name="b", label="b").default_js
    assert all(address.startswith("/static/") for _, address in ours.default_js + ours.default_css)
    assert folium.Map.default_js[0][1].startswith("https://")


class Careless(MacroElement):
    """Be an element of somebody else, who puts text into a template."""

    _template = Template("{% macro script(this, kwargs) %}/* {{ this.text }} */{% endmacro %}")

    def __init__(self, text):
        super().__init__()
        self._name = "Careless"
        self.text = text


@pytest.mark.parametrize("text", [text for text in HOSTILE if "1337" in text])
def test_branca_renders_only_once(text):
    """Even a careless element added by somebody else is not compiled a second time on the server."""
    protect_branca()
    made = SafeMap(((0, 0), (1, 1)), name="a", label="a")
    made.add_child(Careless(text))

    assert SUMS[0] not in made.parts().script


def test_the_journey_as_a_geo_table():
    """Legs come with their length, stops as points, all in WGS84."""
    frame = journey_frame(stages()["moving"])

    assert frame.crs == "EPSG:4326"
    assert list(frame["role"]) == ["leg"] * 4 + ["stop"] * 5
    assert 700 < frame["length_km"].iloc[0] < 1100
    assert set(frame["kind"]) == {"leg", "warehouse", "hub", "sort_centre", "delivery_station", "door"}
