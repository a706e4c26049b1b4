"""Simulate a parcel network: ``doorcast data simulate``."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from data.domain.errors import InvalidFact, InvalidTable
from data.domain.scans import check_instant
from data.sources.canonical.write import FORMATS, write_folder

__all__ = ["simulate"]


def start_of(text: str | None, days: int) -> datetime:
    """Read the first day; without one the simulation ends today at midnight UTC."""
    if text is None:
        return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    try:
        found = datetime.fromisoformat(text)
        return check_instant("--start", found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except InvalidFact:
        raise
    except ValueError as error:
        raise InvalidFact(f"--start {text!r} is not a date; write it like 2026-09-01 or 2026-09-01T06:00:00Z.") from error


def simulate(  # noqa: PLR0917 - typer calls it by name
    out: Annotated[Path, typer.Option("--out", help="Folder to write: canonical tables, and the truth in truth/ beside them.")],
    orders: Annotated[int, typer.Option("--orders", help="How many orders customers make.", min=1, max=20_000_000)] = 20_000,
    days: Annotated[int, typer.Option("--days", help="How many days they are spread over.", min=1, max=2000)] = 60,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same world, to the last bit.", min=0, max=2**31 - 1)] = 1,
    start: Annotated[
        str | None, typer.Option("--start", help="First day (UTC), such as 2026-09-01; without it the days end last midnight.")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Simulate a parcel network and write its facts as a canonical folder, ready for [bold]doorcast data import[/bold].

    40 real US facilities and real postal codes, three carriers, hubs with queues, storms and their forecasts, and scans as carriers
    make them: missing, late, repeated, with wrong clocks. What truly happened goes to truth/, which no model reads.
    """
    from data.simulator.simulate import simulate as run
    from data.simulator.truth import write_truth

    if out.exists() and not out.is_dir():
        raise InvalidFact(f"--out {out} is a file; name a folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidFact(f"--out {out} cannot be made ({error.strerror}); name a folder that you may write to.") from error
    if file_format not in FORMATS:
        raise InvalidTable(f"--format {file_format!r} is unknown; use one of {', '.join(FORMATS)}.")
    first = start_of(start, days)
    began = perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        bar = shown.add_task("network", total=None)
        simulated = run(
            seed=seed,
            orders=orders,
            start=first,
            days=days,
            progress=lambda step, done, steps: shown.update(bar, description=step, completed=done, total=steps),
        )
        simulated_seconds = perf_counter() - began
        shown.update(bar, description="writing", total=None)
        files = write_folder(simulated.facts, out, format=file_format)
        files += write_truth(simulated.truth, out / "truth")
    summary = {
        "folder": str(out),
        "seed": seed,
        "start": first.isoformat(),
        "until": (first + timedelta(days=days)).isoformat(),
        "rows": {name: frame.height for name, frame in simulated.facts.tables()},
        "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
        "seconds": {"simulate": round(simulated_seconds, 2), "all": round(perf_counter() - began, 2)},
    }
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(summary, option=orjson.OPT_INDENT_2) + b"\n")
        return
    rows = simulated.facts
    typer.echo(
        f"{rows.orders.height:,} orders, {rows.shipments.height:,} shipments and {rows.scans.height:,} scans in "
        f"{summary['seconds']['all']} s ({summary['megabytes']} MB). Next: doorcast data import {out}"  # type: ignore[index]
    )
