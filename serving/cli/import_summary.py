"""Say what an import did: rows of each table, defects, notes, and the first row errors; for people and for machines."""

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.facts.rules import RULES
from data.sources.canonical.read import Read
from data.sources.datasets.dataset import Defect
from data.storage.facts import AddReport

__all__ = ["as_object", "print_summary", "refused"]

SHOWN_CHARACTERS = 60


def refused(read: Read, report: AddReport | None) -> int:
    """Count the rows that did not become facts: refused here, or by the store because it knows the id with other content."""
    in_store = report.total.conflicting + report.total.refused if report else 0
    return read.refused_rows + in_store


def as_object(
    read: Read, defects: tuple[Defect, ...], report: AddReport | None, *, errors: int, seconds: float, exit_code: int
) -> dict[str, Any]:
    """Give the summary as plain values; ``errors`` limits the row errors that are listed."""
    tables = {name: asdict(counted) | ({"store": asdict(report.tables[name])} if report else {}) for name, counted in read.counts.items()}
    return {
        "stored": report is not None,
        "tables": tables,
        "rows_refused": refused(read, report),
        "rules": _by_rule(read),
        "errors_total": read.errors.height,
        "errors": [row | {"message": RULES[row["rule"]]} for row in read.errors.head(errors).to_dicts()],
        "notes": [asdict(note) for note in read.notes],
        "defects": [asdict(defect) for defect in defects],
        "seconds": round(seconds, 3),
        "exit_code": exit_code,
    }


def print_summary(
    console: Console, read: Read, defects: tuple[Defect, ...], report: AddReport | None, *, errors: int, seconds: float
) -> None:
    """Print the summary as tables. Values of files are shown with control characters spelled out."""
    console.print(_tables(read, report, seconds))
    met = [defect for defect in defects if defect.count]
    if met:
        console.print(_defects(met))
    for note in read.notes:
        console.print(Text(f"note: {note.table}: {note.count:,} {_plain(note.meaning)}"))
    if read.errors.height:
        console.print(_errors(read, errors))
        for rule, count in _by_rule(read).items():
            console.print(Text(f"{count:,} x {rule}: {RULES[rule]}"))
    if report is not None and refused(read, report):
        console.print(
            Text(f"{refused(read, report):,} rows are in the quarantine; correct them in the files and import again.", style="bold")
        )


def _by_rule(read: Read) -> dict[str, int]:
    counted = read.errors.group_by("rule").len().sort("len", "rule", descending=[True, False])
    return dict(counted.iter_rows())


def _tables(read: Read, report: AddReport | None, seconds: float) -> Table:
    title = "Imported" if report else "Checked, nothing stored"
    table = Table(title=f"{title} in {seconds:.1f} s", title_justify="left")
    table.add_column("table", no_wrap=True)
    columns = ["rows", "good", "folded", "refused"] + (["new", "known", "conflicting"] if report else [])
    for name in columns:
        table.add_column(name, justify="right")
    for name, counted in read.counts.items():
        cells = [counted.rows, counted.good, counted.folded, counted.refused]
        if report:
            added = report.tables[name]
            cells[3] += added.refused
            cells += [added.new, added.unchanged, added.conflicting]
        table.add_row(name, *(f"{cell:,}" for cell in cells))
    return table


def _defects(met: list[Defect]) -> Table:
    table = Table(title="Dirt of this data set", title_justify="left", show_header=False, box=None)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for defect in met:
        table.add_row(f"{defect.count:,}", Text(f"{defect.code} ({defect.table}): {defect.meaning}; {defect.treatment}"))
    return table


def _errors(read: Read, limit: int) -> Table:
    table = Table(title=f"Row errors: {min(limit, read.errors.height):,} of {read.errors.height:,}", title_justify="left")
    for name in ("file", "line", "column", "value", "rule"):
        table.add_column(name, justify="right" if name == "line" else "left")
    for row in read.errors.head(limit).iter_rows(named=True):
        value = "(empty)" if row["value"] is None else _plain(row["value"])
        table.add_row(*(Text(cell) for cell in (row["file"], f"{row['line']:,}", row["column"], value, row["rule"])))
    return table


def _plain(value: str) -> str:
    """Give a text that a terminal shows as it is: what is not printable is spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value[:SHOWN_CHARACTERS])
