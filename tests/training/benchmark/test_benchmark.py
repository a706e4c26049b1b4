"""The benchmark trains, scores and tells, and a frozen model knows nothing after its cut."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from data.domain.errors import InvalidFact, NotFound, TooLittleData
from data.sources.datasets.catalogue import open_dataset
from tests.training.benchmark.little_legs import write_legs
from training.benchmark.examples import examples_of
from training.benchmark.frozen import run_frozen
from training.benchmark.holdout import between, hold_out
from training.benchmark.run import run_benchmark
from training.stopwatch import Stopwatch


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    home = tmp_path_factory.mktemp("legs")
    return write_legs(home / "train", last=320), write_legs(home / "test", first=320)


@pytest.fixture(scope="module")
def report(folders):
    train, test = folders
    said = []
    found = run_benchmark("delhivery", train, test, progress=lambda what, *_: said.append(what))
    return found, said


def test_the_report_has_its_keys(report):
    """One JSON object with the names that others read."""
    found, _ = report
    named = {"dataset", "protocol", "n_train", "n_test", "unit", "moments", "late", "baselines", "seconds", "feature_set", "model_version"}
    moment = json.loads(json.dumps(found))["moments"]["departure"]

    assert named <= set(found)
    assert {"n", "mae", "rmse", "median_ae", "bias", "within", "pinball", "intervals", "groups"} <= set(moment)
    assert set(moment["pinball"]) == {"0.1", "0.5", "0.9"}
    assert all({"coverage", "mean_width", "winkler"} <= set(moment["intervals"][level]) for level in ("0.8", "0.9"))
    assert set(found["seconds"]) == {"import", "features", "train", "score"}


def test_the_report_counts_what_was_scored(report):
    """Eighty legs were judged, in minutes, and the lane table stands beside the model."""
    found, said = report

    assert (found["n_test"], found["moments"]["departure"]["n"], found["unit"]) == (80, 80, "minutes")
    assert {"constant", "router", "lane_table"} <= set(found["baselines"])
    assert found["moments"]["departure"]["mae"] < found["baselines"]["constant"]["departure"]["mae"]
    assert any("fitting" in what for what in said)


def test_a_frozen_model_ignores_what_happened_after_the_cut(folders, tmp_path):
    """Other outcomes in the second folder change no forecast."""
    train, test = folders
    slower = write_legs(tmp_path / "slower", first=320, outcome_factor=3.0)
    said = []
    for folder in (test, slower):
        first, second = open_dataset("delhivery", train), open_dataset("delhivery", folder, static=train)
        learnt, judged = examples_of(first, flag="trains"), examples_of(second, flag="scored")
        said.append(run_frozen(first, second, learnt, judged, cut=second.earliest(), progress=None, watch=Stopwatch())[1])

    assert np.array_equal(said[0].quantiles, said[1].quantiles)


def test_without_a_second_folder_the_newest_are_held_out(folders):
    """Every held-out leg starts after every other."""
    first, second = hold_out(open_dataset("delhivery", folders[0]))

    assert second.moments.height == 64
    assert second.moments["at"].min() > first.moments["at"].max()


def test_the_online_protocol_answers_every_row(folders):
    """History and levels follow the outcomes; refitting each day still answers every row once."""
    train, test = folders
    found = run_benchmark("delhivery", train, test, protocol="online", refit_days=1)

    assert found["moments"]["departure"]["n"] == 80
    assert np.isfinite(found["moments"]["departure"]["mae"])


@pytest.mark.parametrize(("protocol", "refit_days"), [("frozen", 7), ("sideways", None)])
def test_protocols_that_make_no_sense_are_refused(folders, protocol, refit_days):
    """A frozen model is not refitted, and an unknown protocol is named."""
    with pytest.raises(InvalidFact, match=r"online|sideways"):
        run_benchmark("delhivery", *folders, protocol=protocol, refit_days=refit_days)


def test_an_unknown_set_is_named(folders):
    """The message lists the sets that are known."""
    with pytest.raises(NotFound, match="olist"):
        run_benchmark("nowhere", folders[0])


def test_a_set_without_rows_is_refused(folders):
    """Files with headers and nothing below them give a clear error."""
    whole = open_dataset("delhivery", folders[0])
    with pytest.raises(TooLittleData, match="delhivery: the files hold no row"):
        hold_out(replace(whole, moments=whole.moments.clear()))


def test_a_rolling_origin_learns_before_and_judges_within_its_dates(folders):
    """One folder serves many origins; what is later than the judged days is in neither part."""
    whole = open_dataset("delhivery", folders[0])
    since, until = datetime(2018, 10, 1, tzinfo=UTC), datetime(2018, 10, 2, tzinfo=UTC)
    first, second = between(whole, since, until)

    assert first.moments["at"].max() < since <= second.moments["at"].min()
    assert second.moments["at"].max() < until < whole.moments["at"].max()


@pytest.mark.parametrize("since", [datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)])
def test_dates_that_part_nothing_are_named(folders, since):
    """The message says how far the files reach."""
    with pytest.raises(InvalidFact, match="span 2018-09"):
        between(open_dataset("delhivery", folders[0]), since)
