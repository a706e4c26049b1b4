"""Lay out what an engineer would put before a boosted tree in an afternoon: what is known of a row by itself, nothing of other shipments.

Used by the rivals only; the product's own features are `training.features`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import Moments
from data.facts.schema import ATTRIBUTE_PREFIX
from data.sources.datasets.great_circle import great_circle_km
from training.models.gather import gather

__all__ = ["Static", "known_words", "static_columns", "static_frame"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
MOST_WORDS = 200
"""The commonest words of a column stay, the others are one: what sklearn can hold (255), and enough for states, services, hubs."""
ENDS = ("origin", "destination")
WORDS = ("carrier", "service", *(f"{end}_{part}" for end in ENDS for part in ("facility_id", "city", "region", "postal_code", "country")))


@dataclass(frozen=True, slots=True)
class Static:
    """Hold *n* rows: ``numbers`` (n, a), NaN where unknown, and ``codes`` (n, b), 0 for unknown and rare words."""

    numbers: Floats
    codes: Codes
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def categorical(self) -> list[int]:
        """Give the positions of the coded columns in `table`."""
        return list(range(self.numbers.shape[1], self.numbers.shape[1] + self.codes.shape[1]))

    @property
    def table(self) -> Floats:
        """Give numbers and codes side by side."""
        return np.hstack([self.numbers, self.codes.astype(float)])

    def take(self, rows: npt.NDArray[np.intp]) -> "Static":
        """Give some rows, by position."""
        return Static(self.numbers[rows], self.codes[rows], self.names)

    def told(self) -> npt.NDArray[np.bool_]:
        """Say which numbers are known at all; sklearn cannot bin a column of nothing."""
        return np.asarray(np.isfinite(self.numbers).any(axis=0), dtype=np.bool_)

    def only(self, numbers: npt.NDArray[np.bool_]) -> "Static":
        """Keep some columns of numbers, and all words."""
        kept = tuple(np.array(self.names[: len(numbers)], dtype=object)[numbers])
        return Static(self.numbers[:, numbers], self.codes, (*kept, *self.names[len(numbers) :]))


def static_frame(facts: Facts, moments: Moments, *, timezone: str) -> pl.DataFrame:
    """Give one row per moment, in order: plan, promise and age as known then, places, parcels, declared attributes, clock and calendar.

    Measured lanes of an earlier period count as static. ``timezone`` is the set's; hours and weekdays are read from its clock.
    """
    rows = gather(facts, moments)
    asked = pl.DataFrame({"shipment_id": moments.shipment_ids.astype(str), "at": moments.at}).with_columns(
        pl.col("at").cast(pl.Datetime("us", "UTC"))
    )
    shipments = facts.shipments.drop("created_at", "tracking_number", "planned_minutes", "distance_km")
    orders = facts.orders.select("order_id", "ordered_at", "merchant", pl.col(f"^{ATTRIBUTE_PREFIX}.*$").name.prefix("order_"))
    boxes = facts.parcels.group_by("shipment_id").agg(
        boxes=pl.len().cast(pl.Float64),
        weight_g=pl.col("weight_g").sum(),
        litres=(pl.col("length_cm") * pl.col("width_cm") * pl.col("height_cm")).sum() / 1000,
    )
    lanes = facts.lane_summaries.unique(["origin_facility_id", "destination_facility_id"], keep="first", maintain_order=True).select(
        "origin_facility_id",
        "destination_facility_id",
        lane_shipments=pl.col("shipments").cast(pl.Float64),
        lane_minutes="median_minutes",
        lane_planned_minutes="median_planned_minutes",
        lane_known="known_at",
    )
    frame = asked.join(shipments, on="shipment_id", how="left", maintain_order="left")
    frame = frame.join(orders, on="order_id", how="left", maintain_order="left")
    frame = frame.join(boxes, on="shipment_id", how="left", maintain_order="left")
    frame = frame.join(lanes, on=["origin_facility_id", "destination_facility_id"], how="left", maintain_order="left")
    known = pl.col("lane_known") <= pl.col("at")
    local = pl.col("at").dt.convert_time_zone(timezone)
    return frame.with_columns(
        pl.when(known).then(pl.col("lane_shipments", "lane_minutes", "lane_planned_minutes")),
        hours_since_order=(pl.col("at") - pl.col("ordered_at")).dt.total_seconds() / 3600.0,
        great_circle_km=great_circle_km(pl.col("origin_lat"), pl.col("origin_lon"), pl.col("destination_lat"), pl.col("destination_lon")),
        hour=local.dt.hour() + local.dt.minute() / 60.0,
        weekday=local.dt.weekday().cast(pl.Float64),
        month=local.dt.month().cast(pl.Float64),
        **{
            name: pl.Series(getattr(rows, name))
            for name in ("age_hours", "held_hours", "promise_hours", "plan_hours", "planned_minutes", "distance_km")
        },
    )


def known_words(frame: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Give numbers to the commonest words of every column of text, from 1 on; equal counts go by the alphabet."""
    columns = [name for name in frame.columns if name in {*WORDS, "merchant"} or (ATTRIBUTE_PREFIX in name and not is_number(frame, name))]
    numbered = {}
    for name in columns:
        counts = frame[name].cast(pl.String).drop_nulls().value_counts().sort("count", name, descending=[True, False])
        numbered[name] = {word: place + 1 for place, word in enumerate(counts[name].head(MOST_WORDS).to_list())}
    return {name: words for name, words in numbered.items() if len(words) > 1}


def static_columns(frame: pl.DataFrame, words: dict[str, dict[str, int]]) -> Static:
    """Code a frame of `static_frame` by the words of the rows learnt from."""
    numbers = [name for name in frame.columns if is_number(frame, name)]
    values = frame.select(pl.col(numbers).cast(pl.Float64).fill_null(float("nan"))).to_numpy() if numbers else np.empty((frame.height, 0))
    codes = [
        frame[name].cast(pl.String).replace_strict(known, default=0, return_dtype=pl.Int64).to_numpy() for name, known in words.items()
    ]
    coded = np.stack(codes, axis=1) if codes else np.empty((frame.height, 0), dtype=np.int64)
    return Static(np.asarray(values, dtype=np.float64), coded, (*numbers, *words))


def is_number(frame: pl.DataFrame, name: str) -> bool:
    return frame[name].dtype.is_numeric()
