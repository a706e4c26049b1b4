"""Two stores of one database, as two processes would hold them, agree."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from data.domain.journeys import as_seen
from data.domain.scans import Scan
from data.domain.statuses import Status
from data.storage.store import Store, open_store
from tests.data.storage.known_facts import NOW, known_facts, make_forecast
from tests.makers import after, make_scan


@pytest.fixture
def stores(url: str) -> Iterator[tuple[Store, Store]]:
    with open_store(url, now=lambda: NOW) as one, open_store(url, now=lambda: NOW) as other:
        one.facts.add(known_facts(()), source="test")
        yield one, other


def test_scans_of_one_shipment_through_two_stores(stores: tuple[Store, Store]) -> None:
    """Whoever writes last has folded what the other wrote: the state is that of all scans."""
    scans = [make_scan(f"E{i}", list(Status)[i % 6 + 1], after(i % 17), after(i % 23)) for i in range(60)]

    def append(numbered: tuple[int, Scan]) -> str:
        number, scan = numbered
        return stores[number % 2].scans.append([scan])[0].result

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(append, enumerate(scans)))

    journey, summary = as_seen(scans, NOW), stores[0].shipments.summary("S1")
    assert results == ["new"] * 60
    assert (summary.status, summary.status_since, summary.last_heard_at) == (journey.status, journey.status_since, journey.last_heard_at)


def test_the_same_facts_through_two_stores(stores: tuple[Store, Store]) -> None:
    """Two imports of the same folder at the same time store each row once, and nobody sees a conflict."""
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda store: store.facts.add(known_facts(), source="test"), stores))

    total = reports[0].total + reports[1].total
    assert (total.conflicting, total.refused) == (0, 0)
    assert sum(report.tables["scans"].new for report in reports) == known_facts().scans.height
    assert stores[1].facts.read().rows() == known_facts().rows()


def test_the_same_scans_and_forecasts_through_two_stores(stores: tuple[Store, Store]) -> None:
    """A race between processes has one winner and no error."""
    scans = [make_scan(f"E{i}", Status.IN_TRANSIT, after(i), shipment_id=("S1", "S2", "S3")[i % 3]) for i in range(30)]
    forecasts = [make_forecast(f"F{i}", "S2", after(i)) for i in range(10)]

    def write(store: Store) -> list[str]:
        store.forecasts.append(forecasts)
        return [answer.result for answer in store.scans.append(scans)]

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(write, [*stores, *stores]))

    assert sorted(chain.from_iterable(results)) == ["duplicate"] * 90 + ["new"] * 30
    assert stores[0].forecasts.latest(["S2"])["S2"].forecast_id == "F9"
    assert len(stores[1].forecasts.history("S2")) == 10
