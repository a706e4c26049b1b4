"""The rivals are naive on purpose, and fair: the same rows, trained by time, nothing learnt from what had not come."""

from dataclasses import replace

import numpy as np
import pytest

from data.sources.datasets.catalogue import open_dataset
from tests.training.benchmark.little_legs import write_legs
from training.benchmark.examples import examples_of
from training.benchmark.learners import LEARNERS
from training.benchmark.rivals import risks, rival_said, rival_scores
from training.benchmark.static_columns import Static, known_words, static_columns, static_frame


@pytest.fixture(scope="module")
def legs(tmp_path_factory):
    home = tmp_path_factory.mktemp("legs")
    train = open_dataset("delhivery", write_legs(home / "train", last=320))
    test = open_dataset("delhivery", write_legs(home / "test", first=320), static=home / "train")
    return train, test, examples_of(train, flag="trains"), examples_of(test, flag="scored")


@pytest.mark.parametrize("name", LEARNERS)
def test_each_library_learns_the_lanes(legs, name):
    """Twice as good as the best constant, on every judged row."""
    if name == "catboost":
        pytest.importorskip("catboost")
    _, test, learnt, judged = legs
    said = rival_said(name, *legs, windows=False)
    scores = rival_scores(said, judged, moments=test.task.moments, unit="minutes")["departure"]

    assert scores["n"] == 80
    assert scores["mae"] < np.abs(judged.y - np.median(learnt.y)).mean() / 2
    assert not {"late", "window"} & set(scores)


def test_windows_come_from_two_more_fits(legs):
    """They are scored as the product's are, and too narrow, as those of naive quantiles use to be."""
    window = rival_scores(rival_said("lightgbm", *legs), legs[3], moments=("departure",), unit="minutes")["departure"]["window"]

    assert set(window) == {"coverage", "mean_width", "winkler"}
    assert 0.3 < window["coverage"] < 0.9


def test_what_came_after_the_cut_teaches_nothing(legs):
    """Other truths of labels that became usable later change no answer."""
    train, test, learnt, judged = legs
    late = learnt.outcomes.known_at >= judged.moments.at.min()
    lied = replace(learnt, y=np.where(late, 10_000.0, learnt.y))
    told = rival_said("lightgbm", train, test, lied, judged, windows=False)
    plain = rival_said("lightgbm", train, test, learnt, judged, windows=False)

    assert late.any()
    assert np.array_equal(told.quantiles[:, 1], plain.quantiles[:, 1])
    assert np.isnan(plain.quantiles[:, [0, 2]]).all()


def test_a_refitted_rival_learns_from_judged_rows_that_have_ended(legs):
    """The first day is answered as without refits, later days are not."""
    train, test, learnt, judged = legs
    once = rival_said("lightgbm", train, test, learnt, judged, windows=False).quantiles[:, 1]
    daily = rival_said("lightgbm", train, test, learnt, judged, refit_days=1, windows=False).quantiles[:, 1]
    first = judged.moments.at < judged.moments.at.min() + 86_400_000_000

    assert np.array_equal(once[first], daily[first])
    assert not np.array_equal(once[~first], daily[~first])


def test_static_columns_hold_no_outcome(legs):
    """Without the deliveries the columns are the same."""
    train, _, learnt, _ = legs
    frame = static_frame(train.facts, learnt.moments, timezone="Asia/Kolkata")
    undelivered = replace(train.facts, scans=train.facts.scans.filter(train.facts.scans["status"] != "delivered"))
    again = static_frame(undelivered, learnt.moments, timezone="Asia/Kolkata")

    assert frame.equals(again)


def test_unknown_words_are_the_rare_word(legs):
    """A word that was not seen in training has the code 0, and the commonest the code 1."""
    train, _, learnt, _ = legs
    frame = static_frame(train.facts, learnt.moments, timezone="Asia/Kolkata")
    words = known_words(frame)
    commonest = frame["origin_facility_id"].mode().sort()[0]
    coded = static_columns(frame, words)
    place = coded.names.index("origin_facility_id") - coded.numbers.shape[1]

    assert set(coded.codes[(frame["origin_facility_id"] == commonest).to_numpy(), place]) == {1}
    assert static_columns(frame, {"origin_facility_id": {"elsewhere": 1}}).codes.sum() == 0


def test_a_risk_that_cannot_be_learnt_is_unknown():
    """Where nobody was late there is no classifier."""
    rows = Static(np.zeros((60, 1)), np.zeros((60, 0), dtype=np.int64), ("x",))

    assert np.isnan(risks(LEARNERS["lightgbm"](), rows, np.zeros(60), rows)).all()
