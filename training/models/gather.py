"""Read from the facts what models see beside the features, and what became of each moment."""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.orders import PromiseKind
from data.domain.statuses import PROGRESS, TERMINAL, Status
from data.facts.facts import Facts
from data.facts.moments import Moments
from data.facts.schema import INSTANT
from training.models.problem import Outcomes, Rows

__all__ = ["gather", "outcomes_known_by"]

HOUR_MICROS = 3_600_000_000
RANK = {str(status): rank for status, rank in PROGRESS.items()}


def gather(facts: Facts, moments: Moments) -> Rows:
    """Collect the rows of some moments from facts received, planned and promised by each of them."""
    asked = pl.DataFrame({"row": np.arange(len(moments)), "shipment_id": moments.shipment_ids.astype(str), "at": moments.at}).with_columns(
        pl.col("at").cast(INSTANT)
    )
    frame = asked.join(facts.shipments, on="shipment_id", how="left", maintain_order="left")
    frame = frame.join(stages(asked, facts.scans), on="row", how="left", maintain_order="left")
    shop = facts.promises.filter(pl.col("kind") == str(PromiseKind.SHOP))
    frame = frame.join(newest(asked, shop, "promised_at", ["known_at", "promise_id"]), on="row", how="left", maintain_order="left")
    arrivals = facts.legs.filter(pl.col("planned_arrival_at").is_not_null())
    frame = frame.join(
        newest(asked, arrivals, "planned_arrival_at", ["sequence", "known_at", "leg_id"]), on="row", how="left", maintain_order="left"
    )
    return Rows(
        moments.shipment_ids,
        moments.at,
        hours(frame, pl.col("at") - pl.col("created_at")),
        hours(frame, pl.col("at") - pl.col("possession_at")),
        hours(frame, pl.col("promised_at") - pl.col("at")),
        hours(frame, pl.col("planned_arrival_at") - pl.col("at")),
        numbers(frame, "planned_minutes"),
        numbers(frame, "distance_km"),
        frame["stage"].fill_null(PROGRESS[Status.UNKNOWN]).to_numpy().astype(np.int64),
        words(frame, pl.coalesce("destination_timezone", "origin_timezone", pl.lit("UTC"))),
        words(frame, pl.coalesce("destination_country", "origin_country")),
        words(frame, pl.concat_str("carrier", "service", separator="|")),
        words(frame, pl.coalesce("origin_facility_id", "origin_city", "origin_region")),
        words(frame, pl.coalesce("destination_facility_id", "destination_city", "destination_region")),
        words(frame, pl.col("origin_region")),
        words(frame, pl.col("destination_region")),
    )


def stages(asked: pl.DataFrame, scans: pl.DataFrame) -> pl.DataFrame:
    """Give the stage and the time of possession of each row that has been scanned by its moment."""
    heard = asked.join(
        scans.select("scan_id", "shipment_id", "status", "occurred_at", "received_at", "corrects_scan_id", "voids"), on="shipment_id"
    ).filter(pl.col("received_at") <= pl.col("at"))
    replaced = heard.filter(pl.col("corrects_scan_id").is_not_null()).select("row", scan_id="corrects_scan_id")
    standing = heard.join(replaced, on=["row", "scan_id"], how="anti").filter(~pl.col("voids") & (pl.col("status") != str(Status.UNKNOWN)))
    rank = pl.col("status").replace_strict(RANK, return_dtype=pl.Int64)
    moved = rank.is_between(PROGRESS[Status.ACCEPTED], PROGRESS[Status.RETURNED])
    return (
        standing.sort("occurred_at", "scan_id")
        .group_by("row", maintain_order=True)
        .agg(stage=rank.last(), possession_at=pl.col("occurred_at").filter(moved).first())
    )


def newest(asked: pl.DataFrame, table: pl.DataFrame, value: str, order: list[str]) -> pl.DataFrame:
    """Give the last known value of each row, in the order given."""
    known = asked.join(table.select(*dict.fromkeys(["shipment_id", "known_at", value, *order])), on="shipment_id")
    return (
        known.filter(pl.col("known_at") <= pl.col("at"))
        .sort(*order)
        .group_by("row", maintain_order=True)
        .agg(pl.col(value).last().alias(value))
    )


def hours(frame: pl.DataFrame, span: pl.Expr) -> npt.NDArray[np.float64]:
    found = frame.select(span.dt.total_microseconds().cast(pl.Float64).fill_null(float("nan")).alias("x"))["x"]
    return found.to_numpy() / HOUR_MICROS


def numbers(frame: pl.DataFrame, name: str) -> npt.NDArray[np.float64]:
    return frame[name].fill_null(float("nan")).to_numpy()


def words(frame: pl.DataFrame, column: pl.Expr) -> npt.NDArray[np.object_]:
    return frame.select(column.fill_null("").alias("x"))["x"].to_numpy().astype(object)


def outcomes_known_by(facts: Facts, moments: Moments, known_by: int) -> Outcomes:
    """Read the outcomes heard by an instant (microseconds since 1970 UTC), by the rules of `data.domain.journeys`.

    What counts is the first delivery that stands, also of a parcel that was sent back later. A shipment that ended otherwise (returned,
    lost, cancelled) counts as open until that was heard; one without an end as open until ``known_by``: leaving them out would teach the
    model that everything arrives soon.
    """
    cut = pl.lit(known_by).cast(INSTANT)
    asked = pl.DataFrame({"row": np.arange(len(moments)), "shipment_id": moments.shipment_ids.astype(str), "at": moments.at})
    heard = facts.scans.filter(pl.col("received_at") <= cut)
    replaced = heard.filter(pl.col("corrects_scan_id").is_not_null()).select(scan_id="corrects_scan_id")
    standing = heard.join(replaced, on="scan_id", how="anti").filter(~pl.col("voids"))
    ends = standing.filter(pl.col("status").is_in([str(status) for status in TERMINAL])).select(
        "shipment_id",
        "status",
        "scan_id",
        # A clock that runs ahead cannot report from the future.
        happened=pl.min_horizontal("occurred_at", "received_at"),
        rank=pl.col("status").replace_strict(RANK, return_dtype=pl.Int64),
        heard="received_at",
    )
    came = pl.col("status") == str(Status.DELIVERED)
    first = (
        ends.sort("happened", "rank", "scan_id")
        .group_by("shipment_id", maintain_order=True)
        .agg(
            delivered_at=pl.col("happened").filter(came).first().dt.epoch("us"),
            known_at=pl.col("heard").filter(came).first().dt.epoch("us"),
            ended_at=pl.col("heard").filter(~came).first().dt.epoch("us"),
        )
    )
    frame = asked.join(first, on="shipment_id", how="left", maintain_order="left")
    delivered = frame["delivered_at"].is_not_null().to_numpy()
    until = frame.select(x=pl.coalesce("delivered_at", "ended_at", pl.lit(known_by)))["x"].to_numpy()
    return Outcomes((until - moments.at) / HOUR_MICROS, delivered, frame["known_at"].fill_null(known_by).to_numpy())
