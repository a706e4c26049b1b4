"""Whatever becomes new leaves an update in the same transaction, and a reader that follows misses none."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from data.domain.errors import NotFound
from data.domain.statuses import Status
from data.domain.updates import Update, UpdateKind
from data.facts.moments import micros
from data.storage.engine import open_engines
from data.storage.noting import begin_noting, note, write_noted
from data.storage.store import Store, open_store
from data.storage.tables import UPDATES
from tests.data.storage.known_facts import NOW, SCANS, known_facts, make_forecast
from tests.makers import after, make_scan


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(()), source="test")
    return store


def kinds(store: Store, shipment_id: str = "S1", *, beyond: int = 0) -> list[str]:
    return [update.kind.value for update in store.updates.of(shipment_id, after=beyond)]


def test_a_scan_leaves_what_is_new(store: Store) -> None:
    """The first scan is a checkpoint and a change of stage; the update holds both clocks and nothing of the scan itself."""
    store.scans.append([make_scan("E1", Status.ACCEPTED, after(2))])

    first, second = store.updates.of("S1", after=0)
    assert first == Update(first.sequence, "S1", UpdateKind.CHECKPOINT_ADDED, after(2), NOW)
    assert second == Update(first.sequence + 1, "S1", UpdateKind.STATUS_CHANGED, after(2), NOW)
    assert store.updates.newest() == second.sequence
    assert store.updates.of("S2", after=0) == ()


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        ([make_scan("E1", Status.IN_TRANSIT, after(5))], ["checkpoint.added"]),
        ([make_scan("E1", Status.ATTEMPT_FAILED, after(5))], ["checkpoint.added", "delivery.attempted", "status.changed"]),
        ([make_scan("E1", Status.DELIVERED, after(5))], ["checkpoint.added", "status.changed", "delivery.completed"]),
        ([make_scan("E1", Status.ACCEPTED, after(4), corrects_scan_id="E0")], ["checkpoint.corrected", "status.changed"]),
        ([make_scan("E1", Status.UNKNOWN, after(4), corrects_scan_id="E0", voids=True)], ["checkpoint.corrected", "status.changed"]),
        ([make_scan("E0", Status.IN_TRANSIT, after(4))], []),
    ],
    ids=["one more", "attempt", "delivered", "corrected", "voided", "sent again"],
)
@pytest.mark.parametrize("way", ["one by one", "in bulk"])
def test_each_kind_of_news(store: Store, scans: list, expected: list[str], way: str) -> None:
    """A scan after one in transit, appended or imported: what is new and nothing else."""
    store.scans.append([make_scan("E0", Status.IN_TRANSIT, after(4))])
    seen = store.updates.newest()

    if way == "one by one":
        store.scans.append(scans)
    else:
        store.facts.add(known_facts(scans), source="test")

    assert kinds(store, beyond=seen) == expected


def test_many_scans_of_one_commit_are_one_update_of_each_kind(store: Store) -> None:
    """An import of a whole journey says once that there are checkpoints, dated by the newest."""
    store.facts.add(known_facts(SCANS), source="test")

    assert kinds(store) == ["checkpoint.added", "status.changed", "delivery.completed"]
    assert {update.occurred_at for update in store.updates.of("S1", after=0)} == {after(50)}
    assert kinds(store, "S2") == ["checkpoint.added", "status.changed"]


def test_adding_the_same_facts_again_is_no_news(store: Store) -> None:
    """A second import leaves no update."""
    store.facts.add(known_facts(SCANS), source="test")
    seen = store.updates.newest()

    store.facts.add(known_facts(SCANS), source="test")

    assert store.updates.newest() == seen


def test_only_a_newer_forecast_is_news(store: Store) -> None:
    """An older forecast that comes late, or the same one again, revises nothing."""
    store.forecasts.append([make_forecast("F1", as_of=after(2))])
    store.forecasts.append([make_forecast("F0", as_of=after(1))])
    store.forecasts.append([make_forecast("F1", as_of=after(2))])

    assert kinds(store, "S2") == ["eta.revised"]


def test_what_is_refused_leaves_no_update(store: Store) -> None:
    """A batch that is refused takes its news with it, also when others share its commit."""
    gate = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        blocker = pool.submit(store._database.write, lambda _: gate.wait(5))
        time.sleep(0.1)  # the three below wait together and share one commit
        bad = pool.submit(
            store.scans.append,
            [make_scan("E1", Status.ACCEPTED, after(2)), make_scan("X", Status.ACCEPTED, after(2), shipment_id="nobody")],
        )
        worse = pool.submit(store._database.write, note_and_fail)
        good = pool.submit(store.scans.append, [make_scan("E2", Status.ACCEPTED, after(2), shipment_id="S2")])
        time.sleep(0.1)
        gate.set()
        blocker.result()
        with pytest.raises(NotFound):
            bad.result()
        with pytest.raises(RuntimeError):
            worse.result()
        good.result()

    assert kinds(store) == []
    assert kinds(store, "S2") == ["checkpoint.added", "status.changed"]


def note_and_fail(connection: sa.Connection) -> None:
    note(connection, [("S1", "checkpoint.added", 0, 0)])
    raise RuntimeError("after the note")


def test_listeners_are_told_after_the_commit(store: Store) -> None:
    """When a listener is called the update can be read; who leaves is not called again."""
    seen: list[int] = []
    leave = store.updates.subscribe(lambda: seen.append(store.updates.newest()))

    store.scans.append([make_scan("E1", Status.ACCEPTED, after(2))])
    store.scans.append([make_scan("E1", Status.ACCEPTED, after(2))])
    wait_for(lambda: seen)
    leave()
    store.scans.append([make_scan("E2", Status.IN_TRANSIT, after(3))])
    store.counts()

    assert seen == [2]


def wait_for(condition, seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_since_names_those_with_news(store: Store) -> None:
    """Of the shipments asked for, those with updates after a number; none when nothing is new."""
    store.scans.append([make_scan("E1", Status.ACCEPTED, after(2))])
    seen = store.updates.newest()
    store.scans.append([make_scan("E2", Status.ACCEPTED, after(2), shipment_id="S2")])

    newest, concerned = store.updates.since(seen, ["S1", "S2", "S3"])

    assert (newest, concerned) == (store.updates.newest(), {"S2"})
    assert store.updates.since(newest, ["S1", "S2"]) == (newest, frozenset())
    assert store.updates.since(0, ["S3"])[1] == frozenset()


def test_old_updates_are_pruned_and_readers_can_tell(url: str) -> None:
    """What is older than the limit goes, the newest stays, numbers are never given again, and a reader knows whether it missed something."""
    clock = [NOW]
    with open_store(url, now=lambda: clock[0]) as store:
        store.facts.add(known_facts(()), source="test")
        assert store.updates.reaches_back_to(0)
        for number in range(5):
            store.scans.append([make_scan(f"E{number}", Status.IN_TRANSIT, after(number))])
            clock[0] += timedelta(days=1)
        before = store.updates.of("S1", after=0)

        assert store.updates.prune(NOW + timedelta(days=3)) == 4
        assert store.updates.of("S1", after=0) == before[4:]
        assert [store.updates.reaches_back_to(number) for number in (-1, 0, 3, 4, 5, 6, 7)] == [
            False,
            False,
            False,
            True,
            True,
            True,
            False,
        ]

        assert store.updates.prune(clock[0] + timedelta(days=9)) == 1
        assert store.updates.newest() == 6
        store.scans.append([make_scan("E9", Status.IN_TRANSIT, after(9))])
        assert store.updates.newest() == 7


@pytest.mark.parametrize("change", ["UPDATE updates SET kind = 'x'", "UPDATE updates SET sequence = 0"])
def test_an_update_is_never_changed(store: Store, change: str) -> None:
    """The database itself refuses, whoever asks."""
    store.scans.append([make_scan("E1", Status.ACCEPTED, after(2))])

    with pytest.raises(DBAPIError, match="never changed"), store._database._engines.writer.begin() as connection:
        connection.exec_driver_sql(change)


def test_an_import_of_many_shipments(url: str) -> None:
    """Beyond the number that is copied in bulk, order and content are the same."""
    ids = [f"M{number:04}" for number in range(700)]
    with open_store(url, now=lambda: NOW) as store:
        store.facts.add(known_facts(()), source="test")
        with store._database._engines.writer.begin() as connection:
            begin_noting(connection)
            note(connection, [("S1", "checkpoint.added", number, micros(NOW)) for number in range(len(ids))])
            assert write_noted(connection) == 700

        assert [micros(update.occurred_at) for update in store.updates.of("S1", after=0)] == list(range(700))


@pytest.mark.postgres
def test_no_update_becomes_readable_below_one_that_is(postgres) -> None:
    """A transaction that drew its numbers first and commits late keeps others from becoming readable before it."""
    url = postgres.emptied_database()
    engines = open_engines(url)
    with open_store(url, now=lambda: NOW) as store, ThreadPoolExecutor(1) as pool:
        store.facts.add(known_facts(()), source="test")
        late = engines.writer.connect()
        transaction = late.begin()
        begin_noting(late)
        note(late, [("S1", "checkpoint.added", 0, 0)])
        write_noted(late)
        quick = pool.submit(store.scans.append, [make_scan("E2", Status.ACCEPTED, after(2), shipment_id="S2")])
        time.sleep(0.5)
        waiting, readable = not quick.done(), store.updates.newest()
        transaction.commit()
        late.close()
        quick.result(timeout=5)
        order = [store.updates.of(shipment_id, after=0)[0].sequence for shipment_id in ("S1", "S2")]
    engines.dispose()

    assert (waiting, readable) == (True, 0)
    assert order == sorted(order)


def test_a_reader_that_follows_two_writing_processes_misses_nothing(url: str) -> None:
    """Two stores write at the same time; who always asks for what came after the last number seen gets every update, in order."""
    with open_store(url, now=lambda: NOW) as one, open_store(url, now=lambda: NOW) as other, open_store(url, now=lambda: NOW) as reader:
        one.facts.add(known_facts(()), source="test")
        done = threading.Event()
        followed: list[int] = []

        def follow() -> None:
            last, final = 0, False
            while not final:
                final = done.is_set()
                with reader._database.reading() as connection:
                    rows = connection.execute(sa.select(UPDATES.c.sequence).where(UPDATES.c.sequence > last).order_by(UPDATES.c.sequence))
                    fresh = list(rows.scalars())
                followed.extend(fresh)
                last = fresh[-1] if fresh else last

        def write(number: int) -> None:
            store, shipment = (one, other)[number % 2], ("S1", "S2", "S3")[number % 3]
            store.scans.append([make_scan(f"E{number}", list(Status)[number % 6 + 1], after(number % 50), shipment_id=shipment)])
            store.forecasts.append([make_forecast(f"F{number}", shipment, after(number % 50))])

        following = threading.Thread(target=follow)
        following.start()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(60)))
        done.set()
        following.join()
        everything = sorted(update.sequence for shipment in ("S1", "S2", "S3") for update in one.updates.of(shipment, after=0))

    assert followed == everything
    assert len(everything) > 60
