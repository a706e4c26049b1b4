"""Gather the commands of ``doorcast`` and turn errors into one clear line."""

import os
import sys
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import typer
from rich.console import Console

from data.domain.errors import DoorcastError

__all__ = ["build", "main"]

LONGEST_LINE = 1_600

HELP = "Forecast each parcel's way to the door: arrival windows, delay risk and a journey map."


COMMANDS = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "train": "train:train",
    "retrain": "retrain:retrain",
    "benchmark": "benchmark:benchmark",
    "replay": "replay:replay",
    "shipments": "shipments:shipments",
    "predict": "predict:predict",
    "estimate": "estimate:estimate",
    "explain": "explain:explain",
    "map": "map:map_shipment",
}
"""Where each command stands: module and function."""
GROUPS = {"data": "data:app", "models": "models:app", "privacy": "privacy:app"}
OF_DATA = {"simulate": "simulate:simulate", "weather": "weather:fetch_weather", "route": "route:route"}
"""Commands of the group ``data`` that stand in files of their own."""


def build(only: str | None = None) -> typer.Typer:
    """Put the commands together; ``only`` the one that is asked for, because reading the code of all of them takes seconds."""
    app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")
    app.callback()(lambda: None)  # one command alone is still asked for by its name
    for name in (only,) if only in COMMANDS or only in GROUPS else (*GROUPS, *COMMANDS):
        if name in GROUPS:
            app.add_typer(group(name), name=name)
        else:
            app.command(name)(standing_at(COMMANDS[name]))
    return app


@cache
def group(name: str) -> typer.Typer:
    found: typer.Typer = standing_at(GROUPS[name])
    for command, place in OF_DATA.items() if name == "data" else ():
        found.command(command)(standing_at(place))
    return found


def standing_at(place: str) -> Any:
    """Give the function or the group of commands that stands at ``module:name``."""
    module, name = place.split(":")
    return getattr(import_module(f"serving.cli.{module}"), name)


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
        build(sys.argv[1] if len(sys.argv) > 1 else None)()
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
