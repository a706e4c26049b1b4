"""Keep a few real questions and their answers beside a model, so that a loaded bundle can prove itself by one true prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.errors import ModelRefused
from data.facts.facts import Facts
from data.facts.moments import Moments

__all__ = ["GOLDEN_LEVELS", "Answering", "Distribution", "Golden", "check_golden", "golden_of"]

GOLDEN_LEVELS = (0.1, 0.5, 0.9)
TOLERANCE = 1e-6
"""Relative and absolute (hours): the same bytes on another processor may round differently, never more than this."""


class Distribution(Protocol):
    """What a golden answer needs of `training.distribution.RemainingTime`."""

    def quantile(self, levels: npt.NDArray[np.float64], /) -> npt.NDArray[np.float64]:
        """Give remaining hours, (n, levels)."""
        ...


class Answering(Protocol):
    """What the registry needs of a predictor."""

    def distribution(self, facts: Facts, moments: Moments, /) -> Distribution:
        """Give the remaining time of each moment as a distribution."""
        ...


@dataclass(frozen=True, slots=True)
class Golden:
    """Hold questions (facts and moments) and the answers (``hours``: n moments x the three levels)."""

    facts: Facts
    moments: Moments
    hours: npt.NDArray[np.float64]

    def to_state(self) -> dict[str, Any]:
        """Give plain values: tables as Arrow IPC bytes."""
        return {
            "tables": {name: packed(frame) for name, frame in self.facts.tables() if frame.height},
            "shipment_ids": [str(shipment_id) for shipment_id in self.moments.shipment_ids],
            "at": self.moments.at,
            "hours": self.hours,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Golden":
        """Read what `to_state` wrote."""
        facts = Facts.of({name: pl.read_ipc(BytesIO(content)) for name, content in state["tables"].items()})
        return cls(facts, Moments(np.array(state["shipment_ids"], dtype=object), state["at"]), state["hours"])


def packed(frame: pl.DataFrame) -> bytes:
    target = BytesIO()
    frame.write_ipc(target, compression="zstd")
    return target.getvalue()


def answers(predictor: Answering, facts: Facts, moments: Moments) -> npt.NDArray[np.float64]:
    hours: npt.NDArray[np.float64] = np.asarray(predictor.distribution(facts, moments).quantile(np.array(GOLDEN_LEVELS)))
    return hours


def golden_of(predictor: Answering, facts: Facts, moments: Moments) -> Golden:
    """Ask a predictor and keep its answers. ``facts`` should hold only what these shipments need: they travel in the bundle."""
    return Golden(facts, moments, answers(predictor, facts, moments))


def check_golden(predictor: Answering, golden: Golden) -> None:
    """Raise `ModelRefused` when the predictor does not answer as it did when it was saved."""
    hours = answers(predictor, golden.facts, golden.moments)
    if hours.shape != golden.hours.shape or not np.allclose(hours, golden.hours, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
        worst = float(np.abs(hours - golden.hours).max()) if hours.shape == golden.hours.shape else float("nan")
        raise ModelRefused(
            f"answers its stored question differently (by up to {worst:.6g} hours) than when it was saved. "
            "Run it with the library versions of its manifest, or train again."
        )
