"""Forests of several targets on the same rows are those that would be grown one by one."""

import numpy as np

from training.models.boosting import grow, grow_each

SHAPE = {
    "objective": "binary",
    "num_leaves": 7,
    "min_data_in_leaf": 20,
    "bagging_freq": 1,
    "bagging_fraction": 0.7,
    "feature_fraction": 0.5,
}


def test_rows_in_bins_once_grow_the_same_forests():
    """Bit for bit, with unknown values and a category among the columns, and in any order of the targets."""
    dice = np.random.default_rng(1)
    matrix = dice.normal(size=(900, 6)).astype(np.float32)
    matrix[dice.random(matrix.shape) < 0.1] = np.nan
    matrix[:, 2] = dice.integers(0, 4, 900)
    targets = [(np.nan_to_num(matrix[:, 0]) + dice.normal(size=900) > edge).astype(np.float32) for edge in (-0.5, 0.0, 1.0)]
    together = grow_each(matrix, targets, categorical=[2], rounds=12, parameters=SHAPE, seed=3)
    backwards = grow_each(matrix, targets[::-1], categorical=[2], rounds=12, parameters=SHAPE, seed=3)
    alone = [grow(matrix, target, categorical=[2], rounds=12, parameters=SHAPE, seed=3).text for target in targets]

    assert [trees.text for trees in together] == alone
    assert [trees.text for trees in backwards] == alone[::-1]
    assert len(set(alone)) == 3


def test_no_target_is_no_forest():
    """Nothing is asked, nothing is grown."""
    assert grow_each(np.zeros((5, 2), dtype=np.float32), [], rounds=3, parameters=SHAPE) == []
