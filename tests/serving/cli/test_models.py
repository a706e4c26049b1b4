"""`doorcast models` looks after versions from the command line."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from data.domain.errors import ModelRefused, NotFound
from serving.cli.models import app
from serving.settings import Settings
from serving.wiring import signing_key
from tests.fakes.small_predictor import OPENER, small_bundle
from training.registry import Registry

CARD = {
    "provenance": {"cut": "2026-11-01T00:00:00+00:00", "features_version": "1", "schema_hash": "x", "counts": {"shipments": 1234}},
    "words": {"error": "The median was off by [bold]9.9[/bold] hours."},
    "warnings": ["only delivered"],
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save two versions once, into a state folder of their own."""
    state = tmp_path_factory.mktemp("state")
    settings = Settings(state_folder=state)
    registry = Registry(settings.registry_folder, key=signing_key(settings), opener=OPENER)
    return state, [registry.save(small_bundle(), card=CARD, pictures={"card.html": b"<p>card</p>"}) for _ in range(2)]


@pytest.fixture
def versions(saved, tmp_path, monkeypatch):
    """Give the two versions in a copy of that folder, which the environment names."""
    shutil.copytree(saved[0], tmp_path / "state")
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path / "state"))
    monkeypatch.setattr(
        "serving.cli.models.open_registry",
        lambda settings: Registry(settings.registry_folder, key=signing_key(settings), opener=OPENER),
    )
    return saved[1]


def run(*words):
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_list_names_every_version(versions):
    """Both versions are listed, none serves yet."""
    listed = json.loads(run("list", "--json"))

    assert [one["version"] for one in listed] == sorted(versions)
    assert [one["serving"] for one in listed] == [False, False]
    assert all(version[:16] in run("list") for version in versions)


def test_show_gives_words_and_a_page(versions, tmp_path):
    """The card is shown as text, as JSON and as a page; text in it is never read as markup."""
    shown = run("show", versions[0], "--page", str(tmp_path / "card.html"))

    assert "[bold]9.9[/bold]" in shown
    assert "! only delivered" in shown
    assert (tmp_path / "card.html").read_bytes() == b"<p>card</p>"
    assert json.loads(run("show", versions[0], "--json"))["card"] == CARD


def test_promote_and_history(versions):
    """A promotion is in the list and in the history with its reason; promoting needs no second trial after the saving one."""
    run("promote", versions[1], "--reason", "[red]looks good")

    assert [one["version"] for one in json.loads(run("list", "--json")) if one["serving"]] == [versions[1]]
    assert json.loads(run("history", "--json"))[-1]["reason"] == "[red]looks good"
    assert "[red]looks" in run("history")
    with pytest.raises(NotFound, match="no earlier model"):
        run("rollback")


def test_a_damaged_version_is_refused_in_words(versions, tmp_path):
    """verify and promote raise the one-line error that the command line prints."""
    (tmp_path / "state" / "models" / "versions" / versions[0] / "trees-000.txt").write_text("garbage")

    with pytest.raises(ModelRefused, match=f"model {versions[0]} is damaged"):
        run("verify", versions[0])
    with pytest.raises(ModelRefused, match="damaged"):
        run("promote", versions[0])


def test_an_empty_folder_says_what_to_run(tmp_path, monkeypatch):
    """Before the first training the list says so."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))

    assert "run `doorcast train`" in run("list")
    assert json.loads(run("list", "--json")) == []
