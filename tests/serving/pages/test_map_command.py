"""`doorcast map SHIPMENT -o FILE` writes a page that needs no network."""

import pytest

from data.domain.errors import InvalidFact, NotFound
from data.storage.store import open_store
from serving.cli.map import map_shipment
from serving.settings import Settings
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
