"""``doorcast estimate`` tells people and machines what may be promised."""

import json

import pytest
import typer
from typer.testing import CliRunner

from data.domain.errors import DoorcastError, InvalidFact, NotFound
from serving.cli.estimate import estimate
from tests.fakes.forecaster import FakeForecaster, FakeModels
from tests.serving.api.test_estimates import BOOK, KnowsServices

RUNNER = CliRunner()
WAY = ["--from", "38118", "--to", "11215"]


@pytest.fixture
def told(client, registered, settings, monkeypatch):
    """Run the command on a store and a model that knows three services; an error comes out as it is."""
    model = FakeForecaster()
    model.checkout = KnowsServices(BOOK)
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(settings.state_folder))
    monkeypatch.setattr("serving.wiring.registry_source", lambda _: FakeModels(model))
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(estimate)

    def run(*arguments: str) -> str:
        done = RUNNER.invoke(app, [*WAY, "--ordered", "2090-06-01T12:00:00Z", *arguments], env={"COLUMNS": "200"})
        if isinstance(done.exception, DoorcastError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_each_service_is_one_line(told):
    """All services known, with the dates of five percentiles."""
    lines = [line for line in told().splitlines() if "swift" in line or "snail" in line]

    assert len(lines) == 3
    assert "Sat 3 Jun" in lines[0]


def test_a_wish_and_prices_add_columns(told):
    """The chance of the wished date, until when to order, and the date worth promising."""
    said = told("--service", "ground", "--by", "2090-06-08", "--broken-cost", "50", "--day-value", "1")

    assert "by Thu 8 Jun" in said
    assert "Mon 5 Jun" in said
    assert "100%" in said
    assert said.count("swift") == 1


def test_json_holds_the_same_for_machines(told):
    """One object with all seven percentiles."""
    said = json.loads(told("--service", "swift/express", "--json"))

    assert [one["service"] for one in said["services"]] == ["express"]
    assert len(said["services"][0]["percentiles"]) == 7
    assert said["model_version"] == "fake-1"


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        (["--service", "teleport"], NotFound, "teleport.*swift/ground"),
        (["--to", "00000"], DoorcastError, "00000.*postal code"),
        (["--to", "  "], InvalidFact, "--to.*postal code"),
        (["--to", "91,200"], InvalidFact, "91,200.*degrees"),
        (["--from", "nowhere"], InvalidFact, "nowhere.*facility"),
        (["--by", "tomorrow"], InvalidFact, "tomorrow.*2026-12-24"),
        (["--by", "2090-05-01"], InvalidFact, "2090-05-01.*later date"),
        (["--ordered", "2090-06-01T12:00:00"], InvalidFact, "offset"),
        (["--ordered", "noon"], InvalidFact, "noon.*instant"),
        (["--broken-cost", "5"], InvalidFact, "--day-value"),
    ],
)
def test_a_bad_question_names_value_rule_and_next_step(told, arguments, error, named):
    """One line that says what to write instead."""
    with pytest.raises(error, match=named):
        told(*arguments)


def test_without_a_model_the_next_step_is_to_train(told, monkeypatch):
    """No answer is better than a made-up one."""
    monkeypatch.setattr("serving.wiring.registry_source", lambda _: FakeModels(serving=None))

    with pytest.raises(DoorcastError, match="doorcast train"):
        told()


def test_a_model_of_before_needs_the_service_to_be_named(told, monkeypatch):
    """It knows no services by itself, and answers for one that is named with its carrier."""
    monkeypatch.setattr("serving.wiring.registry_source", lambda _: FakeModels())
    with pytest.raises(NotFound, match="CARRIER/SERVICE"):
        told()

    assert "swift ground" in told("--service", "swift/ground")
