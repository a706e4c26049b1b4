"""Make columns of what is sent: declared attributes, carrier and service, and the boxes."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.codes import UNKNOWN_TIME, Codes, floats, instants
from training.features.compiled import compiled
from training.features.hours import hours_between
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.subjects import Subjects
from training.features.vocabulary import Vocabulary

__all__ = ["add_parcel", "codes_of"]

ROUTE = ("shipments.origin_region", "shipments.destination_region", "shipments.origin_country", "shipments.destination_country")
"""Categories that speak of the route; `training.features.route` adds them."""

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
CM3_PER_LITRE: Final = 1000.0


def add_parcel(sink: ColumnSink, state: MomentState, vocabulary: Vocabulary) -> None:
    """Add declared attributes (those of the order from ``ordered_at`` on), categories as codes, and sums over the boxes."""
    subjects = state.subjects
    placed = subjects.order_known()

    def known(name: str, values: Real) -> Real:
        return np.where(placed, values, np.nan) if name.startswith("orders.") else values

    for name in vocabulary.numbers:
        series = column_of(subjects.frame, name)
        values = floats(series) if is_number(series) else np.full(subjects.shipments, np.nan)
        sink.add("parcel", name, known(name, values[state.row]))
    for name in vocabulary.instants:
        series = column_of(subjects.frame, name)
        dated = isinstance(series.dtype, pl.Datetime | pl.Date)
        dates = instants(as_utc(series)) if dated else np.full(subjects.shipments, UNKNOWN_TIME)
        sink.add("parcel", f"{name}_hours_ahead", known(name, hours_between(state.at, dates[state.row])))
    for name, categories in vocabulary.categories.items():
        if name not in ROUTE and not name.startswith(("legs.", "scans.")):
            sink.add("parcel", name, known(name, codes_of(subjects.frame, name, categories)[state.row]), categorical=True)
    add_boxes(sink, state)


def column_of(frame: pl.DataFrame, name: str) -> pl.Series:
    """Give the column of a vocabulary's name; all null when the frame has none of that name."""
    table, _, column = name.partition(".")
    found = name if name in frame.columns else column
    if found not in frame.columns or (column.startswith("attr_") and found != name):
        return pl.Series(name, [None] * frame.height, dtype=pl.Null)
    return frame[found] if table in {"orders", "shipments"} else frame[name]


def is_number(series: pl.Series) -> bool:
    return series.dtype.is_numeric() or series.dtype == pl.Boolean


def as_utc(series: pl.Series) -> pl.Series:
    """Give dates and instants as UTC microseconds; a date without a zone is read as UTC."""
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone is not None:
        return series.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    return series.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def codes_of(frame: pl.DataFrame, name: str, categories: tuple[str, ...]) -> Real:
    """Give the code of every shipment's category: the vocabulary's number, one more than the last for a text it does not list, NaN for null."""
    series = column_of(frame, name)
    if series.dtype == pl.Null:
        return np.full(frame.height, np.nan)
    texts = series.cast(pl.String)
    numbers = Codes(categories).of(texts)
    return np.where(texts.is_null().to_numpy(), np.nan, np.where(numbers < 0, len(categories), numbers).astype(np.float64))


def add_boxes(sink: ColumnSink, state: MomentState) -> None:
    """Add the number of boxes, their weight and volume together, and the longest side; NaN when no box says it."""
    sums = box_sums(*sorted_boxes(state.subjects))
    for name, values in zip(("parcels", "weight_g", "volume_litres", "longest_cm"), sums, strict=True):
        sink.add("parcel", name, values[state.row])


def sorted_boxes(subjects: Subjects) -> tuple[Whole, Real, Real, Real, Real]:
    """Give the boxes of the shipments asked about by shipment and id: where each shipment starts, weight and the three sides."""
    parcels = subjects.facts.parcels
    boxes = parcels.with_columns(pl.Series("ship", subjects.ids.of(parcels["shipment_id"]), dtype=pl.Int64)).filter(pl.col("ship") >= 0)
    boxes = boxes.unique(["ship", "parcel_id"], keep="first").sort("ship", "parcel_id")
    start = np.searchsorted(boxes["ship"].to_numpy(), np.arange(subjects.shipments + 1))
    return start, *(floats(boxes[column]) for column in ("weight_g", "length_cm", "width_cm", "height_cm"))  # type: ignore[return-value]


@compiled
def box_sums(start: Whole, weight_g: Real, length_cm: Real, width_cm: Real, height_cm: Real) -> tuple[Real, Real, Real, Real]:
    rows = len(start) - 1
    boxes, weight, volume, longest = (np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan))
    for i in range(rows):
        if start[i + 1] > start[i]:
            boxes[i] = start[i + 1] - start[i]
        for j in range(start[i], start[i + 1]):
            if not np.isnan(weight_g[j]):
                weight[i] = weight_g[j] + (0.0 if np.isnan(weight[i]) else weight[i])
            litres = length_cm[j] * width_cm[j] * height_cm[j] / CM3_PER_LITRE
            if not np.isnan(litres):
                volume[i] = litres + (0.0 if np.isnan(volume[i]) else volume[i])
            for side in (length_cm[j], width_cm[j], height_cm[j]):
                if not np.isnan(side) and not side <= longest[i]:
                    longest[i] = side
    return boxes, weight, volume, longest
