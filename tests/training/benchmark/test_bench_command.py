"""The bench's command keeps records apart by code, and its section says when, on what, and what is missing."""

import re
from datetime import UTC, datetime

import orjson
import polars as pl
import pytest
from rich.console import Console

from data.domain.errors import DoorcastError
from data.sources.datasets.catalogue import open_dataset
from tests.benchmarks.forecast import children, digest, kept
from tests.benchmarks.forecast_runs import RUNS, Run, authors, rivals_of
from tests.benchmarks.forecast_section import written
from tests.training.benchmark.bench_records import make_record
from tests.training.benchmark.little_legs import write_legs
from training.benchmark.examples import examples_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_record_of_other_code_is_not_kept(tmp_path):
    """Resuming after a change runs everything anew."""
    run = RUNS[0]
    (tmp_path / f"{run.key}.json").write_bytes(orjson.dumps(make_record() | {"code": digest()}))

    assert kept(tmp_path, run, digest())["run"]["dataset"] == "olist"
    assert kept(tmp_path, run, "another") is None
    assert kept(tmp_path, RUNS[1], digest()) is None


def test_a_run_that_fails_is_named_and_what_was_done_is_kept(tmp_path):
    """Two at a time: the run that is on record is not done again, the one that cannot be done costs nobody else his figures."""
    done, unknown = RUNS[0], Run("no_such_set")
    record = orjson.dumps(make_record() | {"code": digest()})
    (tmp_path / f"{done.key}.json").write_bytes(record)

    failed = children([done, unknown], tmp_path, digest(), resume=True, jobs=2, console=Console(quiet=True))

    assert failed == [unknown.key]
    assert (tmp_path / f"{done.key}.json").read_bytes() == record


def test_every_run_has_a_name_of_its_own():
    """Records would overwrite each other; quick is one run a set, and only frozen runs know every rival."""
    quick = [run.dataset for run in RUNS if run.quick]

    assert len({run.key for run in RUNS}) == len(RUNS)
    assert sorted(quick) == sorted({run.dataset for run in RUNS})
    assert all(run.protocol == "frozen" for run in RUNS if len(rivals_of(run)) == 3)


def test_the_section_says_when_and_on_what_and_what_is_missing():
    """Date, cores and versions; no host, no path."""
    record = make_record()
    record["rivals"]["catboost"] = {"left_out": "catboost is not installed"}
    section = written([record], left_out=["scms_delivery_history: not run"], pictures=("risk.svg",), now=NOW)

    assert "Measured 2026-11-22 by `make bench-forecast` on" in section
    assert re.search(r"\d+ cores, \S+, Python 3\.\d+\.\d+, lightgbm \d", section)
    assert "Left out: scms_delivery_history: not run; catboost: catboost is not installed." in section
    assert "![Risk lift: share of the late among the riskiest](pictures/risk.svg)" in section
    assert not re.search(r"/(home|work|tmp|root|usr)/", section)


def test_an_authors_answers_are_scored_on_the_judged_rows(tmp_path):
    """His table is joined by leg; where a judged leg is not in it, that is an error and no silent loss."""
    train = write_legs(tmp_path / "train", last=320)
    test = write_legs(tmp_path / "test", first=320)
    judged = examples_of(open_dataset("delhivery", test, static=train), flag="scored")
    table = pl.read_parquet(test / "legs.parquet").select(
        "trip_uuid",
        "source_center",
        "destination_center",
        M1_lookup="actual_time",
        M2_tabular=pl.col("actual_time") + 5,
        M3_graph="osrm_time",
    )
    table.write_parquet(tmp_path / "said.parquet")
    table[:10].write_parquet(tmp_path / "few.parquet")
    scores = authors(tmp_path / "said.parquet", judged, unit="minutes")

    assert scores["corridor table"]["mae"] == pytest.approx(0.0, abs=1e-6)
    assert scores["GBM"]["mae"] == pytest.approx(5.0)
    assert authors(tmp_path / "absent.parquet", judged, unit="minutes") == {}
    with pytest.raises(DoorcastError, match="lacks 70 of 80"):
        authors(tmp_path / "few.parquet", judged, unit="minutes")
