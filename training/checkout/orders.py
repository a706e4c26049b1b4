"""Look at orders that come in several shipments: when, and what their shipments share."""

from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.statuses import PROGRESS, TERMINAL, Status
from data.facts.facts import Facts
from training.checkout.dependence import Shared
from training.models.problem import Rows

__all__ = ["checkout_moments", "order_moments", "shared_of", "shared_words"]

Words = npt.NDArray[np.object_]
Instants = npt.NDArray[np.int64]

LOOKS = 4
"""Looks at an order: when its last shipment is created, and each day after that for three days."""
DAY_MICROS = 86_400_000_000


def order_moments(facts: Facts, *, until: datetime) -> pl.DataFrame:
    """Give one row for each open shipment of each look at an order of which two or more are open: ``order_id, shipment_id, at, phase``.

    A look sees what was received by then; the phase is ``way`` as soon as one of the order's open shipments is in a carrier's hands.
    """
    many = facts.shipments.filter(pl.len().over("order_id") > 1).select(
        "order_id", "shipment_id", last=pl.col("created_at").max().over("order_id")
    )
    looks = many.join(pl.DataFrame({"day": range(LOOKS)}), how="cross").with_columns(at=pl.col("last") + pl.duration(days=pl.col("day")))
    looks = looks.filter(pl.col("at") < pl.lit(until).dt.cast_time_unit("us"))
    heard = facts.scans.filter(~pl.col("voids"))
    ends = heard.filter(pl.col("status").is_in([str(status) for status in TERMINAL]))
    carried = [str(status) for status, rank in PROGRESS.items() if PROGRESS[Status.ACCEPTED] <= rank <= PROGRESS[Status.RETURNED]]
    ended = ends.group_by("shipment_id").agg(ended=pl.col("received_at").min())
    held = heard.filter(pl.col("status").is_in(carried)).group_by("shipment_id").agg(held=pl.col("received_at").min())
    looks = looks.join(ended, on="shipment_id", how="left").join(held, on="shipment_id", how="left")
    looks = looks.filter(pl.col("ended").is_null() | (pl.col("ended") > pl.col("at")))
    looks = looks.filter(pl.len().over("order_id", "at") > 1)
    on_the_way = (pl.col("held").is_not_null() & (pl.col("held") <= pl.col("at"))).any().over("order_id", "at")
    phase = pl.when(on_the_way).then(pl.lit("way")).otherwise(pl.lit("start"))
    return looks.select("order_id", "shipment_id", "at", phase=phase).sort("at", "order_id", "shipment_id")


def checkout_moments(facts: Facts, *, since: datetime, until: datetime) -> pl.DataFrame:
    """Give one row for each shipment of orders in several, at the time of the order: ``order_id, shipment_id, at``, since <= at < until."""
    many = facts.shipments.filter(pl.len().over("order_id") > 1).join(facts.orders.select("order_id", at="ordered_at"), on="order_id")
    begin, end = (pl.lit(instant).dt.cast_time_unit("us") for instant in (since, until))
    looks = many.select("order_id", "shipment_id", "at").filter(pl.col("at").is_between(begin, end, closed="left"))
    return looks.sort("at", "order_id", "shipment_id")


def shared_of(rows: Rows, order_ids: pl.Series) -> Shared:
    """Name what each row belongs to."""
    return Shared(
        shared_words(
            origin=rows.origin,
            destination=rows.destination,
            destination_region=rows.destination_region,
            country=rows.country,
            service=rows.service,
            at=rows.at,
            order_ids=order_ids.to_numpy().astype(object),
        )
    )


def shared_words(
    *, origin: Words, destination: Words, destination_region: Words, country: Words, service: Words, at: Instants, order_ids: Words
) -> dict[str, Words]:
    """Name the group of each of *n* shipments for each relation; a word that is unknown belongs to no group.

    Days are UTC days of the moments ``at``, because what is compared is what is forecast at the same time.
    """
    day = (at // DAY_MICROS).astype(object)
    region = np.where(destination_region.astype(str) != "", destination_region, destination)
    return {
        "order": joined(order_ids, at.astype(object)),
        "origin_day": joined(origin, day),
        "lane_day": joined(origin, destination, service, day),
        "destination_day": joined(region, np.where(country.astype(str) != "", country, "?"), day),
    }


def joined(*parts: Words) -> Words:
    known = np.all([part.astype(str) != "" for part in parts], axis=0)
    texts = ["\x1f".join(map(str, found)) for found in zip(*parts, strict=True)]
    return np.where(known, np.array(texts, dtype=object), "")
