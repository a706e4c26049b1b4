"""Scores follow their formulas; scikit-learn is the oracle where it has the same score."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

import training.metrics as ours
from data.domain.errors import InvalidFact, TooLittleData

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 8).map(lambda n: n / 8)), min_size=2, max_size=60).filter(
    lambda rows: len({happened for happened, _ in rows}) == 2
)


def test_the_examples_in_the_docstrings_run():
    """Every example gives what it says."""
    assert doctest.testmod(ours).failed == 0


@settings(deadline=None)
@given(ROWS)
def test_ranking_scores_agree_with_scikit_learn(rows):
    """AUC and average precision, ties included."""
    happened, probability = (np.array(side, float) for side in zip(*rows, strict=True))

    assert ours.roc_auc(happened, probability) == pytest.approx(oracle.roc_auc_score(happened, probability))
    assert ours.average_precision(happened, probability) == pytest.approx(oracle.average_precision_score(happened, probability))
    assert ours.brier(happened, probability) == pytest.approx(oracle.brier_score_loss(happened, probability))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=40), st.sampled_from([0.1, 0.5, 0.9]))
def test_error_scores_agree_with_scikit_learn(rows, level):
    """Errors and pinball."""
    truth, said = (np.array(side) for side in zip(*rows, strict=True))

    assert ours.mae(truth, said) == pytest.approx(oracle.mean_absolute_error(truth, said))
    assert ours.rmse(truth, said) == pytest.approx(oracle.root_mean_squared_error(truth, said))
    assert ours.median_ae(truth, said) == pytest.approx(oracle.median_absolute_error(truth, said))
    assert ours.pinball(truth, said, level) == pytest.approx(oracle.mean_pinball_loss(truth, said, alpha=level))


@settings(deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_rows_never_matters(rows, random):
    """ECE and ranks see a set of rows, even with ties."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (tuple(np.array(side, float) for side in zip(*some, strict=True)) for some in (rows, shuffled))

    assert ours.ece(*first) == pytest.approx(ours.ece(*second))
    assert ours.roc_auc(*first) == pytest.approx(ours.roc_auc(*second))


def test_the_median_has_the_lowest_pinball_loss_at_one_half():
    """A quantile beats its neighbours at its own level."""
    truth = np.random.default_rng(1).exponential(10, 2_000)
    losses = {level: ours.pinball(truth, np.full(2_000, np.quantile(truth, level)), 0.9) for level in (0.8, 0.9, 0.95)}

    assert min(losses, key=losses.__getitem__) == 0.9


def test_windows_are_closed():
    """A truth exactly on a bound lies inside."""
    scores = ours.interval([1.0, 3.0], [1.0, 1.0], [3.0, 3.0], 0.8)

    assert (scores.coverage, scores.winkler) == (1.0, 2.0)


def test_one_class_has_no_ranking():
    """AUC without both outcomes is undefined, and says so by NaN."""
    assert np.isnan(ours.roc_auc([0, 0], [0.1, 0.2]))
    assert np.isnan(ours.average_precision([0, 0], [0.1, 0.2]))


@pytest.mark.parametrize(
    ("truth", "said", "error", "words"),
    [
        ([], [], TooLittleData, "0 rows"),
        ([1.0], [float("nan")], InvalidFact, "0 truths and 1 forecasts are NaN"),
        ([1.0], [1.0, 2.0], InvalidFact, "one length"),
    ],
)
def test_what_cannot_be_scored_is_said(truth, said, error, words):
    """Nothing, NaN and uneven vectors raise with the reason."""
    with pytest.raises(error, match=words):
        ours.mae(truth, said)


def test_crossed_windows_are_refused():
    """A window that ends before it starts is a mistake, not a miss."""
    with pytest.raises(InvalidFact, match="1 windows end before they start"):
        ours.interval([1.0], [2.0], [1.0], 0.8)
