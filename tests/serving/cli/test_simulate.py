import json
from datetime import UTC, datetime

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from data.domain.errors import InvalidFact
from data.simulator.truth import read_truth
from serving.cli.simulate import simulate, start_of


@pytest.fixture
def doorcast():
    """Give a command line with the one command."""
    app = typer.Typer()
    app.command("simulate")(simulate)
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_a_canonical_folder_and_its_truth_are_written(doorcast, tmp_path, file_format):
    """The command writes every table in the format asked for, the truth beside it, and says what it did."""
    done = doorcast(
        "--orders", 60, "--days", 4, "--seed", 2, "--start", "2026-09-14", "--out", tmp_path / "net", "--format", file_format, "--json"
    )
    told = json.loads(done.stdout)

    assert done.exit_code == 0
    assert told["rows"]["orders"] == 60
    assert (told["start"], told["until"]) == ("2026-09-14T00:00:00+00:00", "2026-09-18T00:00:00+00:00")
    assert (tmp_path / "net" / f"scans.{file_format}").is_file()
    assert read_truth(tmp_path / "net" / "truth").shipments.height >= 60


def test_written_facts_can_be_read_again(doorcast, tmp_path):
    """Parquet files hold the canonical tables as they are, with times in UTC."""
    doorcast("--orders", 60, "--days", 4, "--start", "2026-09-14", "--out", tmp_path)

    assert pl.read_parquet(tmp_path / "orders.parquet").schema["ordered_at"] == pl.Datetime("us", "UTC")


def test_people_get_a_sentence(doorcast, tmp_path):
    """Without --json the command says how many there are and what to do next."""
    done = doorcast("--orders", 60, "--days", 4, "--start", "2026-09-14", "--out", tmp_path)

    assert "60 orders" in done.stdout
    assert f"doorcast data import {tmp_path}" in done.stdout.replace("\n", " ")


def test_a_wrong_start_is_refused_with_an_example():
    """A start that is no date says how to write one; a naive one is UTC."""
    with pytest.raises(InvalidFact, match=r"'yesterday' is not a date; write it like 2026-09-01"):
        start_of("yesterday", 3)
    assert start_of("2026-09-01", 3) == datetime(2026, 9, 1, tzinfo=UTC)


def test_nothing_is_simulated_for_a_place_that_cannot_be_written(doorcast, tmp_path):
    """A file in place of the folder and an unknown format are refused before the work begins."""
    (tmp_path / "taken").write_text("mine")

    assert "is a file; name a folder" in str(doorcast("--out", tmp_path / "taken").exception)
    assert "use one of parquet, csv" in str(doorcast("--out", tmp_path / "net", "--format", "xlsx").exception)


@pytest.mark.parametrize("wrong", [("--orders", 0), ("--days", 0), ("--days", 5000), ("--seed", -1)], ids=lambda w: " ".join(map(str, w)))
def test_numbers_out_of_bounds_are_refused(doorcast, tmp_path, wrong):
    """Bounds are part of the command line: exit code 2 and nothing written."""
    done = doorcast("--out", tmp_path / "net", *wrong)

    assert done.exit_code == 2
    assert not (tmp_path / "net").exists()
