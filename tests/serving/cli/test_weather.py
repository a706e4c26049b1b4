"""`doorcast data weather` and `doorcast data route`: fetch, store, and say what is missing."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from data.domain.errors import InvalidFact
from data.domain.places import Place
from data.facts.facts import Facts
from data.storage.store import open_store
from serving.cli.main import build
from serving.settings import Settings
from tests.fakes.outside_server import Reply, outside_server
from tests.makers import BROOKLYN, MEMPHIS


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """Serve the outside locally, with two facilities in the store that have a point."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))
    with outside_server() as server:
        monkeypatch.setenv("DOORCAST_WEATHER_URL", server.url)
        with open_store(Settings().store_url) as store:
            rows = [
                {"facility_id": f, "name": f, "kind": "hub", "lat": place.lat, "lon": place.lon}
                for f, place in (("MEM", MEMPHIS), ("BRK", BROOKLYN), ("NOWHERE", Place()))
            ]
            store.facts.add(Facts.of({"facilities": pl.DataFrame(rows)}), source="test")
        yield server


def run(*arguments):
    return CliRunner().invoke(build(), ["data", *arguments])


def as_json(*arguments):
    done = run(*arguments, "--json")
    return done.exit_code, json.loads(done.stdout)


def test_the_newest_run_is_stored_once(outside):
    """The first call stores two days for both facilities, the second asks nothing and stores nothing."""
    first, again = as_json("weather", "--days", "2"), as_json("weather", "--days", "2")

    assert first[0] == again[0] == 0
    assert first[1]["rows"]["new"] == 96
    assert (again[1]["rows"]["new"], again[1]["rows"]["unchanged"]) == (0, 96)
    assert len(outside.requests) == 1
    assert "Open-Meteo.com (CC BY 4.0)" in first[1]["attribution"]


def test_the_past_is_fetched_as_issued_and_the_archive_for_climatology(outside):
    """Two days of runs every twelve hours are four requests; the archive gives observations."""
    code, told = as_json(
        "weather", "--days", "1", "--runs-from", "2026-05-01", "--runs-until", "2026-05-02", "--archive-from", "2026-05-01"
    )

    assert (code, told["rows"]["new"]) == (0, 4 * 48 + 48)
    assert [query.get("run") for _, query in outside.requests] == [
        "2026-05-01T00:00",
        "2026-05-01T12:00",
        "2026-05-02T00:00",
        "2026-05-02T12:00",
        None,
    ]
    with open_store(Settings().store_url) as store:
        facts = store.facts.read()
    assert (facts.weather_forecasts.height, facts.weather_observations.height) == (192, 48)


def test_an_outage_is_told_and_ends_with_three(outside):
    """Nothing is stored, no forecast stops: climatology stands in, and the command says so."""
    outside.always = lambda path, query: Reply(b"gone", 404)
    done = run("weather")

    assert done.exit_code == 3
    assert "2 facilities have no weather; their forecasts run on climatology: BRK, MEM" in done.stdout
    assert "not JSON" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--runs-from", "yesterday"),
        ("--runs-from", "2026-05-01", "--runs-every", "7"),
        ("--runs-from", (datetime.now(UTC) + timedelta(days=2)).date().isoformat()),
    ],
)
def test_wrong_questions_are_one_clear_line(outside, arguments):
    """A day that is none, a rhythm that is none, a run that has not been."""
    done = run("weather", *arguments)

    assert isinstance(done.exception, InvalidFact)


def test_a_store_without_points_says_what_to_do(tmp_path, monkeypatch):
    """Weather is fetched for facilities; without any there is nothing to fetch."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))
    done = run("weather")

    assert isinstance(done.exception, InvalidFact)
    assert "import facilities" in str(done.exception)


def test_a_route_says_who_answered(outside, monkeypatch):
    """The server of the settings, and the bundled roads while it is away."""
    points = ("40.6782,-73.9442", "40.7128,-74.0060")
    monkeypatch.setenv("DOORCAST_ROUTING_URL", outside.url)
    assert as_json("route", *points)[1]["answered_by"] == "osrm"
    outside.always = lambda path, query: Reply(b"", 404)
    done = run("route", "40.6782,-73.9442", "40.7,-74.0")

    assert "by bundled roads" in done.stdout
    assert "osrm: osrm gave an answer that cannot be used" in done.stdout


@pytest.mark.parametrize("text", ["here", "1;2", "1,x"])
def test_a_point_is_two_numbers(outside, text):
    """What is no point is refused."""
    assert isinstance(run("route", text, "1,1").exception, InvalidFact)
