"""Split one data set in two where no second folder is given: the newest shipments, or a fifth by id where times have no order."""

from dataclasses import replace

import numpy as np
import polars as pl

from data.domain.errors import TooLittleData
from data.sources.datasets.dataset import Dataset
from training.split import id_folds, in_newest_share

__all__ = ["hold_out"]

SHARE = 0.2


def hold_out(dataset: Dataset, *, share: float = SHARE, seed: int = 1) -> tuple[Dataset, Dataset]:
    """Give the data set twice, each with the moments of its own shipments only; the facts stay whole, features look no later than their moment.

    Raises `TooLittleData` for a data set without any moment.
    """
    if dataset.moments.is_empty():
        raise TooLittleData(f"{dataset.task.name}: the files hold no row to learn from; check that the folder is whole.")
    first = dataset.moments.group_by("shipment_id").agg(pl.col("at").min()).sort("at", "shipment_id")
    ids = first["shipment_id"].to_numpy().astype(object)
    if dataset.task.time_ordered:
        newest = in_newest_share(first["at"].dt.epoch("us").to_numpy(), share)
    else:
        newest = id_folds(ids, folds=round(1 / share), seed=seed) == 0
    held = pl.Series(ids[np.flatnonzero(newest)].tolist(), dtype=pl.String())
    inside = dataset.moments["shipment_id"].is_in(held.implode())
    return replace(dataset, moments=dataset.moments.filter(~inside)), replace(dataset, moments=dataset.moments.filter(inside))
