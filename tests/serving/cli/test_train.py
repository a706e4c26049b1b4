"""`doorcast train` and `doorcast retrain` go from the store to a serving model."""

import json
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from data.domain.errors import InvalidFact, TooLittleData
from data.storage.store import open_store
from serving.cli import models, retrain, train
from serving.cli.train import instant_of
from serving.settings import Settings
from tests.training.little_network import little_facts, quick_kinds


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Point the settings at an empty state folder."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))
    return tmp_path


def run(*words):
    app = typer.Typer()
    app.command("train")(train.train)
    app.command("retrain")(retrain.retrain)
    app.add_typer(models.app, name="models")
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout) if "--json" in words else result.stdout


def test_from_the_store_to_a_serving_model(state, monkeypatch):
    """Train serves at once as the first; retrain meets it as champion and writes its decision down."""
    quick_kinds(monkeypatch)
    with open_store(Settings().store_url) as store:
        store.facts.add(little_facts(450), source="test")
    first = run("train", "--json")
    second = run("retrain", "--json")
    history = run("models", "history", "--json")

    assert first["serving"]
    assert first["time"]["n"] > 100
    assert (second["champion"], second["promoted"]) == (first["version"], True)
    assert [entry["event"] for entry in history] == ["saved", "promoted", "saved", "promoted"]
    assert "is genuine" in run("models", "verify")


def test_an_empty_store_is_refused_with_the_next_step(state):
    """Nothing to learn from is said in one sentence."""
    with pytest.raises(TooLittleData, match="doorcast data import"):
        run("train")


def test_a_cut_is_an_instant():
    """Dates, instants and offsets are read; anything else is refused with an example."""
    assert instant_of("2026-11-01") == datetime(2026, 11, 1, tzinfo=UTC)
    assert instant_of("2026-11-01T12:00:00+02:00") == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert instant_of(None) is None
    with pytest.raises(InvalidFact, match="write it like"):
        instant_of("yesterday")


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1980-01-01"])
def test_an_instant_outside_all_calendars_is_refused(text):
    """Also one that no other zone can express."""
    with pytest.raises(InvalidFact, match=r"--cut .*1990\.\.2100"):
        instant_of(text)
