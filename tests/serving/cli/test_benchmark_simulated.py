"""The simulated benchmark is one command; other sets still ask for a folder."""

import json

import pytest
import typer
from typer.testing import CliRunner

from data.domain.errors import InvalidFact
from serving.cli.benchmark import benchmark
from tests.training.little_network import quick_kinds


@pytest.fixture
def doorcast():
    """Give a command line with the one command."""
    app = typer.Typer()
    app.command("benchmark")(benchmark)
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


def test_a_small_network_is_judged_beside_the_oracle(doorcast, monkeypatch):
    """The report holds our loss, the oracle's, and what was simulated."""
    quick_kinds(monkeypatch)
    answer = doorcast("simulated", "--orders", 500, "--days", 20, "--draws", 20, "--seed", 3, "--json")
    report = json.loads(answer.stdout)

    assert report["simulation"] == {"orders": 500, "days": 20, "seed": 3, "draws": 20, "moments": 4}
    assert report["pinball_hours"]["doorcast"] > report["pinball_hours"]["oracle"] > 0
    assert report["n_test"] > 100


def test_a_real_set_needs_a_folder(doorcast):
    """Without --train the command says so."""
    answer = doorcast("olist")

    assert isinstance(answer.exception, InvalidFact)
    assert "--train" in str(answer.exception)
