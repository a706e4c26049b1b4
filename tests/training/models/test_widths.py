"""Windows learnt of few rows are as wide as errors on unseen rows, and wider where those are."""

import numpy as np
import pytest

from tests.training.models.rows import make_problem, make_rows
from tests.training.models.test_lane_models import legs
from training.models.heads import OTHERS
from training.models.ratio import LaneRatio, folds_of
from training.models.widths import PRIOR_ROWS, SIZES, Widths, factors_of

SEEN = np.zeros(1200, dtype=bool)


def errors(n=1200, *, seed=1):
    """Medians of one to nine hours; truths lie twice as far above as below, and five times as far away where a column says so."""
    rng = np.random.default_rng(seed)
    loud = rng.random(n) < 0.5
    median = rng.uniform(1, 9, n)
    drawn = rng.exponential(0.1, n) * np.where(rng.random(n) < 0.5, -1, 2) * np.where(loud, 5, 1)
    matrix = np.stack([loud, rng.normal(size=n)], axis=1).astype(np.float32)
    return matrix, median, median * np.exp(drawn), loud


def learnt(matrix, median, hours, cold=SEEN):
    """Learn with four folds."""
    return Widths.fit(matrix, hours, median, median, levels=OTHERS, cold=cold, fold=np.arange(len(median)) % 4)


def test_windows_cover_new_rows_on_either_side():
    """The levels .1 and .9 leave about a tenth of new rows below and above, also where errors are five times as large."""
    widths = learnt(*errors()[:3])
    matrix, median, hours, loud = errors(seed=2)
    said = median[:, None] * np.exp(widths.errors(matrix, median, median, SEEN))

    for rows in (loud, ~loud):
        assert (hours < said[:, 1])[rows].mean() == pytest.approx(0.1, abs=0.035)
        assert (hours > said[:, 4])[rows].mean() == pytest.approx(0.1, abs=0.035)
    assert np.median(np.diff(said[:, [1, 4]])[loud] / median[loud, None]) > 3 * np.median(
        np.diff(said[:, [1, 4]])[~loud] / median[~loud, None]
    )


def test_levels_keep_their_order_around_the_median():
    """Levels below a half lie below the median, levels above it above, each beyond the one before."""
    widths = learnt(*errors()[:3])
    matrix, median, _, _ = errors(seed=3)
    said = widths.errors(matrix, median, median, SEEN)

    assert (np.diff(said, axis=1) >= 0).all()
    assert (said[:, :3] <= 0).all()
    assert (said[:, 3:] >= 0).all()


def test_a_group_is_believed_as_far_as_it_has_rows():
    """A hundred cold rows that err five times as far count half; a size without rows is as all rows are."""
    error = np.append(np.linspace(-1, 1, 1000), np.linspace(-5, 5, int(PRIOR_ROWS)))
    group = np.append(np.full(1000, SIZES), np.zeros(int(PRIOR_ROWS))).astype(np.int64)
    one = np.ones(len(error))
    factors = factors_of(error, one, one, group, (0.1, 0.9))
    overall = np.quantile(error, 0.9)

    assert factors[0, 1] == pytest.approx((np.quantile(error[1000:], 0.9) + overall) / 2)
    assert factors[1, 1] == overall


def test_a_window_is_not_learnt_from_rows_known_by_heart():
    """The 80 % window of the ratio model covers new legs of the same kind as often as it says."""
    rows, matrix, hours = legs()
    model = LaneRatio.fit(matrix, make_problem(rows, hours), thorough=False)
    new_rows, new_matrix, truth = legs(2000, seed=2)
    said = model.predict(new_matrix, new_rows).quantile((0.1, 0.9))

    assert ((truth >= said[:, 0]) & (truth <= said[:, 1])).mean() == pytest.approx(0.8, abs=0.05)


def test_moments_of_one_shipment_share_a_fold():
    """Errors of a shipment are not judged by its own other moments; where there is one shipment only, moments are parted."""
    rows = make_rows(8, shipment_ids=np.repeat(np.array(["a", "b", "c", "d"], dtype=object), 2))
    fold = folds_of(rows, seed=1)

    assert (fold[::2] == fold[1::2]).all()
    assert len(np.unique(fold)) == 4
    assert len(np.unique(folds_of(make_rows(8, shipment_ids=np.full(8, "a", dtype=object)), seed=1))) > 1


@pytest.mark.parametrize(("whole_rows", "few"), [(9_999, True), (10_000, False)])
def test_a_trial_has_the_shape_of_the_model_it_stands_for(whole_rows, few):
    """A trial on two thirds of 13,600 rows would otherwise have windows of another kind than the model that its correction is given to."""
    rows, matrix, hours = legs(600)
    model = LaneRatio.fit(matrix, make_problem(rows, hours), thorough=False, whole_rows=whole_rows)

    assert (model.heads.widths is not None) is few
