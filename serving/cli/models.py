"""Look after model versions: ``doorcast models list|show|verify|promote|rollback|history``."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.domain.errors import InvalidFact
from serving.settings import Settings
from serving.wiring import signing_key

if TYPE_CHECKING:
    from training.registry import Registry

__all__ = ["app", "open_registry", "print_json"]

app = typer.Typer(help="List, check, promote and roll back model versions.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value for machines.")]
Version = Annotated[str | None, typer.Argument(help="The version; the serving one when left out.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; written into the ledger.")]


def open_registry(settings: Settings) -> "Registry":
    """Open the registry of the settings; imported late, because models need heavy libraries."""
    from training.registry import Registry

    return Registry(settings.registry_folder, key=signing_key(settings))


def print_json(value: Any) -> None:
    """Print one JSON value on standard output."""
    typer.echo(json.dumps(value, indent=2, allow_nan=False))


def print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    # Text objects, because a reason may hold square brackets, which rich would read as markup.
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


@app.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """List all saved versions, oldest first; the serving one is marked, a damaged one says why it is refused."""
    saved = open_registry(Settings()).list()
    if as_json:
        print_json([{**asdict(one), "manifest": one.manifest.to_dict() if one.manifest else None} for one in saved])
        return
    if not saved:
        typer.echo("No model has been saved yet; run `doorcast train`.")
        return
    rows = [
        (
            "serving" if one.serving else "",
            one.version,
            (one.manifest.cut or "")[:16] if one.manifest else "",
            f"{one.manifest.counts.get('shipments', 0):,}" if one.manifest else "",
            one.refused or "genuine",
        )
        for one in saved
    ]
    print_table("Model versions", ("", "version", "learnt until (UTC)", "shipments", "state"), rows)


@app.command()
def show(
    version: Version = None,
    *,
    page: Annotated[Path | None, typer.Option("--page", help="Write the model card as an HTML page into this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the card of a version: what it learnt from, how well it forecasts, where not to trust it."""
    registry = open_registry(Settings())
    manifest, card = registry.show(version)
    if page is not None:
        content = registry.picture(version, "card.html")
        try:
            page.write_bytes(content)
        except OSError as error:
            raise InvalidFact(f"--page {page} cannot be written ({error.strerror}); name a file in a folder you may write to.") from error
    if as_json:
        print_json({"manifest": manifest.to_dict(), "card": card})
        return
    print_table(f"Model {manifest.version}", ("", ""), [("learnt until", manifest.cut or ""), *counted(manifest.counts), *scored(card)])
    for sentence in card.get("words", {}).values():
        typer.echo(f"- {sentence}")
    for warning in card.get("warnings", []):
        typer.echo(f"! {warning}")
    if page is not None:
        typer.echo(f"The whole card, with pictures: {page}")


def counted(counts: dict[str, int]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), f"{count:,}") for name, count in counts.items()]


def scored(card: dict[str, Any]) -> list[tuple[str, str]]:
    """Give mean errors of the model and its baselines as table rows."""
    evaluation = card.get("evaluation")
    if not evaluation:
        return []
    errors = {"this model": evaluation["time"]["all"], **{name: cell["time"] for name, cell in evaluation["baselines"].items()}}
    return [(f"mean error, {name.replace('_', ' ')}", f"{cell['mae']:.1f} h") for name, cell in errors.items() if cell["n"]]


@app.command()
def verify(version: Version = None, *, as_json: AsJson = False) -> None:
    """Check every byte of a version, then load it in a child process and let it answer its stored question."""
    found = open_registry(Settings()).verify(version)
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(f"{found.version} is genuine and answers as it did when it was saved ({found.files} files, {found.length:,} bytes).")
    for library in found.other_libraries:
        typer.echo(f"! runs with another version: {library}")


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="The version that shall serve.")],
    *,
    reason: Reason = "promoted by hand",
    as_json: AsJson = False,
) -> None:
    """Let a version serve, after a full check. A running server swaps to it by itself."""
    open_registry(Settings()).promote(version, reason=reason)
    print_json({"serving": version}) if as_json else typer.echo(f"{version} serves now.")


@app.command()
def rollback(*, reason: Reason = "rolled back by hand", as_json: AsJson = False) -> None:
    """Let the version serve again that served before the last promotion."""
    version = open_registry(Settings()).rollback(reason=reason)
    print_json({"serving": version}) if as_json else typer.echo(f"{version} serves again.")


@app.command()
def history(*, as_json: AsJson = False) -> None:
    """Show every decision about models, oldest first, with the reason written down."""
    entries = open_registry(Settings()).history()
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    print_table(
        "Decisions",
        ("at (UTC)", "event", "version", "reason"),
        [(entry.at[:19], entry.event, entry.version, entry.reason) for entry in entries],
    )
