"""Read a CSV file as text, with the line on which each row begins and without losing a broken row.

Python's own reader, not a faster one: it alone tells exact lines when fields hold line breaks, and lets every broken row stand for itself (1 M
scans take about 4 s). Nothing is guessed: every value stays the text that stands in the file.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

import polars as pl

from data.domain.errors import InvalidTable
from data.facts.checks import SHOWN_CHARACTERS
from data.sources.canonical.row_errors import ROW_ERRORS

__all__ = ["LINE", "CsvRows", "broken_rows", "read_csv"]

LINE = "\x00line"
"""Name of the column of lines; no header can hold it."""
ROWS_AT_ONCE = 50_000
BOM = b"\xef\xbb\xbf"

Row = tuple[int, list[str] | None, str | None]
"""First line, fields (``None`` when unreadable), and the rule that the row breaks as text."""


@dataclass(slots=True)
class CsvRows:
    """Hold the readable rows as text columns with `LINE`, the broken ones with their fields, and what was met on the way."""

    frame: pl.DataFrame
    broken: list[tuple[int, str, list[str]]] = field(default_factory=list)
    """Line, rule and fields of each row that has no columns."""
    had_bom: bool = False


def read_csv(path: Path, progress: Callable[[int, int], None] | None = None) -> CsvRows:
    """Read the file; empty fields are null. ``progress`` is called with bytes done and all bytes.

    Raises `InvalidTable` for a file without a header or with a repeated column.
    """
    size = path.stat().st_size
    with path.open("rb") as binary:
        had_bom = binary.read(3) == BOM
    # Bytes that are not UTF-8 become lone surrogates here and are told of row by row.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        rows = _rows(text)
        header = _header(path, rows)
        parts, result = [], CsvRows(pl.DataFrame(), had_bom=had_bom)
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            parts.append(_columns(chunk, header, result.broken))
            if progress:
                progress(_position(text), size)
    empty = pl.DataFrame(schema={LINE: pl.Int64(), **dict.fromkeys(header, pl.String())})
    result.frame = pl.concat([empty, *parts])
    return result


def _header(path: Path, rows: Iterator[Row]) -> list[str]:
    first = next(rows, None)
    if first is None:
        raise InvalidTable(f"{path} is empty; its first line must name the columns.")
    _, header, rule = first
    if header is None or rule is not None:
        raise InvalidTable(f"{path}: the first line is no header of a CSV file in UTF-8; is this another kind of file?")
    if LINE in header:
        raise InvalidTable(f"{path}: the header holds control characters; is this another kind of file?")
    if repeated := sorted({name for name in header if header.count(name) > 1}):
        raise InvalidTable(f"{path}: the header names {_shown(repeated)} twice; keep one of them.")
    return header


def _rows(text: TextIO) -> Iterator[Row]:
    """Give every row that is not blank."""
    reader = csv.reader(text, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None, "quoting"
            continue
        if fields:
            joined = "".join(fields)
            yield line, fields, None if joined.isascii() or _is_text(joined) else "encoding"


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _columns(chunk: list[Row], header: list[str], broken: list[tuple[int, str, list[str]]]) -> pl.DataFrame:
    width = len(header)
    lines, kept = [], []
    for line, fields, rule in chunk:
        if fields is None or rule is not None or len(fields) != width:
            broken.append((line, rule or "shape", [_spelled_out(value) for value in fields or ()]))
        else:
            lines.append(line)
            kept.append(fields)
    columns = zip(*kept, strict=True) if kept else [()] * width
    named = {name: pl.Series(values, dtype=pl.String()) for name, values in zip(header, columns, strict=True)}
    frame = pl.DataFrame({LINE: pl.Series(lines, dtype=pl.Int64()), **named})
    return frame.with_columns(pl.when(pl.col(header) != "").then(pl.col(header)).name.keep())


def _spelled_out(value: str) -> str:
    """Give a text that can be stored: bytes that were no UTF-8 become their escapes."""
    return value.encode("utf-8", "backslashreplace").decode()


def _shown(names: list[str]) -> str:
    return ", ".join(repr(_spelled_out(name)[:60]) for name in names[:20])


def _position(text: TextIO) -> int:
    buffer: BinaryIO = text.buffer
    return buffer.tell()


def broken_rows(rows: CsvRows, *, table: str, file: str) -> pl.DataFrame:
    """Give the errors of the rows that could not be split into columns."""
    records = [(table, file, line, "", ",".join(fields)[:SHOWN_CHARACTERS], rule) for line, rule, fields in rows.broken]
    return pl.DataFrame(records, schema=ROW_ERRORS, orient="row")
