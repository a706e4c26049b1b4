"""Train and ask gradient-boosted trees: LightGBM behind three functions and one small class."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import lightgbm

__all__ = ["Trees", "gains", "grow", "grow_each"]

FEW_ROWS = 30_000
Matrix = npt.NDArray[np.floating]


class Trees:
    """Hold one trained forest as its text, and answer from it on one thread.

    It always answers from the text, so the object that was judged and the one loaded from a bundle are bit-equal.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.booster: lightgbm.Booster | None = None

    def predict(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Give the raw answers (n,): log odds for a binary forest."""
        if self.booster is None:
            import lightgbm

            self.booster = lightgbm.Booster(model_str=self.text)
        found = self.booster.predict(matrix, raw_score=True, num_threads=1)
        return np.asarray(found, dtype=np.float64)


def grow(
    matrix: Matrix,
    target: npt.NDArray[np.floating],
    *,
    weight: npt.NDArray[np.floating] | None = None,
    categorical: Sequence[int] = (),
    monotone: Sequence[int] = (),
    rounds: int,
    parameters: Mapping[str, object],
    seed: int = 1,
) -> Trees:
    """Grow a forest; deterministic for one seed."""
    grown = grown_booster(
        matrix, target, weight=weight, categorical=categorical, monotone=monotone, rounds=rounds, parameters=parameters, seed=seed
    )
    return Trees(grown.model_to_string())


def gains(
    matrix: Matrix,
    target: npt.NDArray[np.floating],
    *,
    weight: npt.NDArray[np.floating] | None = None,
    categorical: Sequence[int] = (),
    rounds: int,
    parameters: Mapping[str, object],
    seed: int = 1,
) -> npt.NDArray[np.float64]:
    """Grow a forest and give the gain (k,) that its splits won on each column."""
    grown = grown_booster(matrix, target, weight=weight, categorical=categorical, rounds=rounds, parameters=parameters, seed=seed)
    return np.asarray(grown.feature_importance("gain"), dtype=np.float64)


def grow_each(
    matrix: Matrix,
    targets: Sequence[npt.NDArray[np.floating]],
    *,
    categorical: Sequence[int] = (),
    rounds: int,
    parameters: Mapping[str, object],
    seed: int = 1,
) -> list[Trees]:
    """Grow one forest for each target (n,) on the same rows: bit for bit those of `grow`, but the rows are put into bins once."""
    settings = settings_of(matrix, parameters, monotone=(), seed=seed)
    binned = dataset_of(matrix, categorical=categorical)
    return [Trees(boosted(settings, binned.set_label(target), rounds).model_to_string()) for target in targets]


def grown_booster(
    matrix: Matrix,
    target: npt.NDArray[np.floating],
    *,
    weight: npt.NDArray[np.floating] | None = None,
    categorical: Sequence[int] = (),
    monotone: Sequence[int] = (),
    rounds: int,
    parameters: Mapping[str, object],
    seed: int,
) -> "lightgbm.Booster":
    data = dataset_of(matrix, target, weight=weight, categorical=categorical)
    return boosted(settings_of(matrix, parameters, monotone=monotone, seed=seed), data, rounds)


def settings_of(matrix: Matrix, parameters: Mapping[str, object], *, monotone: Sequence[int], seed: int) -> dict[str, object]:
    settings: dict[str, object] = {
        "verbosity": -1,
        "seed": seed,
        "deterministic": True,
        # Bits must not depend on a race between the two ways; columns are faster for few rows (measured: half the time at 3,000 x 200).
        "force_col_wise" if len(matrix) < FEW_ROWS else "force_row_wise": True,
        "num_threads": 1,
        **parameters,
    }
    if any(monotone):
        settings |= {"monotone_constraints": list(monotone), "monotone_constraints_method": "basic"}
    return settings


def dataset_of(
    matrix: Matrix,
    target: npt.NDArray[np.floating] | None = None,
    *,
    weight: npt.NDArray[np.floating] | None = None,
    categorical: Sequence[int],
) -> "lightgbm.Dataset":
    import lightgbm

    names = [f"c{index}" for index in range(matrix.shape[1])]
    return lightgbm.Dataset(matrix, target, weight=weight, feature_name=names, categorical_feature=list(categorical))


def boosted(settings: Mapping[str, object], data: "lightgbm.Dataset", rounds: int) -> "lightgbm.Booster":
    import lightgbm

    return lightgbm.train(dict(settings), data, num_boost_round=rounds)
