"""Many callers share one commit, and each hears only of its own work."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from data.domain.errors import NotFound, Unavailable
from data.domain.statuses import Status
from data.storage.store import Store, open_store
from tests.data.storage.known_facts import known_facts
from tests.makers import after, make_scan


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(()), source="test")
    return store


class Commits:
    """Count the commits of the writer, and hold it up so that work can gather."""

    def __init__(self, store: Store) -> None:
        self.count = 0
        self.gate = threading.Event()
        self._store = store
        event.listen(store._database._engines.writer, "commit", self._counted)

    def _counted(self, _connection: sa.Connection) -> None:
        self.count += 1

    def hold(self) -> threading.Thread:
        """Occupy the writer until the gate opens."""
        blocked = threading.Event()

        def wait(_connection: sa.Connection) -> None:
            blocked.set()
            assert self.gate.wait(60)

        thread = threading.Thread(target=self._store._database.write, args=(wait,))
        thread.start()
        assert blocked.wait(60)
        return thread


def test_waiting_callers_share_one_commit(store: Store) -> None:
    """Forty appends that wait together become durable with one commit, not forty."""
    commits = Commits(store)
    holder = commits.hold()

    with ThreadPoolExecutor(40) as pool:
        futures = [pool.submit(store.scans.append, [make_scan(f"E{i}", Status.IN_TRANSIT, after(i))]) for i in range(40)]
        deadline = time.monotonic() + 30
        while store._database._writer._jobs.qsize() < 40 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not any(future.done() for future in futures)
        commits.gate.set()
        results = [future.result() for future in futures]
    holder.join()

    assert [appended.result for (appended,) in results] == ["new"] * 40
    assert len(store.scans.of("S1")) == 40
    assert commits.count == 2


def test_a_failing_caller_does_not_fail_its_neighbours(store: Store) -> None:
    """In one commit, unknown shipments, refused statements and errors of our own reach their callers alone."""
    commits = Commits(store)
    holder = commits.hold()

    def breaks(connection: sa.Connection) -> None:
        connection.execute(sa.text("DELETE FROM tokens"))
        raise KeyError("mine")

    with ThreadPoolExecutor(8) as pool:
        good = pool.submit(store.scans.append, [make_scan("E1", Status.ACCEPTED, after(1))])
        stranger = pool.submit(store.scans.append, [make_scan("E2", Status.ACCEPTED, after(1), shipment_id="S9")])
        token = pool.submit(store.tokens.issue, "S1")
        broken = pool.submit(store._database.write, breaks)
        refused = pool.submit(store._database.write, lambda connection: connection.execute(sa.text("no such statement")))
        also_good = pool.submit(store.scans.append, [make_scan("E3", Status.IN_TRANSIT, after(2))])
        commits.gate.set()

        assert good.result()[0].result == also_good.result()[0].result == "new"
        assert store.tokens.resolve(token.result(), now=after(1)).shipment_id == "S1"
        with pytest.raises(NotFound, match="S9"):
            stranger.result()
        with pytest.raises(KeyError, match="mine"):
            broken.result()
        with pytest.raises(sa.exc.SQLAlchemyError):
            refused.result()
    holder.join()

    assert [scan.scan_id for scan in store.scans.of("S1")] == ["E1", "E3"]


def test_an_acknowledged_scan_can_be_read_at_once(store: Store) -> None:
    """Whoever was answered finds the scan, its state and its forecast queue in the next read, from any thread."""

    def append_and_read(number: int) -> bool:
        scan = make_scan(f"E{number}", Status.IN_TRANSIT, after(number), shipment_id="S1" if number % 2 else "S2")
        store.scans.append([scan])
        return scan in store.scans.of(scan.shipment_id)

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(append_and_read, range(64)))
    assert store.counts()["scans"] == 64


def test_the_same_scan_from_many_threads_is_new_once(store: Store) -> None:
    """A race of duplicates has one winner, and a conflict never wins over what came first."""
    scan = make_scan("E1", Status.ACCEPTED, after(1))

    with ThreadPoolExecutor(16) as pool:
        answers = [answer.result for (answer,) in pool.map(store.scans.append, [[scan]] * 32)]
    (conflict,) = store.scans.append([replace(scan, raw_text="other")])

    assert sorted(answers) == ["duplicate"] * 31 + ["new"]
    assert conflict.result == "conflict"


def test_work_that_waits_for_itself_is_told_so(store: Store) -> None:
    """A write inside of a write would wait for ever; it is an error instead."""
    with pytest.raises(RuntimeError, match="wait for itself"):
        store._database.write(lambda _connection: store.tokens.issue("S1"))


def test_a_closed_store_refuses_writes(url: str) -> None:
    """After close, writes raise Unavailable; closing twice is fine."""
    store = open_store(url)
    store.close()
    store.close()

    with pytest.raises(Unavailable):
        store.quarantine.add([])


def test_closing_finishes_waiting_work(store: Store, url: str) -> None:
    """What was handed in before close is stored before close returns."""
    commits = Commits(store)
    holder = commits.hold()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.scans.append, [make_scan("E1", Status.ACCEPTED, after(1))])
        while store._database._writer._jobs.qsize() < 1:
            time.sleep(0.01)
        closer = threading.Thread(target=store.close)
        closer.start()
        commits.gate.set()
        closer.join()
        assert waiting.result()[0].result == "new"
    holder.join()

    with open_store(url) as again:
        assert again.counts()["scans"] == 1
