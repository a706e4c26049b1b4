import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx2
import pytest
import typer
from typer.testing import CliRunner

from data.domain.errors import InvalidFact, NotFound
from serving.cli.predict import predict
from serving.cli.shipments import shipments
from tests.fakes.forecaster import FakeModels

RUNNER = CliRunner()


def command(function):
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(function)
    return app


@pytest.fixture
def demo_state(client, registered, settings, clock, monkeypatch):
    """A state folder with one shipment, where the commands look; the model is a fake."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(settings.state_folder))
    monkeypatch.setattr("serving.wiring.registry_source", lambda _: FakeModels())


def test_shipments_are_listed_as_json(demo_state):
    """A JSON list with id, status and tracking number, and nothing else on standard output."""
    told = json.loads(RUNNER.invoke(command(shipments), ["--json", "--limit", "5"]).stdout)

    assert [(one["shipment_id"], one["status"], one["tracking_number"]) for one in told] == [("S1", "unknown", "TN-S1")]
    assert told[0]["created_at"] == "2026-06-01T12:00:00+00:00"


def test_shipments_are_listed_for_people(demo_state):
    """A table with the place and the expected time."""
    told = RUNNER.invoke(command(shipments), [], env={"COLUMNS": "160"}).stdout

    assert "Brooklyn" in told


@pytest.mark.parametrize("name", ["S1", "TN-S1"])
def test_predict_looks_from_any_moment(demo_state, wiring, name):
    """By id or tracking number, as of a moment; nothing is stored."""
    before = wiring.store.counts()
    told = json.loads(RUNNER.invoke(command(predict), [name, "--at", "2026-06-01T14:00:00Z", "--json"]).stdout)

    assert (told["shipment_id"], told["as_of"]) == ("S1", "2026-06-01T14:00:00+00:00")
    assert told["p10"] < told["p50"] < told["p90"]
    assert wiring.store.counts() == before


def test_predict_tells_people_the_window(demo_state):
    """Window with its zone, risk, reasons and model."""
    told = RUNNER.invoke(command(predict), ["S1", "--at", "2026-06-01T14:00:00Z"], env={"COLUMNS": "160"}).stdout

    assert "Eastern time (80%)" in told
    assert "model fake-1" in told


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["nobody"], NotFound, "doorcast shipments"),
        (["S1", "--at", "yesterday"], InvalidFact, "2026-06-01T12:00:00Z"),
        (["S1", "--at", "2026-06-01T12:00:00"], InvalidFact, "offset"),
        (["S1", "--at", "0001-01-01T00:00:00+14:00"], InvalidFact, "1990"),
        (["S1", "--at", "2020-01-01T00:00:00Z"], NotFound, "later moment"),
    ],
    ids=str,
)
def test_predict_refuses_with_the_next_step(demo_state, arguments, error, words):
    """Errors are those of the domain; the command line turns them into one line."""
    result = RUNNER.invoke(command(predict), arguments)

    assert isinstance(result.exception, error)
    assert words in str(result.exception)


def test_serve_listens_and_ends(tmp_path):
    """It answers on its port, says where the operations pages are, writes JSON logs, and ends on a signal."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "import typer; from serving.cli.serve import serve; typer.run(serve)"
    running = subprocess.Popen(
        [sys.executable, "-c", code, "--port", str(port), "--state", str(tmp_path / "state")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/livez")
    finally:
        running.send_signal(signal.SIGTERM)
        said, logged = running.communicate(timeout=30)

    assert f"http://127.0.0.1:{port}/ops/enter/" in said
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert any(line.get("route") == "/livez" for line in lines)


def answers(address):
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            return httpx2.get(address).status_code == 200
        except httpx2.TransportError:
            time.sleep(0.2)
    return False
