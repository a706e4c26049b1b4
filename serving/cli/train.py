"""Train a model from what the store knows: ``doorcast train``."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from data.domain.errors import InvalidFact
from data.domain.scans import check_instant
from data.storage.store import open_store
from serving.cli.models import open_registry, print_json
from serving.settings import Settings

if TYPE_CHECKING:
    from data.facts.facts import Facts
    from training.pipeline import Trained

__all__ = ["Cut", "DeliveredOnly", "Seed", "instant_of", "print_scores", "scores_of", "shown_steps", "stored_facts", "train"]

Cut = Annotated[
    str | None,
    typer.Option(
        "--cut", help="Know nothing after this instant, such as 2026-11-01 or 2026-11-01T12:00:00Z (UTC when no offset is given)."
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, max=2**31 - 1, help="Seed of every draw: the same facts, cut and seed give the same model.")
]
DeliveredOnly = Annotated[
    bool,
    typer.Option(
        "--allow-delivered-only",
        help="Learn although every shipment seems to be delivered. Right only where none is open: leaving open ones out makes forecasts too early.",
    ),
]
Json = dict[str, Any]


def instant_of(text: str | None) -> datetime | None:
    """Read an instant from the command line; raises `InvalidFact` with an example."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return check_instant("--cut", found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except InvalidFact:
        raise
    except (ValueError, OverflowError) as error:
        raise InvalidFact(f"--cut {text!r} is not an instant; write it like 2026-11-01 or 2026-11-01T12:00:00Z.") from error


@contextmanager
def shown_steps(*, quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Show the steps of a training on standard error, where somebody looks at it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("start", total=None)
        yield lambda step, done, of: bar.update(task, description=step, completed=done, total=of)


def stored_facts(settings: Settings) -> "Facts":
    """Read everything the store knows."""
    with open_store(settings.store_url) as store:
        return store.facts.read()


def scores_of(trained: "Trained") -> Json:
    """Give the few numbers that a machine wants first: hours and shares."""
    scores = trained.evaluation.scores
    return {
        "unit": scores["unit"],
        "time": scores["time"]["all"],
        "late": scores["late"]["all"],
        "baselines": {name: cell["time"] for name, cell in scores["baselines"].items()},
        "counts": trained.card["provenance"]["counts"],
        "cut": trained.card["provenance"]["cut"],
        "warnings": list(trained.warnings),
    }


def print_scores(trained: "Trained") -> None:
    """Print the scores in words."""
    for sentence in trained.card["words"].values():
        typer.echo(f"- {sentence}")
    for name, cell in trained.evaluation.scores["baselines"].items():
        typer.echo(f"- {name.replace('_', ' ')}: off by {cell['time']['mae']:.1f} hours on average ({cell['time']['n']:,} moments)")
    for warning in trained.warnings:
        typer.echo(f"! {warning}", err=True)


def train(
    *,
    cut: Cut = None,
    promote: Annotated[
        bool, typer.Option("--promote", help="Let the new model serve at once, without comparing it with the serving one.")
    ] = False,
    seed: Seed = 1,
    allow_delivered_only: DeliveredOnly = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")] = False,
) -> None:
    """Train a model from the shipments and scans of the store, judge it on the newest weeks and save it, signed.

    The first model serves at once. Later ones serve after --promote, `doorcast models promote` or `doorcast retrain`, which compares first.
    Open and lost shipments belong into the store: where they seem to be left out, training is refused.
    """
    from training.pipeline import save
    from training.pipeline import train as run

    started = perf_counter()
    settings, until = Settings(), instant_of(cut)
    registry = open_registry(settings)
    with shown_steps(quiet=as_json) as progress:
        trained = run(stored_facts(settings), cut=until, progress=progress, seed=seed, allow_delivered_only=allow_delivered_only)
        version = save(trained, registry, reason="trained by hand")
    reason = "first: no model served before." if registry.serving() is None else "promoted by hand (doorcast train --promote)"
    serves = promote or registry.serving() is None
    if serves:
        registry.promote(version, reason=reason)
    if as_json:
        print_json({"version": version, "serving": serves, "seconds": perf_counter() - started, **scores_of(trained)})
        return
    print_scores(trained)
    typer.echo(f"Saved as {version} after {perf_counter() - started:.0f} s" + (", serving now." if serves else "."))
    if not serves:
        typer.echo(f"It does not serve yet: `doorcast models promote {version}`.")
