"""Split one data set in two where no second folder is given: by dates, the newest shipments, or a fifth by id where times have no order."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl

from data.domain.errors import InvalidFact, TooLittleData
from data.sources.datasets.dataset import Dataset
from training.split import id_folds, in_newest_share

__all__ = ["between", "hold_out"]

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


def between(dataset: Dataset, since: datetime, until: datetime | None = None) -> tuple[Dataset, Dataset]:
    """Give the data set twice: shipments first seen before ``since`` to learn from, those first seen in [since, until) to judge (UTC).

    A rolling origin: what is later than ``until`` is in neither. Raises `InvalidFact` for a set without an order in time or dates that part nothing.
    """
    if not dataset.task.time_ordered:
        raise InvalidFact(f"{dataset.task.name} has no order in time; leave --since and --until out, a fifth of it is held out by id.")
    first = dataset.moments.group_by("shipment_id").agg(pl.col("at").min())
    later = (pl.col("at") >= since) if until is None else pl.col("at").is_between(since, until, closed="left")
    before, after = first.filter(pl.col("at") < since), first.filter(later)
    if before.is_empty() or after.is_empty():
        days = first["at"].sort().dt.strftime("%Y-%m-%d").to_list()
        spans = f"{days[0]} to {days[-1]}" if days else "no time at all"
        raise InvalidFact(
            f"{dataset.task.name}: {before.height} shipments before {since:%Y-%m-%d} and {after.height} to judge; the files span {spans}."
        )
    learnt, judged = (
        dataset.moments.join(some.select("shipment_id"), on="shipment_id", how="semi", maintain_order="left") for some in (before, after)
    )
    return replace(dataset, moments=learnt), replace(dataset, moments=judged)
