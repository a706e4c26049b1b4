"""Sort the scans of many shipments so that one loop can fold them as they were seen at any moment."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.statuses import PROGRESS
from training.features.codes import UNKNOWN_TIME, Codes, instants
from training.features.compiled import compiled
from training.features.subjects import Subjects

__all__ = ["SortedScans", "sorted_scans"]

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SortedScans:
    """Hold scans in the total order of `data.domain.journeys.in_order`, shipment by shipment.

    The scans of shipment *s* are ``start[s]:start[s + 1]``. ``happened`` and ``received`` are int64 microseconds; ``replaced_from`` is when the
    first correction of the scan was received; ``same`` is one number for scans that repeat each other;
    ``by_receipt`` are the positions of each shipment's scans in order of receipt. ``facility`` numbers
    ``facility_ids`` (-1 unknown), ``raw_code`` any text seen here.
    """

    start: Whole
    status: Whole
    happened: Whole
    received: Whole
    replaced_from: Whole
    voids: npt.NDArray[np.bool_]
    facility: Whole
    raw_code: Whole
    same: Whole
    by_receipt: Whole
    facility_ids: Codes
    raw_codes: Codes

    def __len__(self) -> int:
        return len(self.status)


def sorted_scans(subjects: Subjects) -> SortedScans:
    """Sort the scans of the shipments asked about. A scan id that comes twice for one shipment counts once, as first received."""
    scans = subjects.facts.scans
    if scans.height and subjects.shipments < subjects.facts.shipments.height:
        scans = scans.filter(pl.col("shipment_id").is_in(subjects.frame["shipment_id"].implode()))
    scans = scans.with_columns(
        pl.Series("ship", subjects.ids.of(scans["shipment_id"])),
        pl.Series("rank", ranks(scans["status"])),
        pl.min_horizontal("occurred_at", "received_at").alias("happened"),
        pl.when(pl.col("facility_id") != "").then("facility_id").alias("facility_id"),
    ).filter(pl.col("ship") >= 0)
    if scans.select("ship", "scan_id").n_unique() < scans.height:
        scans = scans.sort("ship", "scan_id", "received_at", "happened", "rank").unique(["ship", "scan_id"], keep="first")
    scans = scans.sort("ship", "happened", "rank", "scan_id")
    ship = scans["ship"].to_numpy(writable=True)
    status, happened, received = scans["rank"].to_numpy(writable=True), instants(scans["happened"]), instants(scans["received_at"])
    facility_ids = Codes.of_distinct(subjects.facilities["facility_id"], scans["facility_id"])
    raw_codes = Codes.of_distinct(scans["raw_code"])
    facility, raw_code = facility_ids.of(scans["facility_id"]), raw_codes.of(scans["raw_code"])
    parcel = Codes.of_distinct(scans["parcel_id"]).of(scans["parcel_id"])
    return SortedScans(
        start=np.searchsorted(ship, np.arange(subjects.shipments + 1)),
        status=status,
        happened=happened,
        received=received,
        replaced_from=replaced_from(scans),
        voids=scans["voids"].to_numpy(writable=True),
        facility=facility,
        raw_code=raw_code,
        same=repetitions(ship, happened, status, facility, raw_code, parcel),
        by_receipt=np.lexsort((np.arange(len(ship)), received, ship)),
        facility_ids=facility_ids,
        raw_codes=raw_codes,
    )


def ranks(statuses: pl.Series) -> Whole:
    """Give the rank of every status, that of ``unknown`` for a word that is none of ours."""
    found = Codes([str(status) for status in PROGRESS]).of(statuses)
    return np.where(found < 0, 0, found)


def replaced_from(scans: pl.DataFrame) -> Whole:
    """Give since when each scan is corrected: the first receipt of a scan of the same shipment that corrects it; never = largest int64."""
    never = np.full(scans.height, np.iinfo(np.int64).max, dtype=np.int64)
    corrections = scans.filter(pl.col("corrects_scan_id").is_not_null())
    if not corrections.height:
        return never
    first = corrections.group_by("ship", pl.col("corrects_scan_id").alias("scan_id")).agg(pl.col("received_at").min().alias("from"))
    found = instants(scans.select("ship", "scan_id").join(first, on=["ship", "scan_id"], how="left", maintain_order="left")["from"])
    return np.where(found == UNKNOWN_TIME, never, found)


@compiled
def repetitions(  # noqa: PLR0917 - vectors side by side
    ship: Whole, happened: Whole, status: Whole, facility: Whole, raw_code: Whole, parcel: Whole
) -> Whole:
    """Give scans that repeat each other one number: the position of the first of them. Repetitions stand close in the sorted order."""
    same = np.empty(len(ship), dtype=np.int64)
    run = 0
    for i in range(len(ship)):
        if ship[i] != ship[run] or happened[i] != happened[run] or status[i] != status[run]:
            run = i
        same[i] = i
        for j in range(run, i):
            if same[j] == j and facility[i] == facility[j] and raw_code[i] == raw_code[j] and parcel[i] == parcel[j]:
                same[i] = j
                break
    return same
