import json

import pytest
import typer
from typer.testing import CliRunner

from data.domain.errors import NotFound
from serving.cli.explain import explain
from tests.fakes.forecaster import FakeModels

RUNNER = CliRunner()


@pytest.fixture
def command(client, registered, settings, clock, monkeypatch):
    """The command over a state folder with one shipment; the model is a fake."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(settings.state_folder))
    monkeypatch.setattr("serving.wiring.registry_source", lambda _: FakeModels())
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(explain)
    return app


def test_parts_are_told_as_json(command, wiring):
    """The answer of the API for operations, as of any moment; nothing is stored."""
    before = wiring.store.counts()
    told = json.loads(RUNNER.invoke(command, ["TN-S1", "--at", "2026-06-01T14:00:00Z", "--json"]).stdout)

    assert (told["shipment_id"], told["as_of"], told["audience"]) == ("S1", "2026-06-01T14:00:00Z", "operations")
    assert sum(part["hours"] for part in told["parts"]) == pytest.approx(told["hours"], abs=0.01)
    assert wiring.store.counts() == before


def test_parts_are_drawn_as_bars(command):
    """Hours, bars, sentences, and the change since the stored forecast."""
    told = RUNNER.invoke(command, ["S1", "--at", "2026-06-01T14:00:00Z", "--for", "customer"], env={"COLUMNS": "160"}).stdout

    assert "This route has been slower lately" in told
    assert "-4.00" in told
    assert "██████████|" in told
    assert "altogether" in told
    assert "why it changed" in told


def test_a_shipment_that_has_ended_is_told_so(command, client, key, scan, clock):
    """There is nothing to explain."""
    clock.turn(hours=2)
    client.post("/v1/scans", json=scan(status="delivered"), headers=key)

    assert "has ended: delivered" in RUNNER.invoke(command, ["S1"]).stdout


def test_before_its_creation_there_is_nothing_to_explain(command):
    """One line with the next step."""
    with pytest.raises(NotFound, match="later moment"):
        RUNNER.invoke(command, ["S1", "--at", "2020-01-01T00:00:00Z"], catch_exceptions=False)
