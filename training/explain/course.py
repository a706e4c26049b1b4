"""Lay what was heard of a shipment beside its plan: when each stop was reached and left, and what the carrier said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from data.domain.statuses import PROGRESS, Status
from data.facts.facts import Facts
from data.facts.moments import Moments
from data.reference.status_codes import coded_events

__all__ = ["LEAVING", "Course", "Stop", "courses_of", "events_by_code"]

POSSESSED = frozenset(
    str(status)
    for status in (Status.ACCEPTED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP)
)
"""Stages that prove that the parcel has left the shop's hands."""
RANK = {str(status): rank for status, rank in PROGRESS.items()}


@dataclass(slots=True)
class Stop:
    """Hold one facility of the plan. Instants are microseconds since 1970 UTC, ``None`` where nothing is planned or was heard.

    ``scan_ids`` are the scans there, ``wrong_way`` and ``held`` those by which the carrier said so (with the time of the hold).
    """

    facility_id: str | None
    mode: str = ""
    reach_planned: int | None = None
    leave_planned: int | None = None
    reached: int | None = None
    left: int | None = None
    scan_ids: list[str] = field(default_factory=list)
    wrong_way: str | None = None
    held: tuple[str, int] | None = None


@dataclass(slots=True)
class Course:
    """Hold the way of one shipment as it was known at ``at``.

    ``stops`` follow the plan (none without one); ``stop`` is the position of the last one heard of. ``attempts`` are failed visits to the
    door, ``last`` the id, the time and the facility of the last scan, ``taken`` id and time of the scan that proved possession.
    """

    shipment_id: str
    carrier: str
    at: int
    created_at: int
    origin_facility_id: str | None
    destination_facility_id: str | None
    stops: list[Stop]
    door_planned: int | None
    stop: int = 0
    attempts: list[tuple[str, int]] = field(default_factory=list)
    last: tuple[str, int, str | None] | None = None
    taken: tuple[str, int] | None = None
    out_at: int | None = None
    service: str = ""


@cache
def events_by_code() -> dict[tuple[str, str], str]:
    return {(carrier, code): entry.event for entry in coded_events() for carrier, (code, _) in entry.said.items()}


def courses_of(facts: Facts, moments: Moments) -> list[Course]:
    """Read the course of each moment from what was received and planned by then; in the order of the moments."""
    wanted = pl.Series(np.unique(moments.shipment_ids.astype(str)))
    mine = pl.col("shipment_id").is_in(wanted.implode())
    shipments = {
        row["shipment_id"]: row
        for row in facts.shipments.filter(mine).select(
            "shipment_id", "carrier", "service", "origin_facility_id", "destination_facility_id", pl.col("created_at").dt.epoch("us")
        ).iter_rows(named=True)
    }  # fmt: skip
    legs, scans = grouped(legs_of(facts.legs.filter(mine))), grouped(scans_of(facts.scans.filter(mine)))
    found = []
    for shipment_id, at in zip(moments.shipment_ids.astype(str).tolist(), moments.at.tolist(), strict=True):
        shipment = shipments[shipment_id]
        course = planned_course(shipment, at, legs.get(shipment_id, ()))
        for scan in effective(scans.get(shipment_id, ()), at):
            heard(course, scan, events_by_code().get((shipment["carrier"], scan["raw_code"] or "")))
        found.append(course)
    return found


Row = dict[str, Any]


def legs_of(legs: pl.DataFrame) -> pl.DataFrame:
    times = [pl.col(name).dt.epoch("us") for name in ("planned_departure_at", "planned_arrival_at", "known_at")]
    return legs.sort("shipment_id", "sequence", "known_at", "leg_id").select(
        "shipment_id", "sequence", "from_facility_id", "to_facility_id", "mode", *times
    )


def scans_of(scans: pl.DataFrame) -> pl.DataFrame:
    happened = pl.min_horizontal("occurred_at", "received_at").dt.epoch("us").alias("happened")
    rank = pl.col("status").replace_strict(RANK, default=0, return_dtype=pl.Int64).alias("rank")
    return (
        scans.select(
            "shipment_id", "scan_id", "status", "facility_id", "raw_code", "parcel_id", "corrects_scan_id", "voids", happened, rank,
            pl.col("received_at").dt.epoch("us").alias("received"),
        )
        .sort("shipment_id", "happened", "rank", "scan_id")
    )  # fmt: skip


def grouped(frame: pl.DataFrame) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault(row["shipment_id"], []).append(row)
    return rows


def effective(scans: Sequence[Row], at: int) -> list[Row]:
    """Give the scans that stand at a moment, in order of happening, each once."""
    known = [scan for scan in scans if scan["received"] <= at]
    replaced = {scan["corrects_scan_id"] for scan in known} - {None}
    kept: dict[tuple[object, ...], Row] = {}
    for scan in known:
        if scan["scan_id"] not in replaced and not scan["voids"]:
            kept.setdefault(tuple(scan[name] for name in ("status", "happened", "facility_id", "raw_code", "parcel_id")), scan)
    return list(kept.values())


def planned_course(shipment: Row, at: int, legs: Sequence[Row]) -> Course:
    newest = {leg["sequence"]: leg for leg in legs if leg["known_at"] <= at}
    stops: list[Stop] = []
    reach: int | None = None
    for _, leg in sorted(newest.items()):
        stops.append(Stop(leg["from_facility_id"], leg["mode"] or "", reach, leg["planned_departure_at"]))
        reach = leg["planned_arrival_at"]
    if stops and newest[max(newest)]["to_facility_id"] is not None:
        stops.append(Stop(newest[max(newest)]["to_facility_id"], "", reach))
    return Course(
        shipment["shipment_id"],
        shipment["carrier"],
        at,
        shipment["created_at"],
        shipment["origin_facility_id"],
        shipment["destination_facility_id"],
        stops,
        reach if stops else None,
        service=shipment["service"] or "",
    )


def heard(course: Course, scan: Row, event: str | None) -> None:  # noqa: C901 - one rule for each kind of scan
    """Take one scan into the course. Without the carrier's list of codes the first scan of a stop is its arrival, a later one its departure."""
    status, when, facility = scan["status"], scan["happened"], scan["facility_id"]
    if status == Status.UNKNOWN:
        return
    course.last = (scan["scan_id"], when, facility)
    if course.taken is None and status in POSSESSED:
        course.taken = (scan["scan_id"], when)
    if status == Status.ATTEMPT_FAILED:
        course.attempts.append((scan["scan_id"], when))
    if status == Status.OUT_FOR_DELIVERY:
        course.out_at = when
    position = next((k for k in range(course.stop, len(course.stops)) if course.stops[k].facility_id == facility), None)
    if facility is None or position is None:
        return
    stop = course.stops[position]
    course.stop = position
    stop.scan_ids.append(scan["scan_id"])
    if event == "missorted":
        stop.wrong_way = scan["scan_id"]
    elif status == Status.ON_HOLD:
        stop.held = stop.held or (scan["scan_id"], when)
    elif status == Status.PRE_TRANSIT:
        return
    elif event in LEAVING or status == Status.OUT_FOR_DELIVERY or (status == Status.ACCEPTED and position == 0):
        stop.left = stop.left or when
    elif stop.reached is None:
        stop.reached = when
    elif event is None:
        stop.left = when


LEAVING = frozenset({"departed", "picked_up"})
