"""Turn the text of a table into typed columns, strictly, and tell of every value that is not what its column holds."""

import polars as pl

from data.domain.errors import InvalidTable
from data.facts.checks import BREACHES, SHOWN_CHARACTERS
from data.facts.schema import ATTRIBUTE_PREFIX, INSTANT, TABLES, WITH_ATTRIBUTES, Column

__all__ = ["check_header", "parse"]

NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
NOT_A_NUMBER = r"^(?i)[+-]?(nan|inf|infinity)$"
WHOLE = r"^[+-]?\d{1,18}$"
TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:[0-5]\d(\.\d{1,6})?)?([Zz]|[+-]\d{2}:?\d{2})$"
ATTRIBUTE = r"^attr_[A-Za-z0-9_]{1,60}$"
FLAGS = {"true": True, "false": False}


def check_header(table: str, names: list[str], file: str) -> None:
    """Raise `InvalidTable` unless the columns are those of the table and well-named attributes, with every required one."""
    known = TABLES[table]
    allowed = [n for n in names if n in known.schema or (table in WITH_ATTRIBUTES and pl.Series([n]).str.contains(ATTRIBUTE).item())]
    if missing := [c.name for c in known.columns if not c.nullable and c.name not in names]:
        raise InvalidTable(f"{file}: the required columns {missing} are missing; it has {_shown(names)}.")
    if extra := [name for name in names if name not in allowed]:
        own = (
            "name your own columns attr_ and letters, digits or _"
            if table in WITH_ATTRIBUTES
            else "your own columns go into orders or shipments"
        )
        raise InvalidTable(f"{file}: the columns {_shown(extra)} are not columns of {table}; {own}, or leave them out.")


def parse(table: str, frame: pl.DataFrame, file: str, *, all_text: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the frame with the types of its table, and the breaches of values that could not be read (null in the frame).

    Columns come all as text (CSV) or typed (Parquet). Missing nullable columns stay missing; attributes without any value are left out.
    Raises `InvalidTable` for a column of a type that cannot hold its values.
    """
    typed, breaches = [], [pl.DataFrame(schema=BREACHES)]
    for column in TABLES[table].columns:
        if column.name in frame.columns:
            values, rule = _read(frame[column.name], column, file)
            typed.append(values)
            breaches.append(_unread(frame[column.name], values, rule))
    for name in frame.columns:
        if name.startswith(ATTRIBUTE_PREFIX) and (attribute := _attribute(frame[name], file, all_text=all_text)) is not None:
            typed.append(attribute)
            breaches.append(_unread(frame[name], attribute, "number"))
    return pl.DataFrame(typed), pl.concat(breaches)


def _read(values: pl.Series, column: Column, file: str) -> tuple[pl.Series, str]:
    """Give typed values and the rule that unreadable ones break."""
    text = values.dtype == pl.String()
    if values.dtype == pl.Null():
        return values.cast(column.dtype), "required"
    if column.dtype == INSTANT:
        return (_instants(values) if text else _typed_instants(values, file)), "instant"
    if column.dtype == pl.Float64():
        return (_numbers(values) if text else _plain(values, column, file, fits=values.dtype.is_numeric())), "number"
    if column.dtype == pl.Int64():
        return (_whole(values) if text else _plain(values, column, file, fits=values.dtype.is_integer())), "whole"
    if column.dtype == pl.Boolean():
        return (values.replace_strict(FLAGS, default=None, return_dtype=pl.Boolean()) if text else _plain(values, column, file)), "flag"
    return (values if text else _plain(values, column, file, fits=isinstance(values.dtype, pl.Categorical | pl.Enum))), "characters"


def _unread(raw: pl.Series, values: pl.Series, rule: str) -> pl.DataFrame:
    lost = raw.is_not_null() & values.is_null()
    if not lost.any():
        return pl.DataFrame(schema=BREACHES)
    rows = lost.arg_true()
    shown = raw.gather(rows).cast(pl.String()).str.slice(0, SHOWN_CHARACTERS)
    return pl.DataFrame({"row": rows.cast(pl.Int64()), "value": shown}).select(
        "row", pl.lit(values.name).alias("column"), "value", pl.lit(rule).alias("rule")
    )


def _instants(text: pl.Series) -> pl.Series:
    """Read ISO 8601 with an explicit offset, to the microsecond. Seconds may be left out; :60 is no second here."""
    shaped = text.set(~text.str.contains(TIME).fill_null(value=True), None).str.to_uppercase().str.replace(" ", "T", literal=True)
    seconds = (
        shaped.str.replace(r"^(.{16})([Z+-])", "${1}:00${2}")
        .str.replace(r"Z$", "+00:00")
        .str.replace(r"([+-]\d{2}):?(\d{2})$", "${1}:${2}")
    )
    return seconds.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", strict=False).cast(INSTANT)


def _typed_instants(values: pl.Series, file: str) -> pl.Series:
    if not isinstance(values.dtype, pl.Datetime):
        raise InvalidTable(
            f"{file}: column {values.name} is of type {values.dtype}; it must hold times with a zone, or text with an offset."
        )
    if values.dtype.time_zone is None:
        raise InvalidTable(f"{file}: the times of column {values.name} have no zone; write them with one, such as UTC.")
    return values.dt.convert_time_zone("UTC").cast(INSTANT)


def _numbers(text: pl.Series) -> pl.Series:
    shaped = text.set(~text.str.contains(NUMBER).fill_null(value=True), None)
    numbers = shaped.cast(pl.Float64(), strict=False)
    return numbers.set(~numbers.is_finite().fill_null(value=True), None)


def _whole(text: pl.Series) -> pl.Series:
    return text.set(~text.str.contains(WHOLE).fill_null(value=True), None).cast(pl.Int64(), strict=False)


def _plain(values: pl.Series, column: Column, file: str, *, fits: bool = False) -> pl.Series:
    if not fits and values.dtype != column.dtype:
        hint = "numbers lose the zeros in front of an id; " if values.dtype.is_numeric() else ""
        raise InvalidTable(f"{file}: column {column.name} is of type {values.dtype}; {hint}write it as {column.dtype}.")
    converted = values.cast(column.dtype, strict=False)
    if column.dtype == pl.Float64():
        return converted.set(~converted.is_finite().fill_null(value=True), None)
    return converted


def _attribute(values: pl.Series, file: str, *, all_text: bool) -> pl.Series | None:
    """Give a declared attribute.

    Text of a CSV file is numbers when every value is one (NaN and infinity are then told of), else categories; Parquet says by its
    type which of both it is.
    """
    if values.null_count() == len(values):
        return None
    if values.dtype.is_numeric():
        return _plain(values, Column(values.name, pl.Float64()), file, fits=True)
    if values.dtype == pl.Boolean() or isinstance(values.dtype, pl.Categorical | pl.Enum):
        return values.cast(pl.String())
    if values.dtype != pl.String():
        raise InvalidTable(f"{file}: attribute {values.name} is of type {values.dtype}; attributes are numbers or text.")
    if not all_text:
        return values
    numbers = _numbers(values)
    others = values.filter(numbers.is_null() & values.is_not_null())
    return numbers if numbers.count() and others.str.contains(NOT_A_NUMBER).all() else values


def _shown(names: list[str]) -> str:
    return ", ".join(repr(name.encode("utf-8", "backslashreplace").decode()[:60]) for name in names[:20])
