"""Gather the commands of ``doorcast`` and turn errors into one clear line."""

import os
import sys
from collections.abc import Callable

import typer
from rich.console import Console

from data.domain.errors import DoorcastError

__all__ = ["build", "main"]

HELP = "Forecast each parcel's way to the door: arrival windows, delay risk and a journey map."


def build() -> typer.Typer:
    """Put the command groups together."""
    from serving.cli import benchmark, data, demo, map, models, predict, retrain, serve, shipments, simulate, train  # noqa: A004 - the command is called map

    app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")
    data.app.command("simulate")(simulate.simulate)
    app.add_typer(data.app, name="data")
    app.add_typer(models.app, name="models")
    commands: dict[str, Callable[..., None]] = {
        "demo": demo.demo,
        "serve": serve.serve,
        "train": train.train,
        "retrain": retrain.retrain,
        "benchmark": benchmark.benchmark,
        "shipments": shipments.shipments,
        "predict": predict.predict,
        "map": map.map_shipment,
    }
    for name, command in commands.items():
        app.command(name)(command)
    return app


def main() -> None:
    """Run the command line; every `DoorcastError` becomes one line on standard error and exit code 1."""
    # Idle OpenMP threads that spin make two cores ten times slower (measured); must be set before LightGBM loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        build()()
    except DoorcastError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"error: {error}", style="bold red", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
