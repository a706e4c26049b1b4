"""Feed the running server with what the simulated world goes on to do: new orders into the store, scans over the API."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import httpx2
import structlog

from data.domain.scans import Scan
from data.facts.facts import Facts
from data.simulator.live import due, scan_of
from data.storage.store import Store

__all__ = ["LiveFeed", "batches", "wire_form"]

TICK_SECONDS = 1.0
MOST_A_BATCH = 200


def wire_form(scan: Scan) -> dict[str, Any]:
    """Give a scan as ``POST /v1/scans`` takes it."""
    told = {
        "scan_id": scan.scan_id,
        "shipment_id": scan.shipment_id,
        "status": str(scan.status),
        "occurred_at": scan.occurred_at.isoformat(),
        "facility_id": scan.facility_id,
        "raw_code": scan.raw_code,
        "raw_text": scan.raw_text,
        "source": scan.source,
        "zone_basis": str(scan.zone_basis),
        "parcel_id": scan.parcel_id,
        "corrects_scan_id": scan.corrects_scan_id,
        "voids": scan.voids,
    }
    return {name: value for name, value in told.items() if value is not None}


class LiveFeed:
    """Play later facts as the clock goes by, in a thread of its own, until there are none or `stop` is called."""

    def __init__(self, later: Facts, *, store: Store, address: str, key: str, clock: Callable[[], datetime]) -> None:
        self._later = later
        self._store = store
        self._clock = clock
        self._client = httpx2.Client(base_url=address, headers={"authorization": f"Bearer {key}"}, timeout=30)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="doorcast-demo-feed", daemon=True)
        self._log = structlog.get_logger("doorcast.demo")
        self.sent = 0

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        self._client.close()

    def _run(self) -> None:
        while not self._ending.is_set() and self._later.scans.height:
            now = self._clock()
            come, self._later = due(self._later, now)
            self._tell_plans(come)
            for batch in batches(come):
                self._send(batch)
            self._ending.wait(TICK_SECONDS)

    def _tell_plans(self, come: Facts) -> None:
        """Put new orders, shipments, promises, plans and weather into the store, as a shop's import would."""
        tables = dict(come.tables())
        tables["scans"] = tables["scans"].clear()
        if sum(frame.height for frame in tables.values()):
            self._store.facts.add(Facts(**tables), source="demo")

    def _send(self, scans: Sequence[Scan]) -> None:
        try:
            answer = self._client.post("/v1/scans", json={"scans": [wire_form(scan) for scan in scans]})
            answer.raise_for_status()
            self.sent += len(scans)
        except httpx2.HTTPError as error:
            self._log.warning("scans were not taken; they are lost to this demo", scans=len(scans), reason=str(error))


def batches(come: Facts) -> Iterator[list[Scan]]:
    """Give the scans in the order of being heard, some at a time."""
    rows = come.scans.sort("received_at", "scan_id").iter_rows(named=True)
    batch: list[Scan] = []
    for row in rows:
        batch.append(scan_of(row))
        if len(batch) == MOST_A_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
