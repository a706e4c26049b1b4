"""Keep the hierarchical lane table: shrunk medians from everything down to one lane and service. Usable alone; the fallback."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from training.models.lanes import SEPARATOR
from training.models.problem import Rows

__all__ = ["LaneTable", "lane_keys"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]

PRIOR_SHIPMENTS = 2.0
"""A cell of so many shipments counts as much as its parent (Delhivery, 30 September: 2, 4, 8 give 33.1, 34.2, 35.5 minutes of the table alone)."""


def lane_keys(rows: Rows, *, staged: bool) -> tuple[Words, ...]:
    """Name the cell of each row at each level, coarse to fine: stage, regions, lane, lane with service."""
    stage = rows.stage.astype(str).astype(object) if staged else np.full(len(rows), "", dtype=object)
    regions = stage + SEPARATOR + rows.origin_region + SEPARATOR + rows.destination_region
    lane = stage + SEPARATOR + rows.origin + SEPARATOR + rows.destination
    return stage, regions, lane, lane + SEPARATOR + rows.service


@dataclass(frozen=True, slots=True)
class LaneTable:
    """Hold shrunk medians (or means) and counts of a number (a log ratio, or log hours) for every cell of every level."""

    overall: float
    levels: tuple[dict[str, tuple[float, float]], ...]

    @classmethod
    def fit(
        cls,
        value: Floats,
        keys: Sequence[Words],
        *,
        weight: Floats | None = None,
        prior: Floats | None = None,
        strength: float = PRIOR_SHIPMENTS,
        mean: bool = False,
        overall: float | None = None,
    ) -> "LaneTable":
        """Learn medians of ``value`` (n,) in the cells named by each level of ``keys``, each shrunk to its parent cell.

        ``weight`` counts shipments behind one value; ``prior`` (n,) replaces the parent of the finest-but-one level (the lane).
        With ``mean`` cells hold means. ``overall`` is the parent of the coarsest level; the median of all when absent.
        """
        size = np.ones(len(value)) if weight is None else weight
        if overall is None:
            overall = float(weighted_median(value, size)) if len(value) else 0.0
        parent = np.full(len(value), overall)
        half = pl.col("value").filter(pl.col("reached") >= pl.col("total") / 2).first()
        middle = (pl.col("value") * pl.col("size")).sum() / pl.col("size").sum() if mean else half
        levels = []
        for depth, names in enumerate(keys):
            if prior is not None and depth == LANE_LEVEL:
                parent = prior
            frame = pl.DataFrame({"name": names.astype(str), "value": value, "size": size, "parent": parent})
            cells = (
                frame.sort("name", "value")
                .with_columns(reached=pl.col("size").cum_sum().over("name"), total=pl.col("size").sum().over("name"))
                .group_by("name", maintain_order=True)
                .agg(
                    middle=middle,
                    total=pl.col("total").first(),
                    parent=pl.col("parent").mean(),
                )
                .with_columns(shrunk=(pl.col("middle") * pl.col("total") + pl.col("parent") * strength) / (pl.col("total") + strength))
            )
            levels.append(dict(zip(cells["name"], zip(cells["shrunk"], cells["total"], strict=True), strict=True)))
            parent = np.array([levels[-1][name][0] for name in names.astype(str)], dtype=float)
        return cls(overall, tuple(levels))

    def look_up(self, keys: Sequence[Words], prior: Floats | None = None) -> tuple[Floats, Floats]:
        """Give (n,) the value of the finest known cell of each row, and how many shipments its lane has seen (0 is a cold lane)."""
        value = np.full(len(keys[0]), self.overall)
        seen = np.zeros(len(value))
        for depth, names in enumerate(keys[: len(self.levels)]):
            if prior is not None and depth == LANE_LEVEL:
                value = prior.copy()
            cells = self.levels[depth]
            found = [cells.get(name) for name in names]
            known = np.array([cell is not None for cell in found], dtype=bool)
            value[known] = [cell[0] for cell in found if cell is not None]
            if depth == LANE_LEVEL:
                seen[known] = [cell[1] for cell in found if cell is not None]
        return value, seen

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        columns = [
            {
                "names": list(level),
                "values": np.array([cell[0] for cell in level.values()]),
                "sizes": np.array([cell[1] for cell in level.values()]),
            }
            for level in self.levels
        ]
        return {"overall": self.overall, "levels": columns}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "LaneTable":
        """Make it again of plain data."""
        levels = (
            dict(zip(level["names"], zip(level["values"].tolist(), level["sizes"].tolist(), strict=True), strict=True))
            for level in state["levels"]
        )
        return cls(state["overall"], tuple(levels))


LANE_LEVEL = 2


def weighted_median(value: Floats, weight: Floats) -> float:
    """Give the smallest value by which half of the weight is reached."""
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order])
    return float(value[order][np.searchsorted(reached, reached[-1] / 2)])
