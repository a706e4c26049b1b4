"""Ask a predictor about the past and lay what it said beside what happened, one row per moment.

The table is what every score, picture and comparison is computed from, so none of them can look at other rows than the others. Only facts
heard by each moment reach the predictor (it sees to that itself); only outcomes heard by ``known_by`` are taken as true.
"""

from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.orders import PromiseKind
from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from data.facts.schema import INSTANT
from training.distribution import RemainingTime
from training.models.gather import HOUR_MICROS, gather, outcomes_known_by
from training.models.problem import Rows

__all__ = ["LEVELS", "Answering", "judge", "judgeable", "quantile_column"]

LEVELS = (0.05, 0.1, 0.5, 0.9, 0.95)
HOURS_OUT = ((6, "below 6 h"), (24, "6 to 24 h"), (48, "1 to 2 d"), (96, "2 to 4 d"), (168, "4 to 7 d"), (np.inf, "7 d and more"))
"""Upper bounds of the buckets of true remaining time (VOCABULARY, hours out)."""
STAGES = tuple(str(status) for status in Status)


class Answering(Protocol):
    """What judging needs of a predictor."""

    def distribution(self, facts: Facts, moments: Moments) -> RemainingTime:
        """Give the remaining time of each moment."""
        ...


def quantile_column(level: float) -> str:
    """Name the column of a quantile: hours from the moment."""
    return f"q{round(level * 100):02d}"


def judgeable(facts: Facts, moments: Moments, *, known_by: datetime) -> tuple[Moments, int]:
    """Give the moments whose outcome can be judged, and how many were left out because the shipment was delivered before the moment.

    News of a delivery can be late; a moment between the delivery and its news has no time left to forecast.
    """
    outcomes = outcomes_known_by(facts, moments, micros(known_by))
    over = outcomes.delivered & (outcomes.hours <= 0)
    return Moments(moments.shipment_ids[~over], moments.at[~over]), int(over.sum())


def judge(predictor: Answering, facts: Facts, moments: Moments, *, known_by: datetime) -> pl.DataFrame:
    """Give one row per moment, in order.

    Columns: ``shipment_id``, ``at``, ``stage``, ``carrier``, ``hours_out`` (bucket of the true hours, null while open), ``said_hours`` (bucket
    of the said median), ``hours`` (true remaining hours, null
    while open at ``known_by``), the quantiles ``q05`` … ``q95`` (hours), ``reached`` (said probability of
    having come by then, or by the last instant at which it was known to be open), ``promise_hours``
    and ``carrier_date_hours`` from the moment (null without), ``late`` (null while nobody can know) and ``late_probability``.
    """
    rows = gather(facts, moments)
    outcomes = outcomes_known_by(facts, moments, micros(known_by))
    said = predictor.distribution(facts, moments)
    quantiles = said.quantile(LEVELS)
    hours = np.where(outcomes.delivered, outcomes.hours, np.nan)
    promise = np.where(rows.promise_hours > 0, rows.promise_hours, np.nan)
    passed = outcomes.hours > promise
    frame = pl.DataFrame(
        {
            "shipment_id": moments.shipment_ids.astype(str),
            "at": moments.at,
            "stage": [STAGES[rank] for rank in rows.stage],
            "carrier": [word.partition("|")[0] for word in rows.service],
            "hours_out": buckets("hours_out", hours),
            "said_hours": buckets("said_hours", quantiles[:, LEVELS.index(0.5)]),
            "hours": hours,
            **{quantile_column(level): quantiles[:, number] for number, level in enumerate(LEVELS)},
            "reached": said.arrived(np.maximum(outcomes.hours, 0.0)),
            "promise_hours": promise,
            "carrier_date_hours": carrier_date(facts, rows),
            "late": np.where((outcomes.delivered & ~np.isnan(promise)) | passed, passed.astype(float), np.nan),
            "late_probability": said.survival(promise),
        },
        schema_overrides={"stage": pl.String, "carrier": pl.String},
    )
    return frame.with_columns(pl.col("at").cast(INSTANT), pl.col(pl.Float64).fill_nan(None))


def buckets(name: str, hours: npt.NDArray[np.float64]) -> pl.Series:
    place = np.searchsorted([bound for bound, _ in HOURS_OUT], np.nan_to_num(hours), side="right")
    names = [HOURS_OUT[min(spot, len(HOURS_OUT) - 1)][1] if known else None for spot, known in zip(place, ~np.isnan(hours), strict=True)]
    return pl.Series(name, names, dtype=pl.String)


def carrier_date(facts: Facts, rows: Rows) -> npt.NDArray[np.float64]:
    """Give hours to the carrier's date as last heard by each moment, NaN without one."""
    asked = pl.DataFrame({"row": np.arange(len(rows)), "shipment_id": rows.shipment_ids.astype(str), "at": rows.at})
    dates = facts.promises.filter(pl.col("kind") == str(PromiseKind.CARRIER)).sort("known_at", "promise_id")
    heard = asked.join(dates.select("shipment_id", "promised_at", "known_at"), on="shipment_id", maintain_order="left_right")
    last = heard.filter(pl.col("known_at").dt.epoch("us") <= pl.col("at")).group_by("row").agg(date=pl.col("promised_at").last())
    joined = asked.join(last, on="row", how="left", maintain_order="left")
    span = joined.select(x=(pl.col("date").dt.epoch("us") - pl.col("at")).cast(pl.Float64).fill_null(float("nan")))["x"]
    return span.to_numpy() / HOUR_MICROS
