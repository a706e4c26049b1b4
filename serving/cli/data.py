"""Bring facts in from files: ``doorcast data import`` and ``doorcast data check``."""

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.console import Console

from data.domain.errors import InvalidFact

if TYPE_CHECKING:
    from data.sources.canonical.read import Read
    from data.sources.canonical.screen import Known
    from data.sources.datasets.dataset import Defect
    from data.storage.facts import AddReport

__all__ = ["ROWS_REFUSED", "app"]

ROWS_REFUSED = 3
"""Exit code when everything could be read, but some rows were refused. 1 is an error that stopped the work, 2 a wrong command line."""

app = typer.Typer(help="Bring facts in, check them, or simulate them.", no_args_is_help=True)

Folder = Annotated[
    Path, typer.Argument(help="Folder of canonical files (orders.csv, shipments.parquet, scans.csv …), or of a real data set.")
]
DatasetName = Annotated[
    str | None, typer.Option("--dataset", help="Read the folder as this real data set: olist, delhivery, nycflights13 …")
]
Static = Annotated[
    Path | None, typer.Option("--static", help="With --dataset: where sellers, airports and the like are, if not in FOLDER.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
Errors = Annotated[int, typer.Option("--errors", min=0, help="Show at most so many row errors.")]
ErrorFile = Annotated[Path | None, typer.Option("--errors-to", help="Write every row error to this CSV file.")]


@app.command("import")
def import_folder(
    folder: Folder,
    *,
    dataset: DatasetName = None,
    static: Static = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything against files and store, and store nothing.")] = False,
    errors: Errors = 20,
    errors_to: ErrorFile = None,
    as_json: Json = False,
) -> None:
    """Import a folder into the store. Importing it twice changes nothing.

    Every row is checked. Good rows are stored; refused ones go to the quarantine of the store, as they came, with file, line, column and rule.
    Exit codes: 0 all rows are in, 3 some rows were refused, 1 nothing was stored because a file cannot be read.
    """
    from data.sources.bring_in import bring_in, known_in
    from data.storage.store import open_store
    from serving.settings import Settings

    settings = Settings()
    settings.state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    started = time.perf_counter()
    with open_store(settings.store_url) as store, _Bars(hidden=as_json) as bars:
        read, defects = _read(folder, dataset, static, known_in(store), bars)
        source = dataset or folder.resolve().name
        report = None if dry_run else bring_in(store, read, source=source, progress=bars.step)
    _tell(read, defects, report, errors=errors, errors_to=errors_to, as_json=as_json, seconds=time.perf_counter() - started)


@app.command("check")
def check_folder(
    folder: Folder,
    *,
    dataset: DatasetName = None,
    static: Static = None,
    errors: Errors = 20,
    errors_to: ErrorFile = None,
    as_json: Json = False,
) -> None:
    """Check a folder by itself, without a store: every row must find its parents in the folder.

    Exit codes: 0 all rows are good, 3 some rows would be refused, 1 a file cannot be read.
    """
    from data.sources.canonical.screen import nobody

    started = time.perf_counter()
    with _Bars(hidden=as_json) as bars:
        read, defects = _read(folder, dataset, static, nobody, bars)
    _tell(read, defects, None, errors=errors, errors_to=errors_to, as_json=as_json, seconds=time.perf_counter() - started)


@app.command("columns")
def list_columns(
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table of data/sources/README.md.")] = False,
    as_json: Json = False,
) -> None:
    """List the tables and columns of a canonical folder."""
    from data.sources.canonical.columns_table import columns_table, describe

    if as_json:
        _print_json([asdict(column) for column in describe()])
    elif markdown:
        sys.stdout.write(columns_table() + "\n")
    else:
        from rich.table import Table

        table = Table(*("table", "column", "holds", "needed", "meaning"))
        for d in describe():
            table.add_row(d.table, d.column, d.holds, "yes" if d.required else "", d.meaning)
        Console().print(table)


class _Bars:
    """Show one bar for each file or table that is worked on, on standard error."""

    def __init__(self, *, hidden: bool) -> None:
        from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), disable=hidden)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, name: str, done: int, total: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)


def _read(folder: Path, dataset: str | None, static: Path | None, known: "Known", bars: _Bars) -> "tuple[Read, tuple[Defect, ...]]":
    from data.sources.bring_in import read_facts
    from data.sources.canonical.read import read_folder
    from data.sources.datasets.catalogue import open_dataset

    if dataset is None:
        return read_folder(folder, known=known, progress=bars.step), ()
    opened = open_dataset(dataset, folder, static=static)
    return read_facts(opened.facts, name=dataset, known=known), opened.defects


def _tell(
    read: "Read",
    defects: "tuple[Defect, ...]",
    report: "AddReport | None",
    *,
    errors: int,
    errors_to: Path | None,
    as_json: bool,
    seconds: float,
) -> None:
    """Print the summary, write the error file, and leave with the exit code."""
    from serving.cli.import_summary import as_object, print_summary, refused

    if errors_to is not None:
        try:
            read.errors.write_csv(errors_to)
        except OSError as error:
            raise InvalidFact(f"{errors_to} cannot be written ({error.strerror or error}); give another file.") from error
    code = ROWS_REFUSED if refused(read, report) else 0
    if as_json:
        _print_json(as_object(read, defects, report, errors=errors, seconds=seconds, exit_code=code))
    else:
        print_summary(Console(), read, defects, report, errors=errors, seconds=seconds)
    raise typer.Exit(code)


def _print_json(value: object) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
