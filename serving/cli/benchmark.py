"""Run ``doorcast benchmark``: train on real orders, score later ones, print one JSON object."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from data.domain.errors import InvalidFact
from data.sources.datasets.catalogue import DATASETS
from serving.cli.benchmark_simulated import print_simulated, simulated_report

__all__ = ["benchmark"]


def benchmark(  # noqa: PLR0917 - typer calls it by name
    dataset: Annotated[str, typer.Argument(help=f"Name of the data set: {', '.join(DATASETS)}; or simulated, which needs no folder.")],
    train: Annotated[Path | None, typer.Option(help="Folder to train on, as its publisher laid it out.")] = None,
    test: Annotated[Path | None, typer.Option(help="Folder to score; without it the newest 20 % of the first is held out.")] = None,
    protocol: Annotated[
        str, typer.Option(help="frozen: history stops at the cut. online: outcomes enter as they become known.")
    ] = "frozen",
    refit_days: Annotated[int | None, typer.Option(help="With online: fit a new model every so many days.", min=1)] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Without --test: judge shipments first seen from this day (UTC) on.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --since: judge shipments first seen before this day (UTC).")
    ] = None,
    orders: Annotated[int, typer.Option(help="Simulated: how many orders the network takes.", min=1)] = 12_000,
    days: Annotated[int, typer.Option(help="Simulated: in how many days; the last fifth is judged.", min=20)] = 70,
    seed: Annotated[int, typer.Option(help="Simulated: which world.", min=0)] = 7,
    draws: Annotated[int, typer.Option(help="Simulated: how many futures the oracle sees of every moment.", min=20)] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as one JSON object.")] = False,
) -> None:
    """Train on real orders with the product's own pipeline and score later ones.

    Static tables (sellers, facilities, weather) may be in the training folder only. The cut is the earliest scored moment: nothing
    known after it enters a frozen model. Progress goes to standard error.
    """
    from training.benchmark.run import run_benchmark

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as shown:
        bar = shown.add_task("reading", total=None)

        def tell(what: str, done: int, everything: int) -> None:
            shown.update(bar, description=what, completed=done, total=max(everything, 1))
            if not console.is_terminal:
                console.print(f"{what} {done}/{everything}", highlight=False)

        if dataset == "simulated":
            report = simulated_report(orders=orders, days=days, seed=seed, draws=draws, progress=tell)
        elif train is None:
            raise InvalidFact(f"{dataset} needs a folder to train on; give one with --train.")
        else:
            report = run_benchmark(
                dataset, train, test, protocol=protocol, refit_days=refit_days, since=utc(since), until=utc(until), progress=tell
            )
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    elif dataset == "simulated":
        print_simulated(report)
    else:
        print_tables(report)


def utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)


def print_tables(report: dict[str, Any]) -> None:
    """Show the main figures and those of the baselines, moment by moment."""
    unit = report["unit"]
    table = Table(title=f"{report['dataset']}, {report['protocol']}: {report['choice']['kind']} trained on {report['n_train']} moments")
    for name in ("moment", "answer", "n", f"MAE ({unit})", "bias", "80 % window covers", "late AUC"):
        table.add_column(name, justify="left" if name in {"moment", "answer"} else "right")
    for moment, scores in report["moments"].items():
        risk = report["late"].get(moment, {}).get("auc")
        window = scores["intervals"]["0.8"]["coverage"]
        told = "" if risk is None else f"{risk:.3f}"
        table.add_row(moment, "Doorcast", str(scores["n"]), f"{scores['mae']:.2f}", f"{scores['bias']:+.2f}", f"{window:.1%}", told)
        for name, cells in report["baselines"].items():
            if moment in cells:
                table.add_row("", name, "", f"{cells[moment]['mae']:.2f}", f"{cells[moment]['bias']:+.2f}", "", "")
    Console().print(table)
