"""One connection writes and checkpoints; everybody else only reads; processes wait for each other; a crash loses nothing."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.domain.errors import InvalidFact, Unavailable
from data.domain.statuses import Status
from data.storage.engine import open_engines
from data.storage.store import open_store
from data.storage.turnstile import Turnstile
from tests.data.storage.known_facts import known_facts
from tests.makers import after, make_scan

ROOT = Path(__file__).parents[3]


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a process of its own that appends scans as told, one line of output for each acknowledged scan."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


APPENDING = """
    import sys
    from data.domain.statuses import Status
    from data.storage.store import open_store
    from tests.makers import after, make_scan

    url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open_store(url) as store:
        for i in range(count):
            store.scans.append([make_scan(f"{name}-{i}", Status.IN_TRANSIT, after(i), shipment_id="S1")])
            print(f"{name}-{i}", flush=True)
"""


def test_the_pragmas_of_both_doors(sqlite_url: str) -> None:
    """The writer is WAL, FULL and checkpoints; readers are query_only and never checkpoint."""
    engines = open_engines(sqlite_url)

    def pragma(connection: sa.Connection, name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    with engines.writer.begin() as connection:
        writer = {name: pragma(connection, name) for name in ("journal_mode", "synchronous", "foreign_keys", "query_only")}
    with engines.reader.connect() as connection:
        reader = {name: pragma(connection, name) for name in ("query_only", "wal_autocheckpoint", "journal_mode")}
    engines.dispose()

    assert writer == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0}
    assert reader == {"query_only": 1, "wal_autocheckpoint": 0, "journal_mode": "wal"}


def test_readers_cannot_write(sqlite_url: str) -> None:
    """The engine itself refuses a write through a reading connection."""
    with open_store(sqlite_url) as store, pytest.raises(Unavailable, match="readonly"), store._database.reading() as connection:
        connection.exec_driver_sql("DELETE FROM tokens")


def test_a_reader_sees_one_moment(sqlite_url: str) -> None:
    """A snapshot does not move while others write."""
    with open_store(sqlite_url) as store:
        store.facts.add(known_facts(()), source="test")
        count = sa.text("SELECT count(*) FROM scans")
        with store._database.reading() as connection:
            before = connection.execute(count).scalar()
            store.scans.append([make_scan("E1", Status.ACCEPTED, after(1))])
            during = connection.execute(count).scalar()
        with store._database.reading() as connection:
            afterwards = connection.execute(count).scalar()

    assert (before, during, afterwards) == (0, 0, 1)


def test_acknowledged_scans_survive_a_kill(sqlite_url: str) -> None:
    """A process killed without warning in the middle of appending has lost nothing that it acknowledged, and its lock is free."""
    with open_store(sqlite_url) as store:
        store.facts.add(known_facts(()), source="test")
    writing = child(APPENDING, sqlite_url, "A", "100000")
    assert writing.stdout is not None

    acknowledged = [writing.stdout.readline().strip() for _ in range(50)]
    writing.send_signal(signal.SIGKILL)
    acknowledged += writing.stdout.read().split()
    writing.wait()
    writing.stdout.close()

    with open_store(sqlite_url) as store:
        stored = {scan.scan_id for scan in store.scans.of("S1")}
        state = store.shipments.summary("S1")
        (added,) = store.scans.append([make_scan("E1", Status.DELIVERED, after(200_000))])
        with store._database.reading() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    assert len(acknowledged) >= 50
    assert set(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + 2
    assert state.last_heard_at == max(after(int(name.split("-")[1])) for name in stored)
    assert added.result == "new"
    assert sound == "ok"


def test_several_processes_write_one_file(sqlite_url: str) -> None:
    """Three processes append to one shipment at the same time: nobody fails, nothing is lost, the state is the last."""
    with open_store(sqlite_url) as store:
        store.facts.add(known_facts(()), source="test")
        others = [child(APPENDING, sqlite_url, name, "40") for name in ("A", "B")]
        for i in range(40):
            store.scans.append([make_scan(f"C-{i}", Status.IN_TRANSIT, after(i), facility_id="MEM")])
        lines = [other.communicate(timeout=120)[0].split() for other in others]

        assert [len(done) for done in lines] == [40, 40]
        assert [other.returncode for other in others] == [0, 0]
        assert len(store.scans.of("S1")) == 120
        assert store.shipments.summary("S1").last_heard_at == after(39)


def test_a_bulk_import_lets_others_in(sqlite_url: str, tmp_path: Path) -> None:
    """At the turnstile who waits comes before who wants in again, so a long import cannot starve a server."""
    turnstile = Turnstile(tmp_path / "database", patience_seconds=30)
    order: list[str] = []
    first_in = threading.Event()

    def import_slices() -> None:
        for _ in range(5):
            with turnstile.entered():
                order.append("slice")
                first_in.set()
                time.sleep(0.1)

    importer = threading.Thread(target=import_slices)
    importer.start()
    first_in.wait()
    time.sleep(0.03)
    with turnstile.entered():
        order.append("scan")
    importer.join()

    assert order.index("scan") <= 2


def test_patience_ends(tmp_path: Path) -> None:
    """Who waits longer than patience hears that the database is busy, and the turn is free afterwards."""
    impatient = Turnstile(tmp_path / "database", patience_seconds=0.05)
    patient = Turnstile(tmp_path / "database", patience_seconds=30)

    with patient.entered(), pytest.raises(Unavailable, match="another process"), impatient.entered():
        pass

    with impatient.entered():
        pass


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "no address", "postgresql://host/name", "sqlite+aiosqlite:///x"]
)
def test_other_addresses_are_refused(url: str) -> None:
    """What cannot work is refused with the addresses that can."""
    with pytest.raises(InvalidFact, match="sqlite:///file"):
        open_store(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """Ten kilobytes of something else are Unavailable, and left as they were."""
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"something else " * 700)

    with pytest.raises(Unavailable, match="not a database"):
        open_store(f"sqlite:///{path}")

    assert path.read_bytes() == b"something else " * 700


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file where the folder should be is named."""
    (tmp_path / "file").touch()

    with pytest.raises(Unavailable, match="file"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'store.sqlite3'}")


def test_a_database_that_went_away(sqlite_url: str, tmp_path: Path) -> None:
    """A damaged file is Unavailable for readers and writers, not an error of the driver."""
    with open_store(sqlite_url) as store:
        store.facts.add(known_facts(), source="test")
    path = tmp_path / "store.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(Unavailable):
        open_store(sqlite_url)


@pytest.mark.postgres
def test_postgres_that_is_not_there(tmp_path: Path) -> None:
    """A server that does not answer is Unavailable."""
    with pytest.raises(Unavailable, match=r"cannot be opened .*check its file"):
        open_store(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
