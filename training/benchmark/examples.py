"""Turn the moments of a real data set into what training and scoring need: pairs, outcomes and truths."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.moments import Moments
from data.sources.datasets.dataset import Dataset
from training.models.problem import HOUR_MICROS, Outcomes

__all__ = ["Examples", "examples_of"]

Floats = npt.NDArray[np.float64]
FAR_FUTURE = np.iinfo(np.int64).max // 2


@dataclass(frozen=True, slots=True)
class Examples:
    """Hold rows of a data set, one per shipment and moment.

    ``y`` is the truth in the task's unit, counted from ``ahead_hours`` after the moment (flights count from their planned arrival). ``late`` is
    0, 1 or NaN; ``promise_hours`` from the moment, NaN without a promise; ``group`` the empty word without one.
    """

    moments: Moments
    name: npt.NDArray[np.object_]
    outcomes: Outcomes
    y: Floats
    ahead_hours: Floats
    late: Floats
    promise_hours: Floats
    group: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.y)

    def and_also(self, other: "Examples") -> "Examples":
        """Give these rows and then the others."""
        moments = Moments(
            np.concatenate([self.moments.shipment_ids, other.moments.shipment_ids]), np.concatenate([self.moments.at, other.moments.at])
        )
        outcomes = Outcomes(
            np.concatenate([self.outcomes.hours, other.outcomes.hours]),
            np.concatenate([self.outcomes.delivered, other.outcomes.delivered]),
            np.concatenate([self.outcomes.known_at, other.outcomes.known_at]),
        )
        return Examples(
            moments,
            np.concatenate([self.name, other.name]),
            outcomes,
            np.concatenate([self.y, other.y]),
            np.concatenate([self.ahead_hours, other.ahead_hours]),
            np.concatenate([self.late, other.late]),
            np.concatenate([self.promise_hours, other.promise_hours]),
            np.concatenate([self.group, other.group]),
        )

    def take(self, chosen: npt.NDArray[np.intp]) -> "Examples":
        """Give some rows, by position."""
        moments = Moments(self.moments.shipment_ids[chosen], self.moments.at[chosen])
        return Examples(
            moments,
            self.name[chosen],
            self.outcomes.take(chosen),
            self.y[chosen],
            self.ahead_hours[chosen],
            self.late[chosen],
            self.promise_hours[chosen],
            self.group[chosen],
        )


def examples_of(dataset: Dataset, *, flag: str) -> Examples:
    """Read the rows that the protocol uses for ``trains`` or ``scored``, in order of time, then shipment, then moment.

    Outcomes become usable when the protocol says so; an open row has no delivery, and its hours are for the caller's cut to fill in.
    """
    frame = dataset.moments.filter(pl.col(flag)).sort("at", "shipment_id", "moment")
    at = epoch(frame, "at")
    delivered = frame.select(pl.col("delivered_at").is_not_null() & pl.col("label_usable_at").is_not_null()).to_series().to_numpy()
    hours = np.where(delivered, (epoch(frame, "delivered_at") - at) / HOUR_MICROS, np.inf)
    promised = frame["promised_at"].is_not_null().to_numpy()
    return Examples(
        Moments(frame["shipment_id"].to_numpy().astype(object), at),
        frame["moment"].to_numpy().astype(object),
        Outcomes(hours, delivered, np.where(delivered, epoch(frame, "label_usable_at"), FAR_FUTURE)),
        frame["y"].fill_null(float("nan")).to_numpy(),
        (epoch(frame, "counts_from") - at) / HOUR_MICROS,
        frame["late"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        np.where(promised, (epoch(frame, "promised_at") - at) / HOUR_MICROS, np.nan),
        frame["group"].fill_null("").to_numpy().astype(object),
    )


def epoch(frame: pl.DataFrame, name: str) -> npt.NDArray[np.int64]:
    return frame[name].dt.epoch("us").fill_null(0).to_numpy()
