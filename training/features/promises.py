"""Look up each shipment's promises as they were known at each moment."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.orders import PromiseKind
from training.features.codes import UNKNOWN_TIME, instants
from training.features.compiled import compiled
from training.features.subjects import Subjects

__all__ = ["PromiseStates", "SortedPromises", "promised", "sorted_promises"]

Whole = npt.NDArray[np.int64]
NONE: Final = int(UNKNOWN_TIME)


@dataclass(frozen=True, slots=True)
class SortedPromises:
    """Hold the promises of one kind by shipment and time of becoming known (ties by id)."""

    start: Whole
    known: Whole
    promised: Whole


@dataclass(frozen=True, slots=True)
class PromiseStates:
    """Hold the ``first`` and the ``latest`` promise known at *n* moments, and how many were ``given``.

    ``first_known`` is when the first became known. Instants are microseconds, `UNKNOWN_TIME` where unknown.
    """

    first: Whole
    first_known: Whole
    latest: Whole
    given: Whole


def sorted_promises(subjects: Subjects, kind: PromiseKind) -> SortedPromises:
    """Sort the promises of one kind of the shipments asked about."""
    promises = subjects.facts.promises.filter(pl.col("kind") == str(kind))
    promises = promises.with_columns(pl.Series("ship", subjects.ids.of(promises["shipment_id"]), dtype=pl.Int64)).filter(
        pl.col("ship") >= 0
    )
    if promises["promise_id"].n_unique() < promises.height:
        promises = promises.unique(["promise_id", "known_at", "promised_at"])
    promises = promises.sort("ship", "known_at", "promise_id", "promised_at")
    return SortedPromises(
        np.searchsorted(promises["ship"].to_numpy(), np.arange(subjects.shipments + 1)),
        instants(promises["known_at"]),
        instants(promises["promised_at"]),
    )


def promised(promises: SortedPromises, row: Whole, at: Whole) -> PromiseStates:
    """Give the promises of shipment ``row[i]`` known by ``at[i]``."""
    return PromiseStates(*promise_loop(promises.start, promises.known, promises.promised, row, at))


@compiled
def promise_loop(start: Whole, known: Whole, promised_at: Whole, row: Whole, at: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    first, latest = np.full(len(row), NONE, dtype=np.int64), np.full(len(row), NONE, dtype=np.int64)
    first_known = np.full(len(row), NONE, dtype=np.int64)
    given = np.zeros(len(row), dtype=np.int64)
    for i in range(len(row)):
        for j in range(start[row[i]], start[row[i] + 1]):
            if known[j] > at[i]:
                break
            if given[i] == 0:
                first[i], first_known[i] = promised_at[j], known[j]
            latest[i] = promised_at[j]
            given[i] += 1
    return first, first_known, latest, given
