"""Split rows for choosing and judging: by time where there is an order in time, by shipment where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.models.problem import Problem

__all__ = ["Block", "id_folds", "in_newest_share", "time_blocks"]

Positions = npt.NDArray[np.intp]
HOUR_MICROS = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one trial: rows to learn from with knowledge up to ``cut`` (microseconds since 1970 UTC; ``None`` without order in time), rows to judge on."""

    cut: int | None
    learn: Positions
    judge: Positions


def time_blocks(problem: Problem, *, count: int = 2, share: float = 0.12) -> tuple[Block, ...]:
    """Give rolling origins: each block judges the next ``share`` of the rows with what was known at its start.

    The last block ends where nine of ten shipments that started by then have shown how long they take; later rows would be judged by their fast ones.
    Blocks without enough rows before them are left out.
    """
    at, outcomes = problem.rows.at, problem.outcomes
    came = outcomes.delivered & (outcomes.hours > 0)
    if not came.any():
        return ()
    slow_micros = np.quantile(outcomes.hours[came], 0.9) * HOUR_MICROS
    span = float(at.max() - at.min())
    newest = float(at.max()) - min(slow_micros, span / 3)
    order = np.argsort(at, kind="stable")
    usable = int((at <= newest).sum())
    size = max(int(usable * share), 1)
    blocks = []
    for number in range(count, 0, -1):
        judge = order[max(usable - number * size, 0) : usable - (number - 1) * size]
        if not len(judge):
            continue
        cut = int(at[judge].min())
        learn = np.flatnonzero(at < cut)
        if len(learn) >= 2 * size:
            blocks.append(Block(cut, learn, judge))
    return tuple(blocks)


def id_folds(shipment_ids: npt.NDArray[np.object_], *, folds: int, seed: int = 1) -> npt.NDArray[np.int64]:
    """Give the fold of each row, all rows of a shipment in one; it depends on the ids and the seed, not on the order of the rows."""
    names, shipment = np.unique(shipment_ids.astype(str), return_inverse=True)
    return np.random.default_rng(seed).permutation(np.arange(len(names)) % folds)[shipment]


def fold_blocks(folds: npt.NDArray[np.int64]) -> tuple[Block, ...]:
    """Give one block for each fold, which is judged with what the others know."""
    return tuple(Block(None, np.flatnonzero(folds != one), np.flatnonzero(folds == one)) for one in np.unique(folds))


def in_newest_share(first_seen: Sequence[int] | npt.NDArray[np.int64], share: float = 0.2) -> npt.NDArray[np.bool_]:
    """Say which shipments belong to the newest ``share`` by the instant they were first seen; equal instants stay together."""
    instants = np.asarray(first_seen)
    newest: npt.NDArray[np.bool_] = instants >= np.quantile(instants, 1 - share, method="higher")
    return newest
