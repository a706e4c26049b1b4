"""Bring what was read into the store: good rows as facts, refused rows into the quarantine, so that nothing is lost."""

from collections.abc import Callable, Iterator, Sequence

import polars as pl

from data.domain.errors import NotFound
from data.facts.facts import Facts
from data.facts.schema import TABLES
from data.sources.canonical.csv_rows import LINE
from data.sources.canonical.read import Read
from data.sources.canonical.row_errors import sentence
from data.sources.canonical.screen import Known, Raw, nobody, screen
from data.storage.facts import AddReport, Progress
from data.storage.quarantine import Refused
from data.storage.store import Store

__all__ = ["bring_in", "known_in", "read_facts", "refused_rows"]

AT_ONCE = 10_000


def bring_in(store: Store, read: Read, *, source: str, progress: Progress | None = None) -> AddReport:
    """Put refused rows into the quarantine and add the facts; the same again changes nothing.

    ``source`` names where it came from, such as the folder. Gives the report of the store: new, unchanged and conflicting rows.
    """
    batch: list[Refused] = []
    for row in refused_rows(read, source=source):
        batch.append(row)
        if len(batch) == AT_ONCE:
            store.quarantine.add(batch)
            batch = []
    if batch:
        store.quarantine.add(batch)
    return store.facts.add(read.facts, source=source, progress=progress)


def refused_rows(read: Read, *, source: str) -> Iterator[Refused]:
    """Give every refused row as it came, with all the rules that it breaks in its message."""
    for table, rows in read.refused.items():
        why = _by_line(read.errors.filter(pl.col("table") == table))
        for row in rows.iter_rows(named=True):
            line = row.pop(LINE)
            rule, message = why[line]
            yield Refused(table, {name: value for name, value in row.items() if value is not None}, rule, message, source)
    for table, torn in read.broken.items():
        for line, rule, fields in torn.broken:
            yield Refused(table, {"fields": fields}, rule, f"line {line}: {sentence(rule)}", source)


def _by_line(errors: pl.DataFrame) -> dict[int, tuple[str, str]]:
    """Give for each line the first rule that it breaks, and a message about all of them."""
    told: dict[int, tuple[str, str]] = {}
    for file, line, column, value, rule in errors.select("file", "line", "column", "value", "rule").iter_rows():
        message = f"{file} line {line}, {column} {value!r}: {sentence(rule)}"
        told[line] = (told[line][0], f"{told[line][1]}; {message}") if line in told else (rule, message)
    return told


def known_in(store: Store) -> Known:
    """Let the store say which ids it knows: facilities, orders and shipments, the tables that rows must point to."""
    shipments = store.shipments
    one: dict[str, Callable[[str], object]] = {"orders": shipments.order, "shipments": shipments.get}

    def known(table: str, ids: Sequence[str]) -> frozenset[str]:
        if table == "facilities":
            return frozenset(shipments.facilities()).intersection(ids)
        # Most late scans belong to shipments under way; these are known in one question, the others one by one.
        under_way = frozenset(shipments.open_ids()).intersection(ids) if table == "shipments" else frozenset()
        return under_way | {id_ for id_ in ids if id_ not in under_way and _is_known(one[table], id_)}

    return known


def _is_known(get: Callable[[str], object], id_: str) -> bool:
    try:
        get(id_)
    except NotFound:
        return False
    return True


def read_facts(facts: Facts, *, name: str, known: Known = nobody) -> Read:
    """Check facts that somebody else made (an adapter) as strictly as a folder; lines are row numbers of each table."""
    tables = {}
    for table, frame in facts.tables():
        if frame.height:
            lines = pl.Series(LINE, range(1, frame.height + 1), dtype=pl.Int64())
            unread = pl.DataFrame(schema={"row": pl.Int64(), "column": pl.String(), "value": pl.String(), "rule": pl.String()})
            tables[table] = Raw(f"{name}/{table}", frame, frame.with_columns(lines), lines, unread)
    sifted = screen({table: tables[table] for table in TABLES if table in tables}, known)
    return Read(sifted.facts, sifted.errors, sifted.counts, (), sifted.refused, {})
