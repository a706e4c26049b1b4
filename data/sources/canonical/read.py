"""Read a canonical folder: files named after the tables, CSV or Parquet, into facts and row-level errors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.domain.errors import InvalidTable
from data.facts.facts import Facts
from data.facts.schema import TABLES
from data.sources.canonical.csv_rows import LINE, CsvRows, broken_rows, read_csv
from data.sources.canonical.parquet_rows import read_parquet
from data.sources.canonical.parse import check_header, parse
from data.sources.canonical.screen import Counted, Known, Raw, Screened, nobody, screen
from data.sources.parquet_trial import try_parquet

__all__ = ["Note", "Progress", "Read", "files_of", "read_folder"]

SUFFIXES = (".csv", ".parquet")

Progress = Callable[[str, int, int], None]
"""Called with a file's name, what is done and all of it (bytes of CSV, rows of Parquet)."""


@dataclass(frozen=True, slots=True)
class Note:
    """Count something that is no error but should be known: a BOM, rows folded into equal ones, references to undescribed facilities."""

    table: str
    code: str
    count: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Read:
    """Hold what a folder says: the good rows as ``facts``, ``errors`` (columns of `ROW_ERRORS`), counts of each table and notes.

    ``refused`` holds the refused rows as they came, with `LINE`; ``broken`` what CSV files held besides, rows without columns.
    """

    facts: Facts
    errors: pl.DataFrame
    counts: dict[str, Counted]
    notes: tuple[Note, ...]
    refused: dict[str, pl.DataFrame]
    broken: dict[str, CsvRows]

    @property
    def refused_rows(self) -> int:
        """Count the rows that are not among the facts, folded ones aside."""
        return sum(counted.refused for counted in self.counts.values())


def files_of(folder: Path) -> dict[str, Path]:
    """Give the file of each table in the folder; raises `InvalidTable` when there is none, or two for one table, or a misnamed one."""
    if not folder.is_dir():
        raise InvalidTable(f"{folder} is not a folder; give the folder that holds files such as shipments.csv.")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES:
            continue
        if not path.is_file():
            raise InvalidTable(f"{path} is no file that can be read (a folder, a pipe, or a link to nothing); put the file itself there.")
        if path.stem not in TABLES:
            raise InvalidTable(f"{path.name} is not named after a table; use one of {', '.join(TABLES)}, or move it away.")
        if path.stem in found:
            raise InvalidTable(f"both {found[path.stem].name} and {path.name} hold {path.stem}; keep one of them.")
        found[path.stem] = path
    if not found:
        raise InvalidTable(
            f"{folder} holds no canonical file; it needs files such as orders.csv, shipments.csv and scans.csv (or .parquet)."
        )
    return {name: found[name] for name in TABLES if name in found}


def read_folder(folder: Path, *, known: Known = nobody, progress: Progress | None = None) -> Read:
    """Read every file of the folder, check every row, and sift.

    ``known`` says which missing parents are known elsewhere (the store). Raises `InvalidTable` for a folder or file that cannot be read as facts at
    all; everything about single rows is in ``errors`` instead.
    """
    files = files_of(folder)
    tables, broken, notes = {}, {}, list(_not_read(folder))
    try_parquet([path for path in files.values() if path.suffix.lower() == ".parquet"])
    for name, path in files.items():
        if path.suffix.lower() == ".csv":
            rows = _csv(path, progress)
            broken[name] = rows
            frame = rows.frame
            notes += [Note(name, "bom", 1, f"{path.name} begins with a byte order mark; skipped")] if rows.had_bom else []
        else:
            frame = read_parquet(path)
            if progress:
                progress(path.name, frame.height, frame.height)
        source = frame.drop(LINE)
        check_header(name, source.columns, path.name)
        typed, unread = parse(name, source, path.name, all_text=name in broken)
        tables[name] = Raw(path.name, typed, frame, frame[LINE], unread)
        notes += list(_left_out(name, source, typed))
    screened = screen(tables, known)
    return _read(screened, broken, notes, {name: raw.file for name, raw in tables.items()})


def _not_read(folder: Path) -> Iterator[Note]:
    """Name files that somebody meant as a table, such as scans.csv.gz or promises.xlsx: passing over them in silence would lose them."""
    for path in sorted(folder.iterdir()):
        table = path.name.split(".")[0]
        if table in TABLES and path.suffix.lower() not in SUFFIXES:
            yield Note(table, "file_not_read", 1, f"{path.name} was not read: save it as {table}.csv or {table}.parquet")


def _csv(path: Path, progress: Progress | None) -> CsvRows:
    try:
        return read_csv(path, _named(progress, path.name))
    except OSError as error:
        raise InvalidTable(f"{path} cannot be read ({error.strerror}); check its permissions.") from error


def _named(progress: Progress | None, file: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(file, done, total)


def _left_out(table: str, source: pl.DataFrame, typed: pl.DataFrame) -> Iterator[Note]:
    for name in source.columns:
        if name not in typed.columns:
            yield Note(table, "empty_attribute", 1, f"{name} has no value in any row; left out")


def _read(screened: Screened, broken: dict[str, CsvRows], notes: list[Note], files: dict[str, str]) -> Read:
    counts = {
        name: Counted(c.rows + _lost(broken, name), c.good, c.folded, c.refused + _lost(broken, name))
        for name, c in screened.counts.items()
    }
    notes += [
        Note(name, "folded", c.folded, "rows that repeat an id with the same content; folded") for name, c in counts.items() if c.folded
    ]
    notes += [
        Note(name, "facility_undescribed", count, "references to facilities that the folder does not describe; kept")
        for name, count in screened.unknown_optional.items()
    ]
    torn = [broken_rows(rows, table=name, file=files[name]) for name, rows in broken.items() if rows.broken]
    errors = pl.concat([screened.errors, *torn]).sort("table", "line", maintain_order=True) if torn else screened.errors
    return Read(screened.facts, errors, counts, tuple(notes), screened.refused, broken)


def _lost(broken: dict[str, CsvRows], name: str) -> int:
    return len(broken[name].broken) if name in broken else 0
