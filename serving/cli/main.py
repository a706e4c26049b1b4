"""Gather the commands of ``doorcast`` and turn errors into one clear line."""

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import NoReturn

import typer
from rich.console import Console

from data.domain.errors import DoorcastError

__all__ = ["build", "main"]

LONGEST_LINE = 1_600

HELP = "Forecast each parcel's way to the door: arrival windows, delay risk and a journey map."


def build() -> typer.Typer:
    """Put the command groups together."""
    from serving.cli import (
        benchmark,
        data,
        demo,
        estimate,
        explain,
        map,  # noqa: A004 - the command is called map
        models,
        predict,
        privacy,
        replay,
        retrain,
        route,
        serve,
        shipments,
        simulate,
        train,
        weather,
    )

    app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")
    data.app.command("simulate")(simulate.simulate)
    data.app.command("weather")(weather.fetch_weather)
    data.app.command("route")(route.route)
    app.add_typer(data.app, name="data")
    app.add_typer(models.app, name="models")
    app.add_typer(privacy.app, name="privacy")
    commands: dict[str, Callable[..., None]] = {
        "demo": demo.demo,
        "serve": serve.serve,
        "train": train.train,
        "retrain": retrain.retrain,
        "benchmark": benchmark.benchmark,
        "replay": replay.replay,
        "shipments": shipments.shipments,
        "predict": predict.predict,
        "estimate": estimate.estimate,
        "explain": explain.explain,
        "map": map.map_shipment,
    }
    for name, command in commands.items():
        app.command(name)(command)
    return app


def main() -> None:
    """Run the command line; what went wrong becomes one line on standard error and exit code 1.

    That holds for every `DoorcastError`, and for every error of the system such as a full disk or a folder without permission.
    """
    # Idle OpenMP threads that spin make two cores ten times slower (measured); must be set before LightGBM loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name of a file may hold bytes that are no text; they are shown as escapes
            stream.reconfigure(errors="backslashreplace")
    try:
        build()()
    except DoorcastError as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        fail(f"{said_by_system(error)}; check that the file or folder exists, that you may use it and that there is room.")
    except MemoryError:
        fail("the memory of this machine does not suffice; work on fewer rows at once, or on a larger machine.")


def fail(message: str) -> NoReturn:
    """Print one line and leave with exit code 1. What is not printable is escaped, and a long value is cut in its middle."""
    line = "".join(c if c.isprintable() else " " if c == "\n" else c.encode("unicode_escape").decode() for c in message.strip())
    if len(line) > LONGEST_LINE:
        line = f"{line[: LONGEST_LINE // 2]} … {line[-LONGEST_LINE // 2 :]}"
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"error: {line}", style="bold red", markup=False)
    sys.exit(1)


def said_by_system(error: OSError) -> str:
    """Name the file and what the system says of it."""
    return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part is not None)
