"""Hold measured lanes of an earlier period, as a shipper or carrier hands them over."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from data.facts.schema import INSTANT

__all__ = ["SEPARATOR", "LaneSummaries"]


@dataclass(frozen=True, slots=True)
class LaneSummaries:
    """Hold one lane per entry: from, to, how many shipments, their median minutes, the router's median minutes (NaN unknown), km."""

    origin: npt.NDArray[np.object_]
    destination: npt.NDArray[np.object_]
    origin_region: npt.NDArray[np.object_]
    destination_region: npt.NDArray[np.object_]
    shipments: npt.NDArray[np.float64]
    minutes: npt.NDArray[np.float64]
    planned_minutes: npt.NDArray[np.float64]
    distance_km: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.origin)

    def take(self, chosen: npt.NDArray[np.intp]) -> "LaneSummaries":
        """Give some lanes, by position."""
        return LaneSummaries(*(getattr(self, item.name)[chosen] for item in fields(self)))

    def keys(self) -> tuple[npt.NDArray[np.object_], ...]:
        """Name the cells of each lane as `training.models.lane_table.lane_keys` names those of rows; a summary knows no service."""
        nothing = np.full(len(self), "", dtype=object)
        regions = SEPARATOR + self.origin_region + SEPARATOR + self.destination_region
        lane = SEPARATOR + self.origin + SEPARATOR + self.destination
        return nothing, regions, lane

    @classmethod
    def of(cls, facts: Facts, *, known_by: int) -> "LaneSummaries":
        """Read the summaries known by an instant (microseconds since 1970 UTC); the newest of each lane counts."""
        frame = (
            facts.lane_summaries.filter(pl.col("known_at") <= pl.lit(known_by).cast(INSTANT))
            .sort("known_at", "lane_summary_id")
            .unique(["origin_facility_id", "destination_facility_id"], keep="last", maintain_order=True)
        )
        region = facts.facilities.select("facility_id", "region")
        for end in ("origin", "destination"):
            known = region.rename({"facility_id": f"{end}_facility_id", "region": f"{end}_region"})
            frame = frame.join(known, on=f"{end}_facility_id", how="left", maintain_order="left")
        return cls(
            *(frame[name].fill_null("").to_numpy().astype(object) for name in WORDS),
            *(frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in NUMBERS),
        )


SEPARATOR = "\x1f"
"""Stands between the words of a cell's name; no word holds it."""
WORDS = ("origin_facility_id", "destination_facility_id", "origin_region", "destination_region")
NUMBERS = ("shipments", "median_minutes", "median_planned_minutes", "distance_km")
