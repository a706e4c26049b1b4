"""Fit three well-known boosted trees with their usual settings: LightGBM, CatBoost, sklearn's histogram gradient boosting.

Each gives a function from rows to answers. CatBoost is no part of the product: it is looked for when it is asked for.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol

import numpy as np
import numpy.typing as npt

from training.benchmark.static_columns import Static

__all__ = ["LEARNERS", "Answer", "Learner"]

Floats = npt.NDArray[np.float64]
Answer = Callable[[Static], Floats]
MIDDLE = 0.5
RATE, ROUNDS, LEAVES = 0.05, 300, 31
CAT_ROUNDS = 500


class Learner(Protocol):
    """Fit quantiles of a number (the median as L1) and the probability of an event."""

    def quantile(self, rows: Static, y: Floats, level: float) -> Answer:
        """Learn a quantile."""
        ...

    def risk(self, rows: Static, happened: Floats) -> Answer:
        """Learn a probability; ``happened`` holds zeros and ones, both of them."""
        ...


class LightGbm:
    """LightGBM, 300 trees of 31 leaves."""

    def quantile(self, rows: Static, y: Floats, level: float) -> Answer:
        """Learn a quantile."""
        aim: dict[str, object] = {"objective": "l1"} if level == MIDDLE else {"objective": "quantile", "alpha": level}
        return self.fitted(rows, y, aim)

    def risk(self, rows: Static, happened: Floats) -> Answer:
        """Learn a probability."""
        return self.fitted(rows, happened, {"objective": "binary"})

    def fitted(self, rows: Static, y: Floats, aim: dict[str, object]) -> Answer:
        """Train one booster."""
        lightgbm = import_module("lightgbm")
        settings = {"learning_rate": RATE, "num_leaves": LEAVES, "num_threads": 1, "seed": 1, "deterministic": True, "verbosity": -1}
        learnt = lightgbm.Dataset(rows.table, y, categorical_feature=rows.categorical, free_raw_data=True)
        booster = lightgbm.train({**settings, **aim}, learnt, num_boost_round=ROUNDS)
        return lambda some: np.asarray(booster.predict(some.table, num_threads=1), dtype=np.float64)


class Sklearn:
    """sklearn's HistGradientBoosting, 300 trees of 31 leaves."""

    def quantile(self, rows: Static, y: Floats, level: float) -> Answer:
        """Learn a quantile."""
        aim = {"loss": "absolute_error"} if level == MIDDLE else {"loss": "quantile", "quantile": level}
        model = import_module("sklearn.ensemble").HistGradientBoostingRegressor(**aim, **self.settings(rows)).fit(rows.table, y)
        return lambda some: np.asarray(model.predict(some.table), dtype=np.float64)

    def risk(self, rows: Static, happened: Floats) -> Answer:
        """Learn a probability."""
        model = import_module("sklearn.ensemble").HistGradientBoostingClassifier(**self.settings(rows)).fit(rows.table, happened)
        return lambda some: np.asarray(model.predict_proba(some.table)[:, 1], dtype=np.float64)

    def settings(self, rows: Static) -> dict[str, object]:
        """Give what regressor and classifier share."""
        return {
            "learning_rate": RATE,
            "max_iter": ROUNDS,
            "max_leaf_nodes": LEAVES,
            "early_stopping": False,
            "random_state": 1,
            "categorical_features": rows.categorical or None,
        }


class CatBoost:
    """CatBoost, 500 symmetric trees of depth 6; its ordered statistics of words are what it is known for."""

    def quantile(self, rows: Static, y: Floats, level: float) -> Answer:
        """Learn a quantile."""
        loss = "MAE" if level == MIDDLE else f"Quantile:alpha={level}"
        model = import_module("catboost").CatBoostRegressor(loss_function=loss, **self.settings).fit(self.pool(rows, y))
        return lambda some: np.asarray(model.predict(self.pool(some)), dtype=np.float64)

    def risk(self, rows: Static, happened: Floats) -> Answer:
        """Learn a probability."""
        model = import_module("catboost").CatBoostClassifier(loss_function="Logloss", **self.settings).fit(self.pool(rows, happened))
        return lambda some: np.asarray(model.predict_proba(self.pool(some))[:, 1], dtype=np.float64)

    settings = {  # noqa: RUF012 - read only
        "iterations": CAT_ROUNDS,
        "learning_rate": RATE,
        "depth": 6,
        "thread_count": 1,
        "random_seed": 1,
        "allow_writing_files": False,
        "verbose": False,
    }

    @staticmethod
    def pool(rows: Static, y: Floats | None = None) -> object:
        """Give rows as CatBoost wants them: words are bytes."""
        catboost = import_module("catboost")
        words = rows.codes.astype(str).astype(bytes).astype(object) if rows.codes.shape[1] else None
        return catboost.Pool(catboost.FeaturesData(num_feature_data=rows.numbers.astype(np.float32), cat_feature_data=words), y)


LEARNERS: dict[str, Callable[[], Learner]] = {"lightgbm": LightGbm, "catboost": CatBoost, "sklearn": Sklearn}
