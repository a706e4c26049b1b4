"""Make columns of the way as a whole: where from, where to, how far, how long undisturbed."""

import numpy as np
import numpy.typing as npt

from training.features.earth import great_circle_km, manhattan_km
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.parcel import ROUTE, codes_of
from training.features.vocabulary import Vocabulary

__all__ = ["add_route"]

Real = npt.NDArray[np.float64]

NEAR_KM = 0.1
"""Below this great circle a detour says nothing."""


def add_route(sink: ColumnSink, state: MomentState, vocabulary: Vocabulary) -> None:
    """Add distances (great circle, along the grid, routed), their ratio, planned minutes, both points, and the codes of regions."""
    subjects = state.subjects
    ends = [subjects.floats(f"{end}.{axis}") for end in ("from", "to") for axis in ("lat", "lon")]
    circle, grid = great_circle_km(*ends), manhattan_km(*ends)
    routed, planned = subjects.floats("distance_km"), subjects.floats("planned_minutes")
    sink.add("route", "great_circle_km", circle, monotone=1)
    sink.add("route", "manhattan_km", grid)
    sink.add("route", "distance_km", routed, monotone=1)
    sink.add("route", "detour", np.where(circle > NEAR_KM, routed / np.maximum(circle, NEAR_KM), np.nan))
    sink.add("route", "planned_minutes", planned, monotone=1)
    sink.add("route", "planned_kph", np.where(planned > 0, 60 * routed / np.where(planned > 0, planned, 1.0), np.nan))
    for name, values in zip(("from_lat", "from_lon", "to_lat", "to_lon"), ends, strict=True):
        sink.add("route", name, values)
    codes = {name: codes_of(subjects.frame, name, vocabulary.categories[name])[state.row] for name in ROUTE}
    for name in ROUTE:
        sink.add("route", name.removeprefix("shipments."), codes[name], categorical=True)
    pair = codes[ROUTE[0]] * (len(vocabulary.categories[ROUTE[1]]) + 1) + codes[ROUTE[1]]
    sink.add("route", "region_pair", pair, categorical=True)
    same = np.where(np.isnan(pair), np.nan, same_text(state, "region"))
    sink.add("route", "same_region", same)


def same_text(state: MomentState, column: str) -> Real:
    """Say for each moment whether both ends of the way have the same text in a column (0 or 1)."""
    frame = state.subjects.frame
    return (frame[f"from.{column}"] == frame[f"to.{column}"]).fill_null(value=False).to_numpy()[state.row].astype(np.float64)
