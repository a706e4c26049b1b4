"""`doorcast map SHIPMENT -o FILE` writes a page that needs no network, a picture or a calendar entry, by the file's ending."""

import io
import xml.etree.ElementTree as ET

import pytest
from icalendar import Calendar
from PIL import Image

from data.domain.errors import InvalidFact, NotFound
from data.storage.store import open_store
from serving.cli.map import map_shipment
from serving.settings import Settings
from tests.makers import after, make_order
from tests.maps.journeys import CHANGED, SCANS
from tests.serving.pages.stored import keep


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))
    with open_store(Settings().store_url) as store:
        keep(store, scans=SCANS[:5], forecasts=CHANGED)
    return tmp_path


def test_the_file_is_written(stored, capsys):
    """The command writes the page and says where and how large."""
    file = stored / "new" / "journey.html"
    map_shipment("S1", file)

    assert "Your door, Brooklyn, NY" in file.read_text(encoding="utf-8")
    assert "KB" in capsys.readouterr().out


def test_an_unknown_shipment_is_named(stored):
    """The error names the id, and no file is left behind."""
    with pytest.raises(NotFound, match="nobody"):
        map_shipment("nobody", stored / "journey.html")

    assert not (stored / "journey.html").exists()


def test_a_place_that_cannot_be_written_is_named(stored):
    """A folder that is a file is refused with the path."""
    (stored / "taken").write_text("")
    with pytest.raises(InvalidFact, match="taken"):
        map_shipment("S1", stored / "taken" / "journey.html")


def test_the_ending_says_what_is_written(stored, capsys):
    """A picture, a drawing and a calendar entry; capital letters are the same ending."""
    for name in ("a.PNG", "a.svg", "a.ics", "a.htm"):
        map_shipment("S1", stored / name)

    assert Image.open(io.BytesIO((stored / "a.PNG").read_bytes())).size == (1200, 630)
    assert ET.parse(stored / "a.svg").getroot().get("role") == "img"
    assert len(Calendar.from_ical((stored / "a.ics").read_bytes()).walk("VEVENT")) == 1
    assert (stored / "a.htm").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "a calendar entry" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["journey", "journey.pdf", "journey.html.exe", ".html"])
def test_another_ending_is_named(stored, name):
    """The error says which endings there are, before anything is read or written."""
    with pytest.raises(InvalidFact, match=r"\.html, \.htm, \.png, \.svg, \.ics"):
        map_shipment("S1", stored / name)

    assert not (stored / name).exists()


def test_an_unknown_theme_is_named(stored):
    """Pictures are light or dark."""
    with pytest.raises(InvalidFact, match="light and dark"):
        map_shipment("S1", stored / "a.png", theme="sepia")


def test_an_entry_needs_a_forecast(stored, monkeypatch):
    """Without one the command says so, and leaves no file behind."""
    monkeypatch.setattr("serving.cli.map.system_clock", lambda: after(7))
    with open_store(Settings().store_url) as store:
        keep(store, shipment_id="S2", order=make_order("O-S2"), scans=SCANS[:2])
    with pytest.raises(NotFound, match="needs a forecast"):
        map_shipment("S2", stored / "a.ics")

    assert not (stored / "a.ics").exists()
